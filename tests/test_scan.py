"""The scan of a tree without a build, and the hindrances in it."""

from __future__ import annotations

import json
import zipfile

import pytest

from bitfast.hindrances import hindrances
from bitfast.process import run
from bitfast.scan import scan
from bitfast.words import BitfastError

INTRINSICS = "#include <emmintrin.h>\n__m128 f(float x) { return _mm_set1_ps(x); } /* _mm_setzero_ps() */\n"
ASSEMBLY = """\
extern int name __asm__("other");
int g(int x) __asm__("g2");
static void barrier(void) { __asm__ volatile("" ::: "memory"); }
unsigned h(void) { unsigned lo, hi; __asm__ volatile("rdtsc" : "=a"(lo), "=d"(hi)); return lo; }
#if defined(__x86_64__)
void pause_it(void) { __asm__("pause"); }
#endif
"""


def found(root, said="", target="aarch64-linux-gnu"):
    return {
        each.cause: sorted((place.file, place.line) for place in each.places) for each in hindrances(root, said, target)
    }


def test_each_hindrance_is_found_at_its_place(tmp_path):
    (tmp_path / "a.c").write_text(INTRINSICS)
    (tmp_path / "b.c").write_text(ASSEMBLY)
    (tmp_path / "c.c").write_text(f"#ifdef __SSE2__\n{INTRINSICS}#endif\n")
    (tmp_path / "Makefile").write_text("# -msse2\nCFLAGS = -O2 -march=native -mavx2 -fsimd-like-msse\n\nLDFLAGS=-m64\n")
    (tmp_path / "config.guess").write_text("#! /bin/sh\n# timestamp='2003-07-02'\ncase i686-linux in esac\n")
    (tmp_path / "fast.S").write_text("/* %rax */\n.globl f\nf:\n    movq %rdi, %rax\n    ret\n")
    assert run(["gcc", "-c", "-x", "c", "/dev/null", "-o", tmp_path / "old.o"], timeout_seconds=60).ok
    assert run(["ar", "rcs", tmp_path / "libold.a", tmp_path / "old.o"], timeout_seconds=60).ok
    with zipfile.ZipFile(tmp_path / "native.jar", "w") as archive:
        archive.write(tmp_path / "old.o", "lib/libx.so")
        archive.writestr("A.class", b"")
    assert found(tmp_path) == {
        "intrinsics": [("a.c", 1), ("a.c", 2)],
        "inline-assembly": [("b.c", 4), ("fast.S", 4)],
        "compiler-option": [("Makefile", 2), ("Makefile", 2), ("Makefile", 4)],
        "prebuilt-binary": [("libold.a", 0), ("native.jar", 0), ("old.o", 0)],
        "generated-code": [("config.guess", 0)],
    }
    assert "SSE2NEON_PRECISE_DIV" in next(each.advice for each in hindrances(tmp_path) if each.cause == "intrinsics")


def test_what_the_targets_build_really_says_is_understood(tmp_path):
    (tmp_path / "a.c").write_text("#include <nosuchlibrary/header.h>\n")
    (tmp_path / "b.c").write_text('int main(void) { __asm__("cpuid"); return 0; }\n')
    (tmp_path / "c.c").write_text("#include <emmintrin.h>\n")
    commands = (["-c", "a.c"], ["-c", "b.c"], ["-c", "c.c"], ["-mavx2", "-c", "a.c"], ["-march=haswell", "-c", "b.c"])
    linking = ["-x", "c", "/dev/null", "-lnosuchlibrary"]
    said = "".join(
        run(["aarch64-linux-gnu-gcc", *command], directory=tmp_path, timeout_seconds=60).stderr.decode()
        for command in (*commands, linking)
    )
    listed = {each.cause: each for each in hindrances(tmp_path, said)}
    assert {(place.file, place.line) for place in listed["missing-dependency"].places} == {("a.c", 1), ("", 0)}
    assert "nosuchlibrary/header.h, nosuchlibrary" in listed["missing-dependency"].advice
    assert ("b.c", 1) in {(place.file, place.line) for place in listed["inline-assembly"].places}
    assert {"-mavx2", "haswell"} <= set(listed["compiler-option"].advice.partition(": ")[0].split(", "))
    assert ("c.c", 1) in {(place.file, place.line) for place in listed["intrinsics"].places}


def test_a_scan_lists_findings_of_every_file_once(tmp_path):
    (tmp_path / "include").mkdir()
    (tmp_path / "include" / "shared.h").write_text('#include "inner.h"\n')
    (tmp_path / "include" / "inner.h").write_text("long double shared(void);\n")
    for name in ("a.c", "b.c"):
        (tmp_path / name).write_text(
            '#include "shared.h"\nint feenableexcept(int);\nint f(void) { return feenableexcept(1); }\n'
        )
    (tmp_path / "k.f90").write_text("module k\n  integer, parameter :: w = selected_real_kind(18)\nend module\n")
    (tmp_path / "Makefile").write_text("CFLAGS = -O3 -ffast-math\n")
    seen = scan(tmp_path)
    listed = sorted((finding.cause, finding.place.file, finding.place.line) for finding in seen.findings)
    assert listed == [
        ("floating-point-trap", "a.c", 3),
        ("floating-point-trap", "b.c", 3),
        *(("flush-to-zero", name, 0) for name in ("a.c", "b.c", "k.f90")),
        ("kind-selection", "k.f90", 2),
        ("long-double", "include/inner.h", 1),
        *(("reassociation", name, 0) for name in ("a.c", "b.c", "k.f90")),
    ]
    assert seen.files == 5


def test_a_compilation_database_gives_the_options(tmp_path):
    (tmp_path / "src").mkdir()
    for name in ("a.c", "b.c", "unused.c"):
        (tmp_path / "src" / name).write_text("double f(double x) { return x; }\n")
    entries = [
        {"directory": str(tmp_path), "file": "src/a.c", "command": "cc -Ofast -o a.o -c src/a.c"},
        {"directory": str(tmp_path / "src"), "file": "b.c", "arguments": ["cc", "-O2", "-c", "b.c"]},
    ]
    (tmp_path / "build").mkdir()
    (tmp_path / "build" / "compile_commands.json").write_text(json.dumps(entries))
    seen = scan(tmp_path)
    assert [(finding.cause, finding.place.file) for finding in seen.findings if finding.cause == "reassociation"] == [
        ("reassociation", "src/a.c")
    ]
    assert seen.files == 2
    (tmp_path / "build" / "compile_commands.json").write_text('[{"directory": 3}]')
    with pytest.raises(BitfastError, match="not a compilation database"):
        scan(tmp_path)


def test_a_single_file_an_empty_folder_and_a_missing_one(tmp_path):
    (tmp_path / "a.c").write_text("long double x;\n")
    (tmp_path / "b.c").write_text("long double y;\n")
    assert [finding.place.file for finding in scan(tmp_path / "a.c").findings] == ["a.c"]
    (tmp_path / "empty").mkdir()
    for path, message in ((tmp_path / "empty", "no C, C\\+\\+ or Fortran source"), (tmp_path / "none", "there is no")):
        with pytest.raises(BitfastError, match=message):
            scan(path)
