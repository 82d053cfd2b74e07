"""Finds the parts of an answer that do not repeat on one chip (times, addresses, process ids), so that nobody
compares them between two."""

from __future__ import annotations

import dataclasses
import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, takewhile
from pathlib import Path

from bitfast.check.answer import EXIT_STATUS, Answer
from bitfast.check.formats import format_named, format_of, with_fallback
from bitfast.check.formats.base import Format, Key, Settings, Spot, same_bytes, shown
from bitfast.check.formats.line_values import tokens
from bitfast.check.formats.lines import decoded, lines
from bitfast.words import Masked

_MOST_KEYS = 20_000  # an output with more places that do not repeat is not compared at all
_MOST_EXAMPLES = 4
_SMALL_BYTES = 16 << 20  # what is read at once to look for a reason

_CLOCK = re.compile(
    r"[0-9]{1,2}:[0-9]{2}:[0-9]{2}|[0-9]{4}[-/][0-9]{2}[-/][0-9]{2}"
    r"|\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\b.*[0-9]{1,2}:[0-9]{2}"
)
_UNIT_WORD = (
    r"(?<![A-Za-z])(?:s|secs?|seconds?|ms|msecs?|milliseconds?|[uµ]s|microseconds?|ns|nanoseconds?|minutes?)"
    r"(?![A-Za-z])"
)
_DURATION = re.compile(rf"\b(?:cpu|wall|elapsed|time[ds]?|took|runtime)\b|{_UNIT_WORD}", re.IGNORECASE)
_STOPWATCH = r"\b(?:cpu|wall[- ]?clock|elapsed|run ?time|execution time)\b"
_SPOKEN = re.compile(rf"{_STOPWATCH}(?P<words>[^0-9,;|]*)$", re.IGNORECASE)  # before a number: nothing else between
_UNIT = re.compile(_UNIT_WORD, re.IGNORECASE)
_UNIT_BEHIND = re.compile(rf"[\s\[(]*{_UNIT_WORD}", re.IGNORECASE)
_STOPWATCH_BEHIND = re.compile(rf"\s*{_STOPWATCH}[- ]*{_UNIT_WORD}|\s*{_UNIT_WORD}[- ]*{_STOPWATCH}", re.IGNORECASE)
_SIMULATED = re.compile(r"model|simul|virtual|physical|stud(?:y|ied)", re.IGNORECASE)
_COARSE_SECONDS = 0.1  # a clock's reading that repeats in every run is a few ticks of 10 ms
STOPWATCH_REPEATED = "a stopwatch's reading; it repeated only because it is so coarse"
_ADDRESS = re.compile(r"(?:0x)?[0-9a-f]{6,16}")
_EPOCH = re.compile(r"1[5-9][0-9]{8}(?:[0-9]{3}|[0-9]{6}|[0-9]{9})?(?:\.[0-9]*)?")  # seconds since 1970, from 2017 on
_REASONS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("process id", re.compile(r"\b(?:pid|process(?: id)?)\b", re.IGNORECASE)),
    ("random seed", re.compile(r"\bseed", re.IGNORECASE)),
    ("temporary file", re.compile(r"/tmp/|\btmp|temp(?:orary)? (?:file|dir)", re.IGNORECASE)),
    ("time", _CLOCK),
    ("memory used", re.compile(r"\b(?:memory|rss|heap|[kKMG]i?B)\b", re.IGNORECASE)),
    ("CPU seconds", _DURATION),
)


@dataclass(frozen=True)
class Masks:
    """What is not compared, on either side. `listed` is for people; the places are those of the first run."""

    listed: tuple[Masked, ...] = ()
    says_nothing: bool = False
    places: Mapping[str, tuple[str, frozenset[Key]]] = field(default_factory=dict)  # output → format, its keys
    whole: frozenset[str] = frozenset()  # outputs that are not compared at all
    names: tuple[tuple[str, str], ...] = ()  # how the names begin and end of files whose names do not repeat
    repeating: frozenset[str] = frozenset()  # outputs of every run; no pattern of names hides them

    def hides(self, output: str) -> bool:
        """Whether an output is not compared at all."""
        if output in self.repeating:
            return output in self.whole
        return output in self.whole or any(
            len(output) >= len(begin) + len(end) and output.startswith(begin) and output.endswith(end)
            for begin, end in self.names
        )

    def of(self, output: str, format_name: str) -> frozenset[Key]:
        """The masked places of an output that is compared as this format."""
        learned, keys = self.places.get(output, ("", frozenset()))
        return keys if learned == format_name else frozenset()


