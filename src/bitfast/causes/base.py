"""What a cause is: one way in which a recompiled program's answer changes, and how to see it and switch it off."""

from __future__ import annotations

from abc import ABC
from collections.abc import Iterable, Sequence
from typing import ClassVar

from bitfast.words import Context, Finding, Flags, SourceEdits, Toggle, Unit


class Cause(ABC):
    """One cause, one file. A subclass sets `name` and `summary` and overrides what applies to it.

    The search calls `toggles` once and tries the toggles in sets; it never needs to know which cause they belong to.
    """

    name: ClassVar[str]
    summary: ClassVar[str]
    """Why the answer changes, one sentence, as the report prints it."""
    advice: ClassVar[str] = ""
    """What a person does about it where no cure can be made."""
    evidence: ClassVar[tuple[str, ...]] = ()
    """Kinds of evidence (see `words.Evidence`) that the search should gather before it asks for toggles."""
    switch: ClassVar[Flags | None] = None
    """Compiler options that switch the cause off in a whole translation unit, where there are any: the search tries
    them first and asks for the finer toggles only of the units that matter."""
    languages: ClassVar[tuple[str, ...]] = ("c", "c++", "fortran")
    """The languages whose compilers know the switch."""
    switch_sites: ClassVar[str] = ""
    """The kind of the compiler plugin's sites from which the finer toggles are made; "" for none."""
    tier: ClassVar[int] = 2
    """1: a compiler switch, tried first. 2: needs the syntax tree or evidence. 3: changes both sides, tried last."""

    indicates: ClassVar[str] = ""
    """When a check reports this cause's findings without an experiment: "always" for what no runner here can show,
    "unexplained" where the answers differ and nothing restores them, "" never."""

    part_of: ClassVar[str] = ""
    """The cause under whose name the findings and toggles are reported, where that is another."""

    @property
    def reported_name(self) -> str:
        """The name that users see."""
        return self.part_of or self.name

    def scan(self, unit: Unit, context: Context) -> Iterable[Finding]:
        """Places that look like this cause from the source alone. Cheap, may be wrong: certainty is "indicated"."""
        return ()

    def toggles(self, context: Context) -> Iterable[Toggle]:
        """Everything that can be switched off, each at the smallest place at which it can."""
        return ()

    def cures(self, chosen: Sequence[Toggle], context: Context) -> Iterable[SourceEdits]:
        """Changes of the source that remove the cause at the chosen toggles' places, smallest first. The default is
        for causes whose toggles are source edits already: the same edits, together."""
        actions = [toggle.action for toggle in chosen]
        if actions and all(isinstance(action, SourceEdits) for action in actions):
            yield merged([action for action in actions if isinstance(action, SourceEdits)])


def merged(actions: Sequence[SourceEdits]) -> SourceEdits:
    """Several source edits as one; equal edits and preludes stand once, in their first order."""
    edits = dict.fromkeys(edit for action in actions for edit in action.edits)
    preludes = dict.fromkeys(prelude for action in actions for prelude in action.preludes)
    return SourceEdits(tuple(edits), tuple(preludes))
