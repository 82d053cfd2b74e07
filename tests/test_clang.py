"""Programs that are built with Clang: fused products are named and cured by function."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

SOURCE = """\
#include <stdio.h>

static double innocent(double a, double b) { return a * b; }

static double area(double a, double b, double c)
{
    return a * b - c;
}

int main(int argc, char **argv)
{
    double tenth = argc * 0.1;
    (void)argv;
    printf("%.17g %.17g\\n", area(tenth, tenth, 0.01), innocent(tenth, 3));
}
"""


def test_a_fused_product_that_clang_made_is_named_to_its_function(tmp_path: Path) -> None:
    tree = tmp_path / "area"
    tree.mkdir()
    (tree / "area.c").write_text(SOURCE)
    command = [sys.executable, "-m", "bitfast", "check", str(tree), "--json", str(tmp_path / "r.json"), "-q"]
    subprocess.run([*command, "--build", "clang -O2 area.c -o area"], check=True, timeout=300)
    said = json.loads((tmp_path / "r.json").read_text())
    assert said["verdict"] == "cured"
    assert said["target"]["compiler"].startswith("clang")
    (cause,) = said["causes"]
    assert cause["cause"] == "fused-multiply-add"
    assert [(place["line"], place["function"]) for place in cause["places"]] == [(5, "area")]
    assert "clang fp contract(off)" in said["cure"]["patch"]
