"""long-double, kind-selection, nan-sign and flush-to-zero: the answers differ, and agree with the toggles switched."""

from __future__ import annotations

from bitfast.causes import cause_named
from bitfast.words import Evidence, Place, Side, Sides
from tests.causes.both_sides import program, with_evidence

LONG = """\
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include "shared.h"
static double harmonic(void)
{
    long double sum = 0.0L, x, third = 1.0L / 3; /* 80 or 128 bits */
    for (int i = 1; i < 100; i++)
        sum += 1.0L / i;
    sscanf("0.1", "%Lf", &x);
    printf("%.25Lf %.25Lf %.3Le\\n", sum, sqrtl(x), LDBL_EPSILON + fabsl(third) * 0);
    return (double)(sum * 1e18L - 1);
}
int main(void)
{
    printf("%.17g %.25Lf %.25Lf\\n", harmonic(), shared(2.0L), strtold("0.1", NULL));
    return 0;
}
"""


def test_long_double_becomes_double_with_its_literals_functions_and_formats(tmp_path):
    header = "long double shared(long double x);\n"
    other = '#include <math.h>\n#include "shared.h"\nlong double shared(long double x) { return sqrtl(x) * M_PIl; }\n'
    made = program(tmp_path, {"a.c": LONG, "b.c": other, "shared.h": header}, ("-O2", "-D_GNU_SOURCE"))
    toggles = made.toggles(cause_named("long-double"))
    assert made.answer(Side.REFERENCE) != made.answer(Side.TARGET)
    agreed = made.answer(Side.REFERENCE, toggles)
    assert agreed == made.answer(Side.TARGET, toggles)
    assert "2.220e-16" in agreed
    assert {(toggle.place.file, toggle.place.line, toggle.place.function) for toggle in toggles} == {
        ("a.c", 8, "harmonic"),
        ("b.c", 3, ""),
    }
    alone = [toggle for toggle in toggles if toggle.place.function == "harmonic"]
    first = [made.answer(side, alone).splitlines()[0] for side in Side]
    assert first[0] == first[1]


def test_a_literal_operator_keeps_its_long_double(tmp_path):
    text = (
        '#include <cstdio>\nconstexpr double operator""_deg(long double x) { return x * 3.14159L / 180; }\n'
        'int main() { long double y = 1.0L / 3; std::printf("%.20Lf %.17g\\n", y, 12.5_deg); }\n'
    )
    made = program(tmp_path, {"a.cpp": text})
    toggles = made.toggles(cause_named("long-double"))
    assert made.answer(Side.REFERENCE, toggles) == made.answer(Side.TARGET, toggles)


def test_kind_ten_is_replaced_everywhere_at_once_and_wider_kinds_are_left(tmp_path):
    text = (
        "program p\n  implicit none\n  real(kind=10) :: a\n  real*10 b\n  complex*20 c\n"
        "  integer, parameter :: q = selected_real_kind(33), w = selected_real_kind(p=17, r=400)\n  real(w) :: d\n"
        "  a = 1.0_10 / 3\n  b = 2.0_10 * a\n  c = cmplx(a, b, 10)\n  d = sqrt(2.0_w)\n"
        "  print *, real(a, 8), real(b, 8), real(real(c), 8), d, q\nend program\n"
    )
    made = program(tmp_path, {"p.f90": text.replace(", 10)", ", kind(a))")})
    toggles = made.toggles(cause_named("kind-selection"))
    assert [toggle.place.line for toggle in toggles] == [6, 3]
    assert made.answer(Side.REFERENCE, toggles) == made.answer(Side.TARGET, toggles)


NAN = """\
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
struct s { double v[2]; };
int main(int argc, char **argv)
{
    double zero = argc - 1, infinite = 1 / zero, given = strtod("nan", NULL), *p = &zero;
    float small = argc - 1;
    struct s s = {{infinite, 2}};
    s.v[argc - 1] -= infinite;
    small /= small;
    double three = sqrt(-(double)argc), four = fmod(infinite, 2);
    (void)argv;
    printf("%f %f %f %f %f %f\\n", zero / *p, s.v[0], small, three, four, given + 1);
    return 0;
}
"""


