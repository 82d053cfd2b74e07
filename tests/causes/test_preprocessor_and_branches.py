"""architecture-branch: which conditions differ between the chips; deciding them alike gives the same answer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bitfast.causes import cause_named
from bitfast.causes.preprocessor import built_in_macros, conditions, inactive
from bitfast.causes.sourcefile import SourceFile
from bitfast.words import Side, Sides
from tests.causes.both_sides import program

X86, ARM = built_in_macros("x86_64-linux-gnu"), built_in_macros("aarch64-linux-gnu")

VALUES = [
    ("#if defined(__x86_64__) && !defined(NOTHING_KNOWN)", None, False),
    ("#if defined __x86_64__ || defined __aarch64__", True, True),
    ("#if __SSE2__ + 0 >= 1", True, False),
    ("#ifndef __ARM_NEON", True, False),
    ("#if __GNUC__ >= 4 && (1 << 2) == 4 && 7 / 2 * 2 == 6", True, True),
    ("#if __has_include(<x.h>)", None, None),
    ("#if LDBL_MANT_DIG > 64", False, True),
    ("#if CHAR_MIN < 0", True, False),
    ("#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__", True, True),
    ("#if 0x10 == 16 && 010 == 8 && 10UL == 10", True, True),
    ("#if UNKNOWN && 0", False, False),
    ("#if defined(_MSC_VER) || defined(__AVX512F__)", False, False),
]


@pytest.mark.parametrize(("line", "reference", "target"), VALUES)
def test_a_condition_has_the_value_that_each_chips_compiler_gives_it(line, reference, target):
    (condition,) = conditions(SourceFile("a.c", "c", f"{line}\nint a;\n#endif\n"))
    assert (condition.value(X86), condition.value(ARM)) == (reference, target)


def test_what_the_preprocessor_leaves_out_is_known():
    text = "#ifdef __x86_64__\nA\n#elif defined(__aarch64__)\nB\n#else\nC\n#endif\nD\n"
    file = SourceFile("a.c", "c", text)
    for macros, kept in ((X86, "AD"), (ARM, "BD"), (built_in_macros("riscv64-linux-gnu"), "CD")):
        ranges = inactive(file, macros)
        assert [
            letter for letter in "ABCD" if not any(a <= text.index(f"\n{letter}\n") < b for a, b in ranges)
        ] == list(kept)


SOURCE = """\
#include <stdio.h>
#include <float.h>
#if defined(__x86_64__) || defined(__aarch64__)
#define SCALE 1
#endif
#ifdef __FP_FAST_FMA
#define STEP 2
#else
#define STEP 3
#endif
static int order(void)
{
#if (defined ( __x86_64__ ) && LDBL_MANT_DIG == 64) /* chip */
    return 1;
#elif defined(__ARM_NEON) && __ARM_ARCH >= 8
    return 2;
#else
    return 3;
#endif
}
int main(void) { printf("%d %d %d\\n", SCALE, STEP, order()); return 0; }
"""


def test_each_condition_that_differs_is_one_toggle_and_all_together_restore_the_answer(tmp_path):
    made = program(tmp_path, {"a.c": SOURCE})
    cause = cause_named("architecture-branch")
    towards, common = made.toggles(cause, Sides.TARGET), made.toggles(cause, Sides.BOTH)
    assert sorted(toggle.place.line for toggle in towards) == [6, 13, 15]
    assert [toggle.place.function for toggle in towards if toggle.place.line == 13] == ["order"]
    assert made.answer(Side.REFERENCE) == "1 3 1\n"
    assert made.answer(Side.TARGET) == "1 2 2\n"
    assert made.answer(Side.TARGET, towards) == "1 3 1\n"
    assert made.answer(Side.TARGET, common) == made.answer(Side.REFERENCE, common) == "1 2 2\n"
    one = [toggle for toggle in towards if toggle.place.line == 6]
    assert made.answer(Side.TARGET, one) == "1 3 2\n"
    (cure,) = cause.cures(common, made.context)
    cured = [replace(toggle, action=cure, reference_action=None) for toggle in common[:1]]
    assert made.answer(Side.TARGET, cured) == made.answer(Side.REFERENCE, cured) == "1 2 2\n"


def test_a_branch_with_intrinsics_is_not_forced_on_a_chip_without_them(tmp_path):
    text = "#ifdef __SSE2__\n#include <emmintrin.h>\n__m128 zero;\n#endif\nint main(void) { return 0; }\n"
    made = program(tmp_path, {"a.c": text})
    assert [toggle.sides for toggle in made.toggles(cause_named("architecture-branch"))] == [Sides.BOTH]
