"""`python -m bitfast`."""

from bitfast.cli import main

main()
