"""Products kept from fusing in Fortran, where gfortran names a statement's end instead of the product."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from bitfast.causes.products import product_barrier
from bitfast.edits import apply_for_patch
from bitfast.words import Context, Place

STATEMENTS = {
    "a sum of two products": "d = a*b + c*e",
    "a product taken away": "d = c - a*b",
    "a negative product": "d = -a*b + c",
    "a square": "d = d + a**2",
    "a product with an inner sum": "d = a*(b*c + e) + c",
}


def _context(root: Path) -> Context:
    return Context(root, (), (), "aarch64-linux-gnu")


def _fused(source: Path) -> bool:
    command = ["aarch64-linux-gnu-gfortran", "-O2", "-S", source.name, "-o", "-"]
    assembly = subprocess.run(command, cwd=source.parent, capture_output=True, text=True, check=True).stdout
    return re.search(r"\bfn?m(add|sub)\b", assembly) is not None


def _source(folder: Path, statement: str) -> Path:
    source = folder / "s.f"
    head = "      subroutine s(a, b, c, d, e)\n      double precision a, b, c, d, e\n"
    source.write_text(f"{head}      {statement}\n      end\n")
    return source


@pytest.mark.parametrize("statement", STATEMENTS.values(), ids=STATEMENTS.keys())
def test_no_product_of_the_statement_fuses_behind_its_parentheses(tmp_path: Path, statement: str) -> None:
    source = _source(tmp_path, statement)
    assert _fused(source)
    barrier = product_barrier(_context(tmp_path), Place("s.f", 3, 72))
    assert barrier is not None
    source.write_bytes(apply_for_patch(source.read_bytes(), list(barrier.edits), []))
    assert not _fused(source)


def test_parentheses_that_would_leave_the_72_columns_are_not_offered(tmp_path: Path) -> None:
    long = "d = " + "c + " * 14 + "a*b"
    source = _source(tmp_path, long)
    assert len(source.read_text().splitlines()[2]) == 69
    fits = product_barrier(_context(tmp_path), Place("s.f", 3, 72))
    source.write_text(source.read_text().replace("d = ", "d =    "))
    too_long = product_barrier(_context(tmp_path), Place("s.f", 3, 72))
    assert fits is not None
    assert too_long is None
