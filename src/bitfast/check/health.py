"""Whether a changed program still works: two programs that fail alike would agree, and prove nothing."""

from __future__ import annotations

from bitfast.check.answer import EXIT_STATUS, Answer

_SUCCESS = "exit 0"


def still_works(before: Answer, after: Answer) -> bool:
    """Whether nothing got worse: each command ends as before, or now with success; and every output that was there, and
    not empty, still is."""
    for name, path in before.outputs.items():
        if name not in after.outputs:
            return False
        changed = after.outputs[name]
        if name.startswith(EXIT_STATUS):
            said = changed.read_text(errors="replace").strip()
            if said not in (_SUCCESS, path.read_text(errors="replace").strip()):
                return False
        elif path.stat().st_size and not changed.stat().st_size:
            return False
    return True
