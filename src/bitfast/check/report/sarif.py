"""The report as SARIF 2.1.0 (OASIS Standard, 2020) for code hosts and editors: causes are rules, places results."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote

import bitfast
from bitfast.check.report import wording
from bitfast.check.report.json_report import json_bytes
from bitfast.check.report.patch import PatchLine, patch_lines
from bitfast.files import write_atomically
from bitfast.words import Certainty, CureResult, NamedCause, Place, Result, Verdict

_ROOT = "%SRCROOT%"
_NO_BYTE = re.compile("[\ud800-\udc7f\udd00-\udfff]")  # lone surrogates that stand for no byte of a path (PEP 383)
_UNEXPLAINED = "unexplained-difference"


def sarif_report(result: Result) -> dict[str, Any]:
    """The report as a SARIF log. A proved cause is an error, an indicated one and a hindrance to a program that was
    built all the same a warning. The cure is one fix, at the first proved place: SARIF has no fix for several results.
    """
    results = list(_results(result))
    fix = _fix(result.cure) if result.cure else None
    if fix:
        for entry in results:
            if entry["level"] == "error":
                entry["fixes"] = [fix]
                break
    rules = list(dict.fromkeys(entry["ruleId"] for entry in results))
    for entry in results:
        entry["ruleIndex"] = rules.index(entry["ruleId"])
    driver = {"name": "bitfast", "semanticVersion": bitfast.__version__, "rules": [_rule(name) for name in rules]}
    run = {
        "tool": {"driver": driver},
        "invocations": [{"executionSuccessful": result.verdict not in {Verdict.NOT_BUILT, Verdict.NOT_RUN}}],
        "originalUriBaseIds": {_ROOT: {"description": {"text": "the root of the project that was checked"}}},
        "columnKind": "utf16CodeUnits",
        "results": results,
        "properties": {
            "verdict": result.verdict.value,
            "reference": wording.side(result.reference),
            "target": wording.side(result.target),
        },
    }
    return {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}


def write_sarif(result: Result, path: Path | str) -> None:
    """Write the report as SARIF, whole or not at all. Raises BitfastError when the file cannot be written."""
    write_atomically(path, json_bytes(sarif_report(result)))


def _results(result: Result) -> Iterator[dict[str, Any]]:
    for cause in result.causes:
        level = "error" if cause.certainty is Certainty.PROVED else "warning"
        for place in cause.places or (None,):
            yield _entry(cause.cause, level, _message(cause, result), place, result)
    for hindrance in result.hindrances:
        level = "error" if result.verdict in {Verdict.NOT_BUILT, Verdict.NOT_RUN} else "warning"
        for place in hindrance.places or (None,):
            yield _entry(hindrance.cause, level, hindrance.advice, place, result)
    if result.verdict is Verdict.DIFFERS and not result.causes:
        yield _entry(_UNEXPLAINED, "warning", wording.headline(result), None, result)


def _entry(rule: str, level: str, message: str, place: Place | None, result: Result) -> dict[str, Any]:
    entry: dict[str, Any] = {"ruleId": rule, "level": level, "message": {"text": message or rule}}
    if place is not None:
        entry["locations"] = [_location(place, result)]
    return entry


def _message(cause: NamedCause, result: Result) -> str:
    why = cause.why.strip().rstrip(".")
    certain = f"{cause.certainty.value}: {wording.certainty_means(cause, result)}"
    return f"{why or cause.cause}. {wording.amount(result)} on {result.target.target} ({certain})."


def _location(place: Place, result: Result) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": _artifact(place.file)}
    line = wording.source_line(result, place)
    if place.line:
        region: dict[str, Any] = {"startLine": place.line}
        if place.column:
            region["startColumn"] = _utf16_column(line, place.column)
        if line is not None:
            region["snippet"] = {"text": line}
        physical["region"] = region
    location: dict[str, Any] = {"physicalLocation": physical}
    if place.function:
        location["logicalLocations"] = [{"name": place.function, "kind": "function"}]
    return location


def _utf16_column(line: str | None, column: int) -> int:
    """The column as SARIF counts it; places count bytes, as GCC does."""
    if line is None:
        return column
    before = line.encode(errors="replace")[: column - 1].decode(errors="ignore")
    return len(before.encode("utf-16-le", "surrogatepass")) // 2 + 1


def _artifact(file: str) -> dict[str, Any]:
    uri = quote(_NO_BYTE.sub("\ufffd", file).encode(errors="surrogateescape"))
    if PurePosixPath(file).is_absolute():
        return {"uri": f"file://{uri}"}
    return {"uri": uri, "uriBaseId": _ROOT}


def _rule(name: str) -> dict[str, Any]:
    summary, advice = _catalogued(name)
    rule: dict[str, Any] = {
        "id": name,
        "name": "".join(part.capitalize() for part in name.split("-")),
        "shortDescription": {"text": summary},
    }
    if advice:
        rule["help"] = {"text": advice}
    return rule


def _catalogued(name: str) -> tuple[str, str]:
    """Summary and advice of a cause. The catalogue needs the source parsers; a report does not fail without them."""
    if name == _UNEXPLAINED:
        return "The answers differ and no cause of the catalogue explains it.", "Compare the first differing lines."
    try:
        from bitfast.causes import cause_named

        cause = cause_named(name)
    except (ImportError, KeyError):
        return f"The program meets {name} on another chip.", ""
    return cause.summary, cause.advice


def _fix(cure: CureResult) -> dict[str, Any] | None:
    changes = [
        {"artifactLocation": _artifact(file), "replacements": replacements}
        for file, replacements in _replacements(cure.patch)
    ]
    if not changes:
        return None
    text = cure.description or f"the cure: {wording.cure_title(cure)}"
    return {"description": {"text": f"{text} ({wording.cure_proof(cure)})"}, "artifactChanges": changes}


def _replacements(patch: str) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Each file of a unified diff with its changed stretches, as replacements of whole lines of the old file."""
    for file, lines in groupby(patch_lines(patch), key=lambda line: line.file):
        found = []
        for changed, stretch in groupby(lines, key=lambda line: line.kind in {"added", "removed"}):
            if changed:
                found.append(_replacement(list(stretch)))
        if found:
            yield file, found


def _replacement(stretch: list[PatchLine]) -> dict[str, Any]:
    start = stretch[0].old_line
    removed = sum(line.kind == "removed" for line in stretch)
    added = "".join(f"{line.text[1:]}\n" for line in stretch if line.kind == "added")
    region = {"startLine": start, "startColumn": 1, "endLine": start + removed, "endColumn": 1}
    return {"deletedRegion": region} | ({"insertedContent": {"text": added}} if added else {})
