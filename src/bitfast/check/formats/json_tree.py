"""JSON: value against value, named by JSON pointer (RFC 6901); numbers are compared as they are written."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from bitfast.check.formats.base import Broken, Format, Part, Settings, Spot, shown
from bitfast.check.formats.json_written import outside
from bitfast.check.formats.line_values import same_value
from bitfast.check.formats.numbers import distance, parse
from bitfast.words import FirstDifference

LARGEST = 32 << 20
"""Bytes; a larger document would not fit in bounded memory and is compared as text."""
_CONTEXT = 40  # characters quoted where the way of writing differs
_MISSING = object()


class _Number(str):
    """A number as the document writes it; a type of its own, so that 1 and "1" stay apart."""


class JsonTree(Format):
    """Keys are (pointer,). A mask on a pointer hides everything below it."""

    name = "json"
    order = 10

    def recognizes(self, name: str, path: Path) -> bool:
        return name.lower().endswith((".json", ".geojson")) and path.stat().st_size <= LARGEST

    def compare(self, reference: Path, target: Path, settings: Settings) -> Iterator[Part]:
        pairs: list[tuple[str, object, object]] = [("", _document(reference), _document(target))]
        while pairs:
            pointer, ours, theirs = pairs.pop()
            if (pointer,) in settings.masked:
                continue
            if isinstance(ours, dict) and isinstance(theirs, dict):
                names = dict.fromkeys([*ours, *theirs])
                below = [
                    (f"{pointer}/{_escaped(name)}", ours.get(name, _MISSING), theirs.get(name, _MISSING))
                    for name in names
                ]
                pairs += reversed(below)
            elif isinstance(ours, list) and isinstance(theirs, list):
                count = max(len(ours), len(theirs))
                padded = [values + [_MISSING] * (count - len(values)) for values in (ours, theirs)]
                below = [(f"{pointer}/{index}", *pair) for index, pair in enumerate(zip(*padded, strict=True))]
                pairs += reversed(below)
            else:
                yield _leaf(pointer, ours, theirs, settings)
        if settings.written:
            yield _writing(reference, target, settings)


def _leaf(pointer: str, ours: object, theirs: object, settings: Settings) -> Part:
    if type(ours) is type(theirs) and ours == theirs:
        return Part(1)
    ulp = relative = None
    if isinstance(ours, _Number) and isinstance(theirs, _Number):
        if same_value(ours, theirs, settings.tolerance):
            return Part(1)
        first, second = parse(ours), parse(theirs)
        if first is not None and second is not None:
            ulp, relative = distance(first, second)
    left, right = _written(ours), _written(theirs)
    where = FirstDifference(path=pointer or "the whole document", reference=left, target=right)
    return Part(1, 1, where, ulp, relative, (Spot((pointer,), where.path, left, right),))


def _writing(reference: Path, target: Path, settings: Settings) -> Part:
    ours, theirs = (outside(path.read_bytes().decode("utf-8"), settings.masked) for path in (reference, target))
    if ours == theirs:
        return Part(0)
    begin = next((at for at, pair in enumerate(zip(ours, theirs, strict=False)) if pair[0] != pair[1]), 0)
    left, right = (shown(repr(text[begin : begin + _CONTEXT])[1:-1]) for text in (ours, theirs))
    first = FirstDifference(path="the way it is written", reference=left, target=right)
    return Part(1, 1, first, spots=(Spot(("",), first.path, left, right),))


def _written(value: object) -> str:
    if value is _MISSING:
        return "missing"
    if isinstance(value, dict | list) and value:
        return f"{{… {len(value)} members}}" if isinstance(value, dict) else f"[… {len(value)} elements]"
    return shown(str(value) if isinstance(value, _Number) else json.dumps(value, ensure_ascii=False))


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


def _document(path: Path) -> object:
    if path.stat().st_size > LARGEST:
        raise Broken(f"more than {LARGEST >> 20} MiB of JSON")
    try:
        text = path.read_text(encoding="utf-8")
        document: object = json.loads(text, parse_int=_Number, parse_float=_Number, parse_constant=_Number)
    except (ValueError, RecursionError) as error:
        raise Broken(f"not JSON: {error}") from None
    return document
