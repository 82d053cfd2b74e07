"""uninitialised, struct-layout, floating-point-trap, reassociation, page-size and memory-order."""

from __future__ import annotations

from bitfast.causes import cause_named
from bitfast.words import Evidence, Flags, Place, Side, Sides
from tests.causes.both_sides import program, with_evidence

UNINITIALISED = """\
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
enum colour { RED, GREEN };
static int pick(int n)
{
    int a, b = 2, *p;
    enum colour c;
    char name[8], *const q = name;
    struct { int x, y; } pair;
    static int counted;
    extern int errors;
    switch (n) {
        int inside;
    case 1:
        inside = 3;
        a = inside;
        break;
    default:
        a = b;
    }
    p = &a;
    c = GREEN;
    pair.x = 1;
    strcpy(q, "x");
    for (int i; n > 0; n--)
        i = n, a += i;
    return *p + c + pair.x + counted + (int)strlen(name) + errors;
}
int errors;
int main(void)
{
    int *table = malloc(4 * sizeof *table);
    printf("%d\\n", pick(2));
    free(table);
    return 0;
}
"""


def test_every_declaration_that_can_be_given_a_zero_is_one_toggle(tmp_path):
    made = program(tmp_path, {"a.c": UNINITIALISED}, ("-O2", "-Wall", "-Werror", "-std=c99"))
    toggles = made.toggles(cause_named("uninitialised"), Sides.TARGET)
    assert sorted(toggle.why.split()[0] for toggle in toggles) == ["a", "c", "name", "p", "pair", "the"]
    assert made.answer(Side.TARGET, toggles) == made.answer(Side.TARGET)
    assert {toggle.place.function for toggle in toggles} == {"pick", "main"}


def test_cxx_declarations_are_value_initialised_unless_a_constructor_does_it(tmp_path):
    text = (
        "#include <cstdio>\n#include <string>\nstruct Plain { int x; unsigned y[3]; };\n"
        "struct Made { int x; Made() : x(1) {} };\nint main()\n{\n    Plain plain;\n    Made made;\n"
        "    std::string s;\n"
        "    double d, e;\n    int *many = new int[3];\n    d = e = 1; plain.x = 2;\n"
        '    std::printf("%d\\n", made.x + int(d + e) + plain.x + int(s.size()) + many[2]);\n    delete[] many;\n}\n'
    )
    made = program(tmp_path, {"a.cpp": text})
    toggles = made.toggles(cause_named("uninitialised"), Sides.BOTH)
    assert sorted(toggle.place.line for toggle in toggles) == [7, 10, 10, 11]
    assert made.answer(Side.TARGET, toggles) == made.answer(Side.REFERENCE, toggles) == "5\n"


def test_what_valgrind_saw_limits_the_declarations_to_its_functions(tmp_path):
    made = program(tmp_path, {"a.c": UNINITIALISED})
    place = Place("a.c", 33, 0, "main")
    evidence = Evidence((("valgrind-uninitialised", place, ""),), frozenset({"valgrind-uninitialised"}))
    toggles = with_evidence(made, evidence).toggles(cause_named("uninitialised"), Sides.TARGET)
    assert [toggle.place.line for toggle in toggles] == [33]


def test_a_size_that_differs_is_replaced_where_it_is_a_number_and_reported_where_it_writes(tmp_path):
    text = (
        "#include <setjmp.h>\n#include <stddef.h>\n#include <stdio.h>\n#include <stdlib.h>\n#include <sys/stat.h>\n"
        "struct row { struct stat status; int number; };\nint main(void)\n{\n"
        "    struct row *row = malloc(sizeof *row);\n"
        '    int hash = 7 * sizeof(struct stat) + sizeof(int);\n    printf("%zu %d\\n", sizeof row[0].status, hash);\n'
        '    printf("%zu\\n", offsetof(struct row, number));\n    static char bytes[sizeof(int)];\n'
        "    if (row == NULL) fwrite(&row->status, sizeof(struct stat), 1, stdout);\n"
        "    free(row); return bytes[0];\n}\n"
    )
    made = program(tmp_path, {"a.c": text})
    cause = cause_named("struct-layout")
    toggles = made.toggles(cause)
    assert [toggle.place.line for toggle in toggles] == [10, 11, 12]
    assert made.answer(Side.REFERENCE) != made.answer(Side.TARGET)
    assert made.answer(Side.REFERENCE) == made.answer(Side.TARGET, toggles)
    (finding,) = cause.scan(made.context.units[0], made.context)
    assert finding.place.line == 14
    assert "144 bytes on the reference and 128 on aarch64" in finding.why


def test_fortran_traps_by_option_and_by_call_are_left_off(tmp_path):
    text = (
        "program p\n  use ieee_exceptions\n  real(8) :: x\n  read (*, *, end=1) x\n1 x = 0\n"
        "  call ieee_set_halting_mode(ieee_divide_by_zero, .true.)\n  print *, 1 / x\nend program p\n"
    )
    made = program(tmp_path, {"p.f90": text}, ("-O0",))
    toggles = made.toggles(cause_named("floating-point-trap"))
    assert [(toggle.place.line, toggle.place.function) for toggle in toggles] == [(6, "p")]
    assert made.answer(Side.REFERENCE, toggles) == made.answer(Side.TARGET, toggles)
    assert "Infinity" in made.answer(Side.REFERENCE, toggles)
    assert "status" in made.answer(Side.REFERENCE)