NO_MASKS = Masks()


@dataclass(frozen=True)
class _Learned:
    """What does not repeat in one output; no format: nothing in it can be told apart, all of it is masked."""

    listed: tuple[Masked, ...] = ()
    format: str = ""
    keys: frozenset[Key] = frozenset()


def learn_masks(answers: Sequence[Answer]) -> Masks:
    """The masks of a program from at least two runs of it on one chip.

    What differs between the first run and any other is masked. So is a stopwatch's reading of few ticks
    ("0.01 CPU seconds"), even where it happened to repeat: under emulation it will not.
    """
    first, others = answers[0].outputs, [answer.outputs for answer in answers[1:]]
    listed: list[Masked] = []
    places: dict[str, tuple[str, frozenset[Key]]] = {}
    whole: set[str] = set()
    repeating = [output for output in first if all(output in other for other in others)]
    for output in repeating:
        learned = _learn_output(output, first[output], [other[output] for other in others])
        listed += learned.listed
        if learned.keys:
            places[output] = (learned.format, learned.keys)
        elif learned.listed:
            whole.add(output)
    names: set[tuple[str, str]] = set()
    for output, partners in _not_in_every_run([set(answer.outputs) for answer in answers]):
        if partners:
            names |= {_ends(output, partner) for partner in partners}
            listed.append(Masked(output, "its name", (output, *partners)[:_MOST_EXAMPLES], _reason(output)))
        else:
            whole.add(output)
            listed.append(Masked(output, "the whole file", (), "not written by every run"))
    masks = Masks(tuple(listed), False, places, frozenset(whole), tuple(sorted(names)), frozenset(repeating))
    return dataclasses.replace(masks, says_nothing=bool(listed) and not _says_something(first, masks))


def _learn_output(output: str, first: Path, others: Sequence[Path]) -> _Learned:
    spots: dict[Key, list[Spot]] = {}
    coarse: set[Key] = set()
    used: dict[str, Path] = {}
    for other in others:
        if not same_bytes(first, other):
            form, found, _ = with_fallback(output, first, other, functools.partial(_spots, first, other))
            if found is None or not found:  # too many places, or only the way of writing differs
                return _everything(output, first, other)
            used[form.name] = other
            for spot in found:
                spots.setdefault(spot.key, []).append(spot)
    if len(used) > 1:
        return _everything(output, first, next(iter(used.values())))
    name = next(iter(used), format_of(output, first).name)
    if name == "text" and output != EXIT_STATUS:
        lines_masked = {key[1] for key in spots if key[0] == "line"}
        spots = {key: found for key, found in spots.items() if key[0] != "value" or key[1] not in lines_masked}
        for spot in _stopwatches(first):
            if ("line", spot.key[1]) not in spots and spot.key not in spots:
                spots[spot.key] = [spot]
                coarse.add(spot.key)
    shuffled = name == "text" and any(_same_lines_in_another_order(first, other) for other in used.values())
    listed = []
    for key, found in spots.items():
        texts = dict.fromkeys([shown(found[0].reference), *(shown(spot.target) for spot in found)])
        reason = "threads" if shuffled else _reason(found[0].lines[0] or found[0].where, tuple(texts))
        if key in coarse:
            reason = STOPWATCH_REPEATED
        listed.append(Masked(output, found[0].where, tuple(texts)[:_MOST_EXAMPLES], reason))
    return _Learned(tuple(listed), name, frozenset(spots))


def _spots(first: Path, other: Path, form: Format) -> list[Spot] | None:
    """Every place where two runs differ; None where there are too many to keep."""
    found: dict[Key, Spot] = {}
    for part in form.compare(first, other, Settings(counting=False)):
        found.update((spot.key, spot) for spot in part.spots)
        if len(found) > _MOST_KEYS:
            return None
    return list(found.values())


