"""The sentences of a report, one wording for the terminal, the HTML page and SARIF."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace

from bitfast.check.report.patch import patch_lines
from bitfast.words import (
    CureResult,
    Difference,
    FirstDifference,
    Masked,
    NamedCause,
    Place,
    Result,
    SideInfo,
    Sides,
    Tolerance,
    Verdict,
)


def headline(result: Result) -> str:
    """The verdict in one line: what differs, how much, and whether it was cured."""
    where = f"on {result.target.target}"
    match result.verdict:
        case Verdict.SAME:
            exact = "byte for byte" if result.masked else "bit for bit"
            equal = exact if result.tolerance.exact else f"within {tolerance(result.tolerance)}"
            apart = f" outside the {count(len(result.masked), 'masked part')}" if result.masked else ""
            return f"{result.project}: same answers {where}, {equal}{apart}"
        case Verdict.CURED:
            by = f" {_means(result.cure)}" if result.cure else ""
            return f"{result.project}: {amount(result)} {where}; cured{by}"
        case Verdict.DIFFERS:
            return f"{result.project}: {amount(result)} {where}; {_how_far(result)}"
        case Verdict.NONDETERMINISTIC:
            return f"{result.project}: does not repeat its own answer on one chip, so there is nothing to compare"
        case Verdict.NOT_BUILT:
            return f"{result.project}: could not be built for both {result.reference.target} and {result.target.target}"
        case Verdict.NOT_RUN:
            return f"{result.project}: could not be run {where} and on {result.reference.target}"


def amount(result: Result) -> str:
    """How much differs, over all outputs: "385 of 494 values of stdout differ"."""
    found = [difference for difference in result.differences if difference.differing]
    if not found:
        return "answers differ"
    values, differing = sum(each.values for each in found), sum(each.differing for each in found)
    outputs = found[0].output if len(found) == 1 else f"{len(found)} outputs"
    if values == 1:
        return f"the {outputs} differs" if outputs == "exit status" else f"{outputs} differs"
    return f"{differing:,} of {values:,} values of {outputs} {'differs' if differing == 1 else 'differ'}"


def _how_far(result: Result) -> str:
    if not result.causes:
        return "cause not found"
    names = ", ".join(dict.fromkeys(cause.cause for cause in result.causes))
    verified = result.cure is not None and result.cure.verified
    return f"{names}, cured in part" if verified else f"{names} found, no verified cure"


def difference(each: Difference) -> str:
    """How one output differs: counts, the largest distance, where it begins."""
    if each.values == 1:
        parts = ["differs"]
    else:
        parts = [f"{each.differing:,} of {each.values:,} values {'differs' if each.differing == 1 else 'differ'}"]
    distance = []
    if each.max_ulp is not None:
        distance.append(f"{each.max_ulp:,} ulp of float64")
    if each.max_relative is not None and math.isfinite(each.max_relative):
        distance.append(f"{each.max_relative:.2g} relative")
    if distance:
        parts.append(f"by up to {', '.join(distance)}")
    if begins := location(each.first):
        parts.append(f"first at {begins}")
    if each.note:
        parts.append(each.note)
    return ", ".join(parts)


def location(first: FirstDifference) -> str:
    """Where in an output: "line 12, column 3", "byte 40", "/a/b"; empty where nothing says so."""
    parts = [first.path] if first.path else []
    if first.line is not None:
        parts.append(f"line {first.line}")
    if first.column is not None:
        parts.append(f"column {first.column}")
    if first.offset is not None and not parts:
        parts.append(f"byte {first.offset}")
    return ", ".join(parts)


def differing_lines(result: Result) -> tuple[tuple[str, str, str], ...]:
    """(where, reference's text, target's text) of the first differing lines, or of each output's first difference."""
    if result.side_by_side:
        return result.side_by_side
    return tuple(
        (f"{each.output} {location(each.first)}".rstrip(), each.first.reference, each.first.target)
        for each in result.differences
        if each.first.reference or each.first.target
    )


def tolerance(chosen: Tolerance) -> str:
    """The user's own choice: "a tolerance of 4 ulp or 1e-12 relative"."""
    parts = [f"{chosen.ulp} ulp"] if chosen.ulp else []
    parts += [f"{chosen.relative:g} relative"] if chosen.relative else []
    parts += [f"{chosen.absolute:g} absolute"] if chosen.absolute else []
    return f"a tolerance of {' or '.join(parts)}" if parts else "no tolerance"


def cause_title(cause: NamedCause) -> str:
    return f"{cause.cause}, {cause.certainty.value}"


def certainty_means(cause: NamedCause, result: Result) -> str:
    """What the report's word for certainty says, for people who have not read the manual."""
    if cause.cause == "nondeterminism" and cause.certainty == "proved":
        return "holding it still makes the runs on one chip repeat"
    if cause.certainty == "proved":
        others = {each.cause for each in result.causes if each.certainty == "proved"} - {cause.cause, "nondeterminism"}
        if others:
            rest = "cause" if len(others) == 1 else "causes"
            return f"switching it off at these places, together with the other {rest}, restores the answer"
        return "switching it off at these places alone restores the answer"
    return "the source or a tool points there; no experiment was possible"


def cure_title(cure: CureResult) -> str:
    where = "on the target only" if cure.sides is Sides.TARGET else "on both sides"
    return f"{patch_size(cure.patch)}, {where}" if cure.patch else f"no source touched, {where}"


def patch_size(patch: str) -> str:
    """How much a patch changes: each stretch of lines taken out and put in is one change."""
    lines = list(patch_lines(patch))
    changed = [line.kind in {"added", "removed"} for line in lines]
    changes = sum(now and not before for before, now in itertools.pairwise([False, *changed]))
    files = {line.file for line, counts in zip(lines, changed, strict=True) if counts}
    return f"a patch of {count(changes, 'change')} in {count(len(files), 'file')}"


def _means(cure: CureResult) -> str:
    return f"by {patch_size(cure.patch)}" if cure.patch else "without touching a source"


def cure_proof(cure: CureResult) -> str:
    if cure.verified:
        return "verified by a clean rebuild on both sides"
    return "not verified: the patched program was not shown to give the reference's answer"


def cost(cure: CureResult) -> str:
    """What the cure costs, as measured; empty for a cure that was not verified."""
    parts = []
    if cure.cost is not None and math.isfinite(cure.cost):
        parts.append(f"{cure.cost:.2f} × the run time on the reference")
    elif cure.verified:
        parts.append("the run is too short to measure the time")
    if cure.instruction_cost is not None and math.isfinite(cure.instruction_cost):
        parts.append(f"{cure.instruction_cost:.2f} × the instructions on the target")
    return ", ".join(parts)


def masked(part: Masked) -> str:
    examples = ", ".join(part.examples)
    said = f"{part.output} {part.where}: {examples}" if examples else f"{part.output} {part.where}"
    return f"{said} ({part.reason})" if part.reason else said


def side(info: SideInfo) -> str:
    """Which build and machine gave an answer."""
    cpu = "" if info.cpu in info.runner else info.cpu
    return ", ".join(part for part in (info.target, info.compiler, info.libc, info.runner, cpu) if part)


def source_line(result: Result, place: Place) -> str | None:
    """The line of source at a place, where the result has it."""
    line = result.source_lines.get(str(replace(place, function="")))
    return line.rstrip("\r\n") if line and line.strip() else None


def restored(answer: bool | None) -> str:
    """What a step of the search gave."""
    if answer is None:
        return "did not build or run"
    return "answer restored" if answer else "still differs"


def count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
