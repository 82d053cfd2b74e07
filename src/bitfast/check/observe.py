"""Evidence: what sanitizers see when the reference runs, gathered only when the search asks for it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bitfast.check.laboratory import Bench
from bitfast.check.variants import NotBuildable, Switched
from bitfast.evidence import parse_ubsan
from bitfast.words import Environment, Evidence, Flags, Place

_UBSAN = (
    "-fsanitize=undefined,float-cast-overflow",
    "-fsanitize-recover=all",
    "-fno-sanitize=vptr,alignment,object-size,null,nonnull-attribute,returns-nonnull-attribute",
)
UBSAN_KINDS = frozenset(("float-cast-overflow", "shift", "integer-divide-by-zero", "signed-integer-overflow", "builtin"))


def gather(bench: Bench, kinds: Sequence[str]) -> Evidence:
    """Run the reference under the undefined behaviour sanitizer; empty where it does not build with it."""
    if not UBSAN_KINDS & set(kinds):
        return Evidence()
    log = bench.workspace.scratch("ubsan") / "log"
    switches = [Switched(Flags((*_UBSAN, "-g"))), Switched(Environment(link_flags=("-fsanitize=undefined",)))]
    try:
        outcome = bench.run(switches, {"UBSAN_OPTIONS": f"log_path={log}:print_stacktrace=0"})
    except NotBuildable:
        return Evidence()
    said = [path.read_text(errors="surrogateescape") for path in sorted(log.parent.glob("log.*"))]
    said += [path.read_text(errors="surrogateescape") for path in outcome.answer.outputs.values() if path.name.startswith("stderr")]
    tree = bench.workspace.activate(bench.key)
    directories = {unit.directory for unit in bench.rebuilder.units}
    return parse_ubsan("\n".join(said), tree, tuple(sorted(directories)))