def _everything(output: str, first: Path, other: Path) -> _Learned:
    shuffled = _same_lines_in_another_order(first, other)
    return _Learned((Masked(output, "the whole output", (), "threads" if shuffled else ""),))


def _same_lines_in_another_order(first: Path, other: Path) -> bool:
    size = first.stat().st_size
    if size > _SMALL_BYTES or size != other.stat().st_size:
        return False
    ours, theirs = (path.read_bytes().splitlines() for path in (first, other))
    return len(ours) > 1 and ours != theirs and sorted(ours) == sorted(theirs)


def _stopwatches(path: Path) -> Iterator[Spot]:
    """Times of one or two digits that stand beside the words for CPU, wall clock or elapsed time and a unit of it."""
    if path.stat().st_size > _SMALL_BYTES:
        return
    for record, raw in enumerate(chain.from_iterable(lines(path))):
        line = decoded(raw)
        if _UNIT.search(line) and not _SIMULATED.search(line):
            values, gaps = tokens(line)
            before, after = "", line
            for index, value in enumerate(values):
                before += gaps[index]
                after = after[len(gaps[index]) + len(value) :]
                if _is_coarse(value) and _is_stopwatch(before, after):
                    where = f"line {record + 1}, value {index + 1}"
                    yield Spot(("value", record, index), where, value, value, (line, line))
                before += value


def _is_coarse(value: str) -> bool:
    plain = re.fullmatch(r"[0-9]+(?:\.[0-9]*)?|\.[0-9]+", value)
    return plain is not None and len(value.replace(".", "").lstrip("0")) < 3 and float(value) <= _COARSE_SECONDS


def _is_stopwatch(before: str, after: str) -> bool:
    spoken = _SPOKEN.search(before)
    if spoken and (_UNIT.search(spoken["words"]) or _UNIT_BEHIND.match(after)):
        return True
    return _STOPWATCH_BEHIND.match(after) is not None


def _reason(context: str, examples: Sequence[str] = ()) -> str:
    """Why a place does not repeat, as far as its examples and its line tell; "" where they do not."""
    if examples and all(_ADDRESS.fullmatch(text) and not text.isdigit() for text in examples):
        return "address"
    if examples and all(_EPOCH.fullmatch(text) for text in examples):
        return "time"
    return next((reason for reason, pattern in _REASONS if pattern.search(context)), "")


def _not_in_every_run(runs: Sequence[set[str]]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Files that only some runs wrote: those of the first run with their likely partners in the others, and what is
    left with none. Partners have the longest common beginning and end."""
    common = set.intersection(*runs)
    left = [sorted(run - common) for run in runs]
    taken: set[str] = set()
    for output in left[0]:
        partners = []
        for others in left[1:]:
            alike = [name for name in others if name not in left[0] and sum(map(len, _ends(output, name))) > 0]
            if alike:
                partners.append(max(alike, key=lambda name: sum(map(len, _ends(output, name)))))
        taken |= {output, *partners}
        yield output, tuple(dict.fromkeys(partners))
    for output in dict.fromkeys(name for run in left for name in run):
        if output not in taken:
            yield output, ()


def _ends(left: str, right: str) -> tuple[str, str]:
    """The longest beginning and end that two names share, up to the numbers that part them: out.12.txt and
    out.13.txt share "out." and ".txt"."""
    begin = _shared(left, right)
    end = _shared(left[len(begin) :][::-1], right[len(begin) :][::-1])[::-1]
    return begin.rstrip("0123456789"), end.lstrip("0123456789")


def _shared(left: str, right: str) -> str:
    return "".join(a for a, _ in takewhile(lambda pair: pair[0] == pair[1], zip(left, right, strict=False)))


def _says_something(outputs: Mapping[str, Path], masks: Masks) -> bool:
    for output, path in outputs.items():
        if output != EXIT_STATUS and not masks.hides(output) and path.stat().st_size:
            name, keys = masks.places.get(output, (format_of(output, path).name, frozenset()))
            if not keys or format_named(name).says_something(path, keys):
                return True
    return False
