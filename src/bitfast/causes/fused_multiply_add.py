"""Fused multiply-adds: `a*b + c` rounded once where the chip has the instruction, twice where it has not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path

from bitfast.causes.base import Cause, merged
from bitfast.causes.products import clang_barriers, function_attribute, product_barrier, product_place
from bitfast.words import Context, Flags, Sides, Sites, SourceEdits, Toggle

_PRAGMA = '#pragma GCC optimize ("fp-contract=off")'


class FusedMultiplyAdd(Cause):
    """GCC fuses by default (`-ffp-contract=fast`), also across statements; Clang within expressions. x86-64 has no such
    instruction before FMA3, aarch64, riscv64, POWER and s390x all have it (GCC manual, "Optimize Options")."""

    name = "fused-multiply-add"
    summary = "the compiler fuses a*b + c into one instruction on this chip, which rounds once instead of twice"
    advice = "compile with -ffp-contract=off, or keep the named products apart from their sums"
    tier = 1
    switch = Flags(("-ffp-contract=off",))
    switch_sites = "fma"

    def toggles(self, context: Context) -> Iterable[Toggle]:
        """One toggle per product that GCC may fuse; copies by inlining and templates go together. With Clang, which has
        no such plugin, one per function."""
        sides = Sides.BOTH if context.reference_has_fma else Sides.TARGET
        for site in context.sites:
            if site.kind == "fma":
                why = "this product is fused with the sum that uses it"
                place = product_place(context, site.place)
                yield Toggle(self.name, place, Sites("fma", (site.key,)), sides, site.unit, why=why)
        clang = [unit for unit in context.units if Path(unit.compiler).name.startswith("clang")]
        for file in sorted({file for unit in clang for file in (unit.source, *unit.headers)}):
            for place, action in clang_barriers(context, file):
                yield Toggle(self.name, place, action, sides, why="Clang fuses products with sums in this function")

    def cures(self, chosen: Sequence[Toggle], context: Context) -> Iterator[SourceEdits]:
        """Barriers around the products while they are few, else an attribute on their functions, else a pragma on
        their files. Each is smaller than the next in what it forbids the compiler."""
        if all(isinstance(toggle.action, SourceEdits) for toggle in chosen):
            yield from super().cures(chosen, context)
            return
        places = sorted({toggle.place for toggle in chosen})
        by_file = {file: list(several) for file, several in groupby(places, key=lambda place: place.file)}
        lined = [place for place in places if place.line]
        if len(lined) == len(places):
            barriers = [product_barrier(context, place) for place in places]
            if len(places) <= 4 and all(barriers):
                yield merged([barrier for barrier in barriers if barrier is not None])
            attributes = [function_attribute(context, place) for place in places]
            if all(attributes):
                yield merged([attribute for attribute in attributes if attribute is not None])
            if len(places) > 4 and all(barriers):
                yield merged([barrier for barrier in barriers if barrier is not None])
        if all(_is_c(file) for file in by_file):
            yield SourceEdits((), tuple((file, _PRAGMA) for file in by_file))


def _is_c(file: str) -> bool:
    return not file.lower().endswith((".f", ".for", ".f77", ".f90", ".f95", ".f03", ".f08"))
