"""What an answer is: everything that one run of a program hands to the world."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

EXIT_STATUS = "exit status"
"""The output that says how the program ended: "exit 0", "killed by SIGFPE"."""


@dataclass(frozen=True)
class Answer:
    """`outputs` maps "stdout", "stderr", "exit status" and the names of written files to files that hold their
    bytes."""

    outputs: Mapping[str, Path]
