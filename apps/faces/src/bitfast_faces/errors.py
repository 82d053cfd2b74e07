"""The one exception that a user sees: what was tried, what happened, what to do next."""

from __future__ import annotations


class FacesError(Exception):
    """Something that the user can mend. `str()` is its three parts, a line each; commands print it and exit with 2."""

    def __init__(self, tried: str, happened: str, advice: str) -> None:
        super().__init__(f"{tried}\n{happened}\n{advice}")
        self.tried = tried
        self.happened = happened
        self.advice = advice
