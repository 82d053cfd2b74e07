"""A scan told as a table and as JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from bitfast.check.report.wording import count
from bitfast.scan import Scan


def scan_json(scan: Scan) -> dict[str, Any]:
    """The scan as plain data: findings and hindrances with their places."""
    return {
        "schema": 1,
        "files": scan.files,
        "findings": [asdict(finding) for finding in scan.findings],
        "hindrances": [asdict(hindrance) for hindrance in scan.hindrances],
    }


def scan_headline(scan: Scan) -> str:
    """How much was read and found, in one line."""
    return (
        f"{count(scan.files, 'file')} read; {count(len(scan.findings), 'place')} where answers may change (indicated,"
        f" not tried), {count(len(scan.hindrances), 'kind')} of hindrance"
    )


def scan_table(scan: Scan) -> RenderableType:
    """The scan for the terminal. Every place is a suspicion: only `bitfast check` runs the program."""
    parts: list[RenderableType] = [Text(scan_headline(scan))]
    if scan.findings:
        table = Table(box=None, pad_edge=False)
        for column in ("place", "cause", "why"):
            table.add_column(column, overflow="fold")
        for finding in scan.findings:
            table.add_row(Text(str(finding.place)), Text(finding.cause), Text(finding.why))
        parts += [Text(), table]
    for hindrance in scan.hindrances:
        places = ", ".join(str(place) for place in hindrance.places[:5])
        more = f" and {len(hindrance.places) - 5} more" if len(hindrance.places) > 5 else ""
        parts += [Text(), Text(f"hindrance {hindrance.cause}: {places}{more}"), Text(f"  → {hindrance.advice}")]
    return Group(*parts)
