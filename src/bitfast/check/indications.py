"""What is said without an experiment: causes that no runner here can show, or that nothing could restore."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby

from bitfast.causes import catalogue
from bitfast.check.laboratory import Bench
from bitfast.check.observe import gather
from bitfast.words import Certainty, Context, NamedCause, Side


def indicated(context: Context, bench: Bench, *, unexplained: bool) -> tuple[NamedCause, ...]:
    """Causes with certainty "indicated" and their places. Data races that the source suggests are looked for with
    ThreadSanitizer on the reference (`bench`), so that an innocent program is built only once."""
    wanted = ("always", "unexplained") if unexplained else ("always",)
    causes = [cause for cause in catalogue() if cause.indicates in wanted]
    bench.workspace.activate(Side.TARGET)
    findings = {cause.name: [f for unit in context.units for f in cause.scan(unit, context)] for cause in causes}
    for cause in causes:
        if findings[cause.name] and cause.evidence:
            seen = replace(context, evidence=gather(bench, cause.evidence))
            bench.workspace.activate(Side.TARGET)
            findings[cause.name] = [f for unit in seen.units for f in cause.scan(unit, seen)]
    named = []
    for name, several in groupby(sorted(f for found in findings.values() for f in found), key=lambda f: f.cause):
        group = list(several)
        reasons = "; ".join(dict.fromkeys(finding.why for finding in group))
        named.append(NamedCause(name, Certainty.INDICATED, tuple(dict.fromkeys(f.place for f in group)), reasons))
    return tuple(named)
