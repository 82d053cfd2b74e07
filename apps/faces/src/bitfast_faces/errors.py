"""What a terminal is told: the one exception that a user sees, and text from elsewhere without its control codes."""

from __future__ import annotations


class FacesError(Exception):
    """Something that the user can mend. `str()` is its three parts, a line each; commands print it and exit with 2."""

    def __init__(self, tried: str, happened: str, advice: str) -> None:
        super().__init__(f"{tried}\n{happened}\n{advice}")
        self.tried = tried
        self.happened = happened
        self.advice = advice


def printable(text: str) -> str:
    """Text from elsewhere, as a file's name, for one line of a terminal: "?" stands for what is no character to show.

    That are control codes, which could rewrite the screen, and bytes that are no UTF-8, which could not be printed.
    """
    return "".join(letter if letter.isprintable() else "?" for letter in text)
