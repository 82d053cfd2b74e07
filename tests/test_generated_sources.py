"""Sources that the build generates, and that read otherwise on the two sides."""

from __future__ import annotations

from pathlib import Path

from bitfast.check.search import Search
from bitfast.words import Edit, Evidence, Place, Sides, SourceEdits, Toggle
from tests.benches import Pair, pair

GENERATED = """\
#include <stdio.h>
#include <string.h>
int main(int argc, char **argv)
{
    volatile const char *p = argc > 5 ? argv[1] : "abcdefgh";
    const char *q = argc > 5 ? argv[2] : "abcdXfgz";
    printf("%d\\n", memcmp((const char *)p, q, 8));
    return 0;
}
"""
MAKEFILE = """\
prog: gen.c
	gcc -O0 -fno-builtin gen.c -o prog
gen.c: gen.in
	(echo "/* made on $$(uname -m) */"; cat gen.in) > gen.c
"""


def generated(folder: Path) -> Pair:
    return pair(folder, {"gen.in": GENERATED, "Makefile": MAKEFILE})


def test_a_place_in_a_source_that_reads_otherwise_here_is_found(tmp_path: Path) -> None:
    made = generated(tmp_path)
    made.laboratory.reference.activate()
    found = Search(made.laboratory, made.context, lambda kinds: Evidence()).explain()
    assert [(toggle.cause, toggle.place.line) for toggle in found.toggles] == [("string-order", 8)]


def test_no_edit_is_made_on_the_reference_where_its_source_reads_otherwise(tmp_path: Path) -> None:
    made = generated(tmp_path)
    at = (made.laboratory.target.original("gen.c") or b"").index(b"memcmp")
    edit = SourceEdits((Edit("gen.c", at, at + 6, replacement="0 & memcmp"),))
    toggle = Toggle("string-order", Place("gen.c", 8), edit, Sides.BOTH)
    assert made.laboratory.experiment([toggle], "both") is None
    assert made.laboratory.reference.failures == ["gen.c is not the same text on both sides"]
    assert made.laboratory.reference.rebuilder.compiled == 0