OPENMP = """\
#include <stdio.h>
static float sum(const float *x, int n)
{
    float s = 0;
#pragma omp simd \\
    reduction(+ : s)
    for (int i = 0; i < n; i++)
        s += x[i];
    return s;
}
static float product(const float *x, int n)
{
    float s = 1;
#pragma omp parallel for simd reduction(* : s) num_threads(1)
    for (int i = 0; i < n; i++)
        s *= 1 + x[i] / 1e3f;
    return s;
}
int main(void)
{
    float x[999];
    for (int i = 0; i < 999; i++)
        x[i] = 1.0f / (i + 3);
    printf("%.9g %.9g\\n", sum(x, 999), product(x, 999));
    return 0;
}
"""


def test_a_simd_reduction_sums_in_the_order_of_the_source(tmp_path):
    made = program(tmp_path, {"a.c": OPENMP}, ("-O2", "-fopenmp", "-ffp-contract=off"), link=("-fopenmp",))
    toggles = made.toggles(cause_named("reassociation"))
    assert [(toggle.place.line, toggle.place.function) for toggle in toggles] == [(5, "sum"), (14, "product")]
    scalar = program(tmp_path / "scalar", {"a.c": OPENMP}, ("-O2", "-ffp-contract=off"))
    assert made.answer(Side.REFERENCE) != scalar.answer(Side.REFERENCE)
    assert made.answer(Side.REFERENCE, toggles) == made.answer(Side.TARGET, toggles) == scalar.answer(Side.TARGET)


def test_an_option_taken_back_is_no_cause_and_a_function_alone_can_be_ordered(tmp_path):
    text = (
        "#include <stdio.h>\n__attribute__((noinline)) static float sum(const float *x, int n)\n{\n    float s = 0;\n"
        "    for (int i = 0; i < n; i++)\n        s += x[i];\n    return s;\n}\nint main(void)\n{\n    float x[999];\n"
        "    for (int i = 0; i < 999; i++)\n"
        '        x[i] = i * 7919 % 10007 * 0x1p-7f * (i % 13 ? 1 : 12345);\n    printf("%.9g\\n", sum(x, 999));\n}\n'
    )
    back = program(tmp_path / "back", {"a.c": text}, ("-O3", "-ffast-math", "-fno-fast-math"))
    assert back.toggles(cause_named("reassociation")) == []
    made = program(tmp_path / "fast", {"a.c": text}, ("-O3", "-ffast-math"))
    toggles = made.toggles(cause_named("reassociation"))
    alone = [toggle for toggle in toggles if toggle.place.function == "sum" and not isinstance(toggle.action, Flags)]
    assert len(alone) == 1
    assert alone[0].place.line == 6
    ordered = back.answer(Side.REFERENCE)
    assert made.answer(Side.REFERENCE) != ordered
    assert made.answer(Side.REFERENCE, alone) == made.answer(Side.TARGET, alone) == ordered


def test_a_literal_page_size_is_found_unless_the_program_asks_for_it(tmp_path):
    text = "#include <sys/mman.h>\nchar buffer[4096];\nvoid *f(int d) { return mmap(0, 100, 1, 1, d, 3 * 4096); }\n"
    made = program(tmp_path / "a", {"a.c": text, "b.c": "#define PAGE_SHIFT 12\n#define HOURS 12\n"})
    cause = cause_named("page-size")
    found = [finding.place for unit in made.context.units for finding in cause.scan(unit, made.context)]
    assert [(place.file, place.line) for place in found] == [("a.c", 3), ("b.c", 1)]
    asking = program(
        tmp_path / "c", {"a.c": text + "#include <unistd.h>\nlong g(void) { return sysconf(_SC_PAGESIZE); }\n"}
    )
    assert list(cause.scan(asking.context.units[0], asking.context)) == []


def test_volatile_between_threads_and_unordered_double_checks_are_found(tmp_path):
    text = (
        "#include <pthread.h>\n#include <signal.h>\nvolatile int ready;\nvolatile sig_atomic_t stop;\n"
        "static int *table;\n"
        "pthread_mutex_t mutex;\nint *get(void)\n{\n    if (!table) {\n        pthread_mutex_lock(&mutex);\n"
        "        if (!table)\n            table = &(int){1};\n        pthread_mutex_unlock(&mutex);\n    }\n"
        '    __asm__ volatile("" ::: "memory");\n    return table;\n}\n'
        "int start(pthread_t *t, void *(*f)(void *))\n"
        "{ volatile int local = 0; return pthread_create(t, 0, f, 0) + local; }\n"
    )
    made = program(tmp_path, {"a.c": text})
    found = [finding.place.line for finding in cause_named("memory-order").scan(made.context.units[0], made.context)]
    assert found == [3, 15, 9]
    alone = program(tmp_path / "alone", {"b.c": "volatile int ready;\nint main(void) { return ready; }\n"})
    assert list(cause_named("memory-order").scan(alone.context.units[0], alone.context)) == []
