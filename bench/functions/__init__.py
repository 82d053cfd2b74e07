"""How fast the elementary functions are, beside other libraries: `make bench-functions`."""
