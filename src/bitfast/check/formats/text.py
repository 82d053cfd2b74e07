"""Text, line by line: the numbers and words in it, and the space and punctuation between them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from bitfast.check.formats.align import align
from bitfast.check.formats.base import Format, Key, Part, Settings, Spot, largest, shown
from bitfast.check.formats.line_values import alike, line_differences, tokens
from bitfast.check.formats.lines import LINE_TOKENS, decoded, lines
from bitfast.check.formats.numbers import TOKEN, distance, parse
from bitfast.words import FirstDifference, Tolerance

_HEAD = 1 << 16
_CONTROL = bytes(set(range(32)) - set(b"\t\n\r\f\b\x1b"))
_NO_VALUES: frozenset[int] = frozenset()


@dataclass(frozen=True)
class _Masks:
    """The keys ("line", record), ("value", record, index) and ("after", record) sorted by what they hide."""

    lines: frozenset[int]
    values: Mapping[int, frozenset[int]]
    after: frozenset[int]
    records: Sequence[int]

    @classmethod
    def of(cls, masked: frozenset[Key]) -> _Masks:
        values: dict[int, set[int]] = {}
        for key in masked:
            if key[0] == "value":
                values.setdefault(int(key[1]), set()).add(int(key[2]))
        whole = frozenset(int(key[1]) for key in masked if key[0] == "line")
        after = frozenset(int(key[1]) for key in masked if key[0] == "after")
        frozen = {record: frozenset(indices) for record, indices in values.items()}
        return cls(whole, frozen, after, sorted(whole | frozen.keys()))

    def hidden(self, begin: int, records: Sequence[bytes]) -> int:
        """How many values of these records are masked."""
        found = self.records[bisect_left(self.records, begin) : bisect_left(self.records, begin + len(records))]
        return sum(
            len(tokens(decoded(records[record - begin]))[0]) if record in self.lines else len(self.values[record])
            for record in found
        )


@dataclass(frozen=True)
class _Position:
    """Where the walk stands in one file: the record, its line from 1, and the values of that line passed already."""

    record: int = 0
    line: int = 1
    values: int = 0

    def behind(self, records: Sequence[bytes]) -> _Position:
        ends = sum(record.endswith(b"\n") for record in records)
        open_pieces = 0
        for record in reversed(records):
            if record.endswith(b"\n"):
                break
            open_pieces += 1
        values = open_pieces * LINE_TOKENS + (0 if ends else self.values)
        return _Position(self.record + len(records), self.line + ends, values)


class Text(Format):
    """Lines are matched even where some were inserted or deleted; within a line, value stands against value."""

    name = "text"
    order = 90

    def recognizes(self, name: str, path: Path) -> bool:
        with path.open("rb") as stream:
            head = stream.read(_HEAD)
        if b"\0" in head:
            return False
        control = len(head) - len(head.translate(None, _CONTROL))
        foreign = sum(character > "\udc7f" and character < "\udd00" for character in decoded(head))
        return control <= len(head) // 50 and foreign <= len(head) // 4

    def compare(self, reference: Path, target: Path, settings: Settings) -> Iterator[Part]:
        masks = _Masks.of(settings.masked)
        user = settings.tolerance
        near = Tolerance(user.ulp, max(user.relative, 1e-3), max(user.absolute, 1e-9))

        def close(record: int, ours: bytes, theirs: bytes) -> bool:
            if ours == theirs or record in masks.lines:
                return True
            return alike(decoded(ours), decoded(theirs), near, masks.values.get(record, _NO_VALUES))

        here, there = _Position(), _Position()
        only_reference = only_target = 0
        for step in align(lines(reference), lines(target), close, blank=lambda line: len(line.strip()) < 2):
            if step.same:
                if settings.counting:
                    yield Part(_count(step.reference) - masks.hidden(here.record, step.reference))
            elif step.reference and step.target:
                if here.record not in masks.lines:
                    yield _changed(step.reference[0], step.target[0], here, masks, user)
            else:
                for offset, line in enumerate(step.reference):
                    if here.record + offset not in masks.lines:
                        only_reference += 1
                        yield _one_sided(line, "", here.behind(step.reference[:offset]), "line")
                for line in step.target if here.record not in masks.after else ():
                    only_target += 1
                    yield _one_sided("", line, here, "after")
            here, there = here.behind(step.reference), there.behind(step.target)
        if only_reference or only_target:
            counts = {"the reference": only_reference, "the target": only_target}
            sides = [f"{count} line{'s' * (count != 1)} only in {side}" for side, count in counts.items() if count]
            yield Part(0, note=" and ".join(sides) + "; the lines around them were matched")

    def says_something(self, path: Path, masked: frozenset[Key]) -> bool:
        """Words beside a masked value ("took 3.2 s") say nothing; another number there, or any other line, does."""
        masks = _Masks.of(masked)
        for record, line in enumerate(chain.from_iterable(lines(path))):
            hidden = masks.values.get(record)
            if record in masks.lines or not line.strip():
                continue
            values, _ = tokens(decoded(line))
            if hidden is None or any(
                index not in hidden and parse(value) is not None for index, value in enumerate(values)
            ):
                return True
        return False


def _count(records: Sequence[bytes]) -> int:
    return len(TOKEN.findall(decoded(b"".join(records))))


def _changed(our_line: bytes, their_line: bytes, here: _Position, masks: _Masks, tolerance: Tolerance) -> Part:
    """One line against another."""
    ours, theirs = decoded(our_line), decoded(their_line)
    masked = masks.values.get(here.record, _NO_VALUES)
    found = line_differences(ours, theirs, tolerance, masked)
    sizes = len(tokens(ours)[0]), len(tokens(theirs)[0])
    values = max(sizes) - len(masked) + sum(each.index < 0 for each in found)
    if not found:
        return Part(values)
    whole = sizes[0] != sizes[1] or any(each.index < 0 for each in found)
    ulps, relatives = [], []
    spots = []
    for each in found:
        left, right = parse(each.reference), parse(each.target)
        if left is not None and right is not None:
            ulp, relative = distance(left, right)
            ulps.append(ulp)
            relatives.append(relative)
        key: Key = ("line", here.record) if whole else ("value", here.record, each.index)
        where = f"line {here.line}" + ("" if whole else f", value {here.values + each.index + 1}")
        texts = (ours, theirs) if whole else (each.reference, each.target)
        spots.append(Spot(key, where, texts[0], texts[1], (ours, theirs)))
    first = found[0]
    where_first = FirstDifference(
        line=here.line, column=first.column, reference=_quoted(first.reference), target=_quoted(first.target)
    )
    return Part(max(values, len(found)), len(found), where_first, largest(ulps), largest(relatives), tuple(spots))


def _one_sided(ours: bytes | str, theirs: bytes | str, here: _Position, kind: str) -> Part:
    """A line that only one side has."""
    left, right = (decoded(line) if isinstance(line, bytes) else line for line in (ours, theirs))
    values = max(1, len(tokens(left or right)[0]))
    where = f"line {here.line}" if kind == "line" else f"before line {here.line}"
    first = FirstDifference(line=here.line, column=1, reference=_quoted(left), target=_quoted(right))
    return Part(values, values, first, spots=(Spot((kind, here.record), where, left, right, (left, right)),))


def _quoted(text: str) -> str:
    """A differing stretch as a report shows it; what cannot be seen is written as an escape."""
    return shown(text) if text.strip() or not text else repr(text)[1:-1]
