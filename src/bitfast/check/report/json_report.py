"""The report as JSON, a public interface: docs/report.schema.json defines it, docs/json.md explains it."""

from __future__ import annotations

import json
import math
import re
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bitfast.files import write_atomically
from bitfast.words import Difference, NamedCause, Place, Result

SCHEMA = 1
"""Raised when a field changes its meaning or goes; a new field alone does not raise it."""

_SURROGATE = re.compile("[\ud800-\udfff]")


def json_report(result: Result) -> dict[str, Any]:
    """The report as plain data, keys always in the same order. Numbers are finite; what was not measured is None."""
    return {
        "schema": SCHEMA,
        "project": result.project,
        "verdict": result.verdict.value,
        "reference": asdict(result.reference),
        "target": asdict(result.target),
        "differences": [_difference(each) for each in result.differences],
        "causes": [_cause(cause) for cause in result.causes],
        "hindrances": [
            {"cause": each.cause, "places": [_place(place) for place in each.places], "advice": each.advice}
            for each in result.hindrances
        ],
        "cure": _cure(result),
        "masked": [asdict(part) for part in result.masked],
        "tolerance": {
            "ulp": result.tolerance.ulp,
            "relative": _finite(result.tolerance.relative),
            "absolute": _finite(result.tolerance.absolute),
        },
        "translated_flags": list(result.translated_flags),
        "steps": [
            {"tried": step.tried, "restored": step.restored, "seconds": _finite(step.seconds)} for step in result.steps
        ],
        "commands": list(result.commands),
        "notes": list(result.notes),
        "source_lines": dict(sorted(result.source_lines.items())),
        "side_by_side": [
            {"where": where, "reference": reference, "target": target}
            for where, reference, target in result.side_by_side
        ],
        "seconds": _finite(result.seconds),
    }


def write_json(result: Result, path: Path | str) -> None:
    """Write the report as JSON, whole or not at all. Raises BitfastError when the file cannot be written."""
    write_atomically(path, json_bytes(json_report(result)))


def json_bytes(document: Any) -> bytes:
    r"""A document as UTF-8 JSON that every parser takes: bytes that were no UTF-8 stand as \xNN in its texts.

    Raises ValueError for NaN and infinities, which JSON does not have (RFC 8259, section 6).
    """
    return json.dumps(_valid(document), indent=2, ensure_ascii=False, allow_nan=False).encode() + b"\n"


def _difference(each: Difference) -> dict[str, Any]:
    first = each.first
    return {
        "output": each.output,
        "format": each.format,
        "values": each.values,
        "differing": each.differing,
        "first": {
            "line": first.line,
            "column": first.column,
            "offset": first.offset,
            "path": first.path,
            "reference": first.reference,
            "target": first.target,
        },
        "max_ulp": each.max_ulp,
        "max_relative": _finite(each.max_relative),
        "note": each.note,
    }


def _cause(cause: NamedCause) -> dict[str, Any]:
    return {
        "cause": cause.cause,
        "certainty": cause.certainty.value,
        "places": [_place(place) for place in cause.places],
        "why": cause.why,
    }


def _place(place: Place) -> dict[str, Any]:
    return {"file": place.file, "line": place.line, "column": place.column, "function": place.function}


def _cure(result: Result) -> dict[str, Any] | None:
    cure = result.cure
    if cure is None:
        return None
    return {
        "patch": cure.patch,
        "places": cure.places,
        "verified": cure.verified,
        "sides": cure.sides.value,
        "cost": _finite(cure.cost),
        "instruction_cost": _finite(cure.instruction_cost),
        "description": cure.description,
    }


def _finite(number: float | None) -> float | None:
    return number if number is not None and math.isfinite(number) else None


def _valid(value: Any) -> Any:
    if isinstance(value, str):
        return _SURROGATE.sub(_shown_byte, value)
    if isinstance(value, dict):
        return {_valid(key): _valid(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_valid(item) for item in value]
    return value


def _shown_byte(match: re.Match[str]) -> str:
    """PEP 383 keeps an undecodable byte as U+DC80 to U+DCFF; other lone surrogates stand for nothing."""
    code = ord(match.group())
    return f"\\x{code - 0xDC00:02x}" if 0xDC80 <= code <= 0xDCFF else "\ufffd"
