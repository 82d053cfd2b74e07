"""Reads one table of a configuration: every key checked, an unknown one named with what may be meant."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from typing import Any, NoReturn

from bitfast_faces.errors import FacesError

_MISSING: Any = object()
_NAME = re.compile(r"[\w.-]{1,64}")


class Table:
    """A table at `path`. Each reader takes a key; `done` refuses the keys that nobody took. All raise FacesError."""

    def __init__(self, record: Any, path: str, tried: str) -> None:
        self.path, self.tried = path, tried
        if not isinstance(record, Mapping):
            self._refuse(path, "is not a table", f"Write [{path}] above its keys.")
        self._record = dict(record)
        self._known: list[str] = []

    def text(self, key: str, default: Any = _MISSING) -> str:
        value = self._take(key, default)
        if not isinstance(value, str) or (default is _MISSING and not value.strip()):
            self.wrong(key, "is not a text", f'Write {key} = "…".')
        return value

    def texts(self, key: str) -> list[str]:
        value = self._take(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self.wrong(key, "is not a list of texts", f'Write {key} = ["…"].')
        return value

    def boolean(self, key: str, default: bool) -> bool:
        value = self._take(key, default)
        if not isinstance(value, bool):
            self.wrong(key, "is neither true nor false", f"Write {key} = true or false.")
        return value

    def integer(self, key: str, default: int, least: int, most: int) -> int:
        value = self._take(key, default)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            self.wrong(key, f"is {value!r}", f"Give a whole number from {least} to {most}.")
        return value

    def number(self, key: str, default: float | None, least: float, most: float) -> float | None:
        value = self._take(key, default)
        if value is None:
            return None
        if not isinstance(value, int | float) or isinstance(value, bool) or not least <= value <= most:
            self.wrong(key, f"is {value!r}", f"Give a number from {least} to {most}.")
        return float(value)

    def choice(self, key: str, default: str, choices: tuple[str, ...]) -> str:
        value = self._take(key, default)
        if value not in choices:
            self.wrong(key, f"is {value!r}", f"Choose one of: {', '.join(choices)}.")
        return str(value)

    def pair(self, key: str, default: Any = _MISSING) -> tuple[int, int]:
        return self._pair(key, self._take(key, default))

    def corners(self, key: str, least: int, default: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
        value = self._take(key, default)
        if not isinstance(value, list | tuple) or len(value) < least:
            self.wrong(key, f"has not {least} corners or more", f"Write {key} = [[0, 0], [1000, 0], [1000, 1000]].")
        return tuple(self._pair(key, corner) for corner in value)

    def table(self, key: str) -> Table | None:
        value = self._take(key, None)
        return None if value is None else Table(value, self._below(key), self.tried)

    def tables(self, key: str) -> list[Table]:
        value = self._take(key, [])
        if not isinstance(value, list):
            self.wrong(key, "is not a list of tables", f"Write [[{self._below(key)}]] above each.")
        return [Table(item, f"{self._below(key)}[{number}]", self.tried) for number, item in enumerate(value, 1)]

    def named(self, key: str) -> list[tuple[str, Table]]:
        whole = Table(self._take(key, {}), self._below(key), self.tried)
        return [(name, Table(item, f"{whole.path}.{name}", self.tried)) for name, item in whole._record.items()]

    def plain_name(self, name: str) -> str:
        """A name that may become a part of a topic or a file's name."""
        if not _NAME.fullmatch(name) or name in (".", ".."):
            self._refuse(
                self.path, f"has the name {name!r}", "Use letters, digits, dot, hyphen and underscore, at most 64."
            )
        return name

    def done(self) -> None:
        for key in self._record:
            if key not in self._known:
                near = difflib.get_close_matches(key, self._known, 1)
                advice = f"Is {near[0]!r} meant?" if near else f"There are: {', '.join(sorted(self._known))}."
                self.wrong(key, "is unknown", advice)

    def wrong(self, key: str, happened: str, advice: str) -> NoReturn:
        self._refuse(self._below(key), happened, advice)

    def _pair(self, key: str, value: Any) -> tuple[int, int]:
        whole = isinstance(value, list | tuple) and len(value) == 2
        if not whole or not all(isinstance(n, int) and not isinstance(n, bool) and 0 <= n <= 100_000 for n in value):
            self.wrong(key, f"has {value!r} for two whole numbers from 0 to 100000", f"Write {key} with [x, y].")
        if key == "grid" and 0 in value:
            self.wrong(key, "has a side of 0", "Give the frame's width and height that the corners are drawn for.")
        return (value[0], value[1])

    def _take(self, key: str, default: Any) -> Any:
        self._known.append(key)
        if key not in self._record and default is _MISSING:
            self.wrong(key, "is missing", f"Add {key} to [{self.path}].")
        return self._record.get(key, default)

    def _below(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key

    def _refuse(self, path: str, happened: str, advice: str) -> NoReturn:
        raise FacesError(self.tried, f"{path} {happened}.", advice)
