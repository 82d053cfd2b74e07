"""Evidence: what the real sanitizers and valgrind print is read into places."""

from __future__ import annotations

import shutil

import pytest

from bitfast.evidence import parse_tsan, parse_ubsan, parse_valgrind, together
from bitfast.process import run

UNDEFINED = """\
#include <limits.h>
#include <stdio.h>
int main(int argc, char **argv)
{
    volatile double big = 1e10;
    volatile int one = argc, zero = argc - 1, low = INT_MIN;
    printf("%d\\n", (int)big);
    printf("%d\\n", one << 40 * one);
    printf("%d\\n", __builtin_clz(zero));
    printf("%d\\n", low - one);
    printf("%s\\n", argv[0] ? "" : "x"); printf("%d\\n", one / zero);
    return 0;
}
"""


def built(folder, text, *options):
    (folder / "src").mkdir(parents=True)
    (folder / "src" / "a b.c").write_text(text)
    made = run(["gcc", "-g", "-w", *options, "src/a b.c", "-o", "program"], directory=folder, timeout_seconds=60)
    assert made.ok, made.last_lines()
    return folder / "program"


def test_ubsans_messages_become_kinds_with_line_and_column(tmp_path):
    options = ("-fsanitize=undefined,float-cast-overflow", "-fsanitize-recover=all")
    ran = run([built(tmp_path, UNDEFINED, *options)], directory=tmp_path, timeout_seconds=60)
    said = ran.stderr.decode() + "/usr/include/stdio.h:1:2: runtime error: division by zero\n"
    evidence = parse_ubsan(said, tmp_path / "src", (tmp_path,))
    assert [(kind, place.file, place.line) for kind, place, _ in evidence.events] == [
        ("float-cast-overflow", "a b.c", 7),
        ("shift", "a b.c", 8),
        ("builtin", "a b.c", 9),
        ("signed-integer-overflow", "a b.c", 10),
        ("integer-divide-by-zero", "a b.c", 11),
    ]
    assert all(place.column >= 5 for _, place, _ in evidence.events)
    assert {kind for kind, _, _ in evidence.events} <= evidence.complete


UNINITIALISED = """\
#include <stdio.h>
static __attribute__((noinline)) int decide(const int *flags)
{
    if (flags[1])
        puts("set");
    return 2;
}
static __attribute__((noinline)) int start(void)
{
    int flags[2];
    flags[0] = 1;
    return decide(flags);
}
int main(void) { return start() > 9; }
"""


@pytest.mark.skipif(shutil.which("valgrind") is None, reason="valgrind is not installed")
@pytest.mark.parametrize("xml", [True, False])
@pytest.mark.parametrize("origins", [True, False])
def test_valgrind_names_the_function_whose_variable_was_not_set(tmp_path, xml, origins):
    program = built(tmp_path, UNINITIALISED, "-O1")
    tracking = [f"--track-origins={'yes' if origins else 'no'}"]
    output = ["--xml=yes", f"--xml-file={tmp_path / 'log'}"] if xml else [f"--log-file={tmp_path / 'log'}"]
    run(["valgrind", *tracking, *output, program], directory=tmp_path, timeout_seconds=120)
    text = (tmp_path / "log").read_text()
    evidence = parse_valgrind(text, tmp_path)
    functions = [place.function for place in evidence.places("valgrind-uninitialised")]
    assert functions == (["start"] if origins else ["decide", "start", "main"])
    assert evidence.places("valgrind-uninitialised")[0].file == "src/a b.c"
    assert evidence.complete == {"valgrind-uninitialised"}
    half = text[: text.index("SUMMARY") if not xml else text.index("</valgrindoutput>")]
    assert parse_valgrind(half, tmp_path).complete == frozenset()


RACE = """\
#include <pthread.h>
int letter;
static void *write_it(void *unused)
{
    letter = 1;
    return unused;
}
int main(void)
{
    pthread_t thread;
    pthread_create(&thread, 0, write_it, 0);
    letter = 2;
    pthread_join(thread, 0);
    return 0;
}
"""


def test_a_data_race_is_named_at_both_of_its_accesses(tmp_path):
    ran = run([built(tmp_path, RACE, "-fsanitize=thread", "-O1")], directory=tmp_path, timeout_seconds=60)
    if b"unexpected memory mapping" in ran.stderr:
        pytest.skip("this kernel's address layout is not one that ThreadSanitizer knows")
    evidence = parse_tsan(ran.stderr.decode(), tmp_path, (tmp_path,))
    assert {(place.file, place.line, place.function) for place in evidence.places("tsan")} == {
        ("src/a b.c", 5, "write_it"),
        ("src/a b.c", 12, "main"),
    }


def test_evidence_of_several_tools_is_one(tmp_path):
    both = together([parse_tsan("", tmp_path), parse_ubsan("", tmp_path)])
    assert both.events == ()
    assert {"tsan", "shift"} <= both.complete
