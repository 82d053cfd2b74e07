"""Compares two answers, each output as what it is: text with numbers in it, tables, JSON, arrays, images, bytes."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from bitfast.check.answer import EXIT_STATUS, Answer
from bitfast.check.formats import format_named, format_of, with_fallback
from bitfast.check.formats.base import EXACT, Format, Part, Settings, largest, same_bytes, shown
from bitfast.check.masks import NO_MASKS, Masks
from bitfast.words import BitfastError, Difference, FirstDifference, Tolerance

__all__ = ["Answer", "compare_answers", "same_answers", "side_by_side"]

_TEXTS = ("csv", "json")


def compare_answers(
    reference: Answer, target: Answer, masks: Masks = NO_MASKS, tolerance: Tolerance = EXACT
) -> tuple[Difference, ...]:
    """How the target's answer differs from the reference's, one entry for each output that does; () when it is the
    same. Without a tolerance every byte counts that is not masked. Raises BitfastError when an output cannot
    be read."""
    found = []
    for output in _outputs(reference, target, masks):
        sides = reference.outputs.get(output), target.outputs.get(output)
        if sides[0] is None or sides[1] is None:
            found.append(_one_sided(output, *sides))
        else:
            difference = _difference(output, sides[0], sides[1], masks, tolerance)
            found += [difference] if difference else []
    return tuple(found)


def same_answers(reference: Answer, target: Answer, masks: Masks = NO_MASKS, tolerance: Tolerance = EXACT) -> bool:
    """Whether compare_answers would find nothing; stops at the first difference, for a search that asks often."""
    for output in _outputs(reference, target, masks):
        sides = reference.outputs.get(output), target.outputs.get(output)
        if sides[0] is None or sides[1] is None:
            return False
        if not _same(output, sides[0], sides[1], masks, tolerance):
            return False
    return True


def side_by_side(
    reference: Answer,
    target: Answer,
    differences: Sequence[Difference],
    masks: Masks = NO_MASKS,
    limit: int = 40,
    tolerance: Tolerance = EXACT,
) -> tuple[tuple[str, str, str], ...]:
    """The first places where the answers differ, for reports: (where, reference's text, target's text). Text shows
    whole lines; every output that differs gets its share of `limit`."""
    rows: list[tuple[str, str, str]] = []
    for place, difference in enumerate(differences):
        share = max(1, (limit - len(rows)) // (len(differences) - place))
        sides = reference.outputs.get(difference.output), target.outputs.get(difference.output)
        own: list[tuple[str, str, str]] = []
        if sides[0] is not None and sides[1] is not None:
            settings = _settings(difference.output, difference.format, masks, tolerance)
            parts = format_named(difference.format).compare(sides[0], sides[1], settings)
            own = _rows(difference.output, parts, share)
        first = difference.first
        rows += own or [
            (f"{difference.output}, {first.path}" if first.path else difference.output, first.reference, first.target)
        ]
    return tuple(rows[:limit])


def _rows(output: str, parts: Iterable[Part], share: int) -> list[tuple[str, str, str]]:
    rows: dict[tuple[str, str, str], None] = {}
    for part in parts:
        for spot in part.spots:
            where = spot.where.split(",")[0] if any(spot.lines) else spot.where
            texts = spot.lines if any(spot.lines) else (spot.reference, spot.target)
            rows[(f"{output}, {where}", shown(texts[0]), shown(texts[1]))] = None
            if len(rows) >= share:
                return list(rows)
    return list(rows)


def _outputs(reference: Answer, target: Answer, masks: Masks) -> Iterator[str]:
    """Every output of either side that is compared, the reference's first and in its order."""
    for output in dict.fromkeys([*reference.outputs, *target.outputs]):
        if not masks.hides(output):
            yield output


def _settings(output: str, format_name: str, masks: Masks, tolerance: Tolerance, **more: bool) -> Settings:
    """An exit status is no measurement: no tolerance applies to it."""
    return Settings(EXACT if output == EXIT_STATUS else tolerance, masks.of(output, format_name), **more)


def _same(output: str, reference: Path, target: Path, masks: Masks, tolerance: Tolerance) -> bool:
    try:
        if same_bytes(reference, target):
            return True
        if _settings(output, "", masks, tolerance).tolerance.exact and output not in masks.places:
            return False

        def use(form: Format) -> bool:
            settings = _settings(output, form.name, masks, tolerance, counting=False, written=tolerance.exact)
            return not any(part.differing for part in form.compare(reference, target, settings))

        return with_fallback(output, reference, target, use)[1]
    except OSError as error:
        raise _unreadable(output, error) from None


def _difference(output: str, reference: Path, target: Path, masks: Masks, tolerance: Tolerance) -> Difference | None:
    try:
        if same_bytes(reference, target):
            return None

        def use(form: Format, written: bool = False) -> Difference | None:
            settings = _settings(output, form.name, masks, tolerance, written=written)
            return _sum(output, form.name, form.compare(reference, target, settings))

        form, found, note = with_fallback(output, reference, target, use)
        if found is None and note == "" and tolerance.exact:
            note = f"the values of the {form.name} are the same; only how they are written differs"
            other = format_named("text" if form.name in _TEXTS else "bytes")
            found = use(form, written=True) if output in masks.places else use(other)
        if output in masks.places and masks.places[output][0] != form.name:
            note = "; ".join(filter(None, (note, "what was masked could not be found in it")))
        return dataclasses.replace(found, note="; ".join(filter(None, (note, found.note)))) if found else None
    except OSError as error:
        raise _unreadable(output, error) from None


def _sum(output: str, format_name: str, parts: Iterable[Part]) -> Difference | None:
    """All parts as one difference; None when none of them differs."""
    values = differing = 0
    first: FirstDifference | None = None
    max_ulp: int | None = None
    max_relative: float | None = None
    notes: dict[str, None] = {}
    for part in parts:
        values += part.values
        differing += part.differing
        first = first or part.first
        max_ulp = largest((max_ulp, part.max_ulp))
        max_relative = largest((max_relative, part.max_relative))
        if part.note:
            notes[part.note] = None
    if first is None or not differing:
        return None
    return Difference(output, format_name, values, differing, first, max_ulp, max_relative, "; ".join(notes))


def _one_sided(output: str, reference: Path | None, target: Path | None) -> Difference:
    present = reference or target
    assert present is not None
    try:
        size, name = f"{present.stat().st_size} bytes", format_of(output, present).name
    except OSError as error:
        raise _unreadable(output, error) from None
    first = FirstDifference(reference=size if reference else "missing", target=size if target else "missing")
    return Difference(output, name, 1, 1, first, note=f"only the {'reference' if reference else 'target'} has it")


def _unreadable(output: str, error: OSError) -> BitfastError:
    return BitfastError(
        f"cannot read the output {output}: {error.strerror or error}",
        next_step="check that nothing removes or locks the run's files while they are compared",
    )
