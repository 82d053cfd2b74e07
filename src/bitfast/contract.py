"""The contract's digests, and whether this machine gives them (`bitfast selftest`).

contract.json, beside this file, is the promise: per function and dtype the hash of its answers on a fixed set of
inputs, which docs/contract.md defines. `python -m bitfast.contract --write` makes it anew; a changed digest is a
new version.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bitfast.words import BitfastError

CONTRACT = Path(__file__).parent / "contract.json"
FORMATS = {"float64": 64, "float32": 32}


@dataclass(frozen=True)
class Contract:
    version: int
    digests: Mapping[tuple[str, str, str], str]
    """By function, dtype and part: "core" or "full"."""


@dataclass(frozen=True)
class Outcome:
    function: str
    level: str
    differing: tuple[str, ...]
    """What differs from the contract, such as "float32 core"; or is not in it."""


def load(path: Path = CONTRACT) -> Contract:
    """The committed contract."""
    content = json.loads(path.read_text())
    return Contract(
        content["version"],
        {
            (function, dtype, part): digest
            for function, dtypes in content["digests"].items()
            for dtype, parts in dtypes.items()
            for part, digest in parts.items()
        },
    )


def digests(function: str, *, full: bool) -> dict[tuple[str, str, str], str]:
    """What this machine gives, at the level in use."""
    from bitfast import _native

    found = {}
    for dtype, bits in FORMATS.items():
        core, whole = _native.digest(function, bits, full)
        if not core:  # the function does not have this dtype
            continue
        found[function, dtype, "core"] = core
        if full:
            found[function, dtype, "full"] = whole
    return found


def selftest(
    levels: Sequence[str], *, full: bool = False, functions: Iterable[str] = (), report: Callable[[Outcome], None]
) -> list[Outcome]:
    """Compares every function, or the named ones, with the contract; the level in use stays what it was.

    Raises BitfastError for a level that this CPU lacks, and a function that the contract does not know.
    """
    from bitfast import _native

    contract = load()
    known = _native.digest_functions()
    wanted = list(functions) or known
    for function in wanted:
        if function not in known:
            raise BitfastError(f"there is no function {function}", next_step="one of: " + " ".join(known))
    for level in levels:
        if level not in _native.levels():
            raise BitfastError(f"this CPU has no level {level}", next_step="one of: " + " ".join(_native.levels()))
    outcomes = []
    before = _native.level()
    try:
        for level in levels:
            _native.use_level(level)
            for function in wanted:
                found = digests(function, full=full)
                differing = [key for key, digest in found.items() if contract.digests.get(key) != digest]
                outcomes.append(Outcome(function, level, tuple(f"{dtype} {part}" for _, dtype, part in differing)))
                report(outcomes[-1])
    finally:
        _native.use_level(before)
    return outcomes


def selftest_json(outcomes: Sequence[Outcome], cpu: str) -> dict[str, Any]:
    """The outcome as `bitfast selftest --json` writes it."""
    return {
        "schema": 1,
        "contract": load().version,
        "cpu": cpu,
        "levels": list(dict.fromkeys(outcome.level for outcome in outcomes)),
        "same": not any(outcome.differing for outcome in outcomes),
        "functions": [
            {"function": outcome.function, "level": outcome.level, "differing": list(outcome.differing)}
            for outcome in outcomes
        ],
    }


def write(version: int) -> None:
    """Makes the contract from what this machine gives; tests/test_selftest.py shows with MPFR that it is right."""
    from bitfast import _native

    table: dict[str, dict[str, dict[str, str]]] = {}
    for function in _native.digest_functions():
        for (_, dtype, part), digest in digests(function, full=True).items():
            table.setdefault(function, {}).setdefault(dtype, {})[part] = digest
    CONTRACT.write_text(json.dumps({"version": version, "hash": "SHA-256", "digests": table}, indent=1) + "\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m bitfast.contract", description="The contract's digests.")
    parser.add_argument("--write", action="store_true", required=True, help="make contract.json from this machine")
    parser.add_argument("--version", type=int, help="the contract's version; by default the present one")
    arguments = parser.parse_args()
    write(arguments.version or (load().version if CONTRACT.exists() else 1))