def test_a_generated_nan_gets_the_sign_that_x86_gives_and_a_given_one_keeps_its_own(tmp_path):
    made = program(tmp_path, {"a.c": NAN})
    toggles = made.toggles(cause_named("nan-sign"), Sides.TARGET)
    assert made.answer(Side.REFERENCE).split()[:4] == ["-nan"] * 4
    assert made.answer(Side.TARGET).split()[:4] == ["nan"] * 4
    kept = [toggle for toggle in toggles if toggle.place.line != 14 or toggle.place.column < 55]
    assert made.answer(Side.TARGET, kept).split()[:4] == made.answer(Side.REFERENCE).split()[:4]
    both = made.toggles(cause_named("nan-sign"), Sides.BOTH)
    assert made.answer(Side.TARGET, both) == made.answer(Side.REFERENCE, both) == "nan nan nan nan nan nan\n"


def test_a_nan_with_a_payload_was_not_generated_and_keeps_its_sign(tmp_path):
    text = (
        "#include <stdio.h>\n#include <stdlib.h>\nint main(int argc, char **argv)\n{\n"
        '    double given = strtod("nan(0x123)", NULL), one = argc;\n    (void)argv;\n'
        '    printf("%f\\n", given - one);\n    return 0;\n}\n'
    )
    made = program(tmp_path, {"a.c": text})
    toggles = made.toggles(cause_named("nan-sign"), Sides.TARGET)
    assert len(toggles) == 1
    assert made.answer(Side.TARGET, toggles) == made.answer(Side.REFERENCE) == "nan\n"


def test_nan_sign_toggles_leave_fused_operations_fused(tmp_path):
    text = (
        "#include <stdio.h>\nint main(int argc, char **argv)\n{\n    double s = 0; (void)argv;\n"
        "    for (int i = 1; i < 50; i++) {\n        double a = argc * 0.1 * i, p = a * (1.0 / 3 + i);\n"
        "        s += p;\n        s = s - a * a / (a + s) + p * s;\n    }\n"
        '    printf("%.17g\\n", s);\n}\n'
    )
    made = program(tmp_path, {"a.c": text})
    toggles = made.toggles(cause_named("nan-sign"), Sides.TARGET)
    assert len(toggles) >= 4
    assert made.answer(Side.REFERENCE) != made.answer(Side.TARGET)
    assert made.answer(Side.TARGET, toggles) == made.answer(Side.TARGET)


def test_evidence_of_invalid_operations_limits_the_toggles_to_their_lines(tmp_path):
    made = program(tmp_path, {"a.c": NAN})
    evidence = Evidence((("invalid-operation", Place("a.c", 11), ""),), frozenset({"invalid-operation"}))
    toggles = with_evidence(made, evidence).toggles(cause_named("nan-sign"), Sides.TARGET)
    assert [toggle.place.line for toggle in toggles] == [11]


SUBNORMAL = """\
#include <stdio.h>
#include <stdlib.h>
int main(void)
{
    volatile double x = strtod("1e-300", NULL);
    x *= 1e-15;
    printf("%g\\n", (double)x * 1e20);
    return 0;
}
"""


def test_a_program_linked_with_fast_math_starts_without_flushing_on_both_sides(tmp_path):
    made = program(tmp_path, {"a.c": SUBNORMAL}, link=("-ffast-math",), target="riscv64-linux-gnu")
    (made.root / "Makefile").write_text("# LDFLAGS = -ffast-math\nall: a\nLDFLAGS += -s -ffast-math\n")
    cause = cause_named("flush-to-zero")
    (toggle,) = made.toggles(cause)
    assert (toggle.place.file, toggle.place.line, toggle.place.column) == ("Makefile", 3, 15)
    assert made.answer(Side.REFERENCE) == "0\n"
    assert made.answer(Side.TARGET) == made.answer(Side.REFERENCE, [toggle]) != "0\n"
    (cure,) = cause.cures([toggle], made.context)
    assert [(edit.file, edit.replacement) for edit in cure.edits] == [("Makefile", "")]


def test_a_reference_that_sets_flush_to_zero_stops_doing_so(tmp_path):
    text = SUBNORMAL.replace("int main", "#ifdef __SSE__\n#include <xmmintrin.h>\n#endif\nint main").replace(
        "    volatile",
        "#ifdef __SSE__\n    _MM_SET_FLUSH_ZERO_MODE(_MM_FLUSH_ZERO_ON);\n#endif\n    volatile",
    )
    made = program(tmp_path, {"a.c": text})
    for sides in Sides:
        toggles = made.toggles(cause_named("flush-to-zero"), sides)
        assert [toggle.place.line for toggle in toggles] == [9]
        assert made.answer(Side.REFERENCE, toggles) == made.answer(Side.TARGET, toggles)
    assert made.answer(Side.REFERENCE) == "0\n" != made.answer(Side.TARGET)
