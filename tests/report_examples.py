"""Results of checks as the report gets them, one for each verdict, for the report's tests."""

from __future__ import annotations

from dataclasses import replace

from bitfast.words import (
    Certainty,
    CureResult,
    Difference,
    FirstDifference,
    Hindrance,
    Masked,
    NamedCause,
    Place,
    Result,
    SideInfo,
    Sides,
    Step,
    Tolerance,
    Verdict,
)

REFERENCE = SideInfo("x86_64-linux-gnu", "gcc 12.2.0", "glibc 2.36", "this machine", "Intel Xeon (AVX-512, FMA)")
TARGET = SideInfo("aarch64-linux-gnu", "gcc 12.2.0", "glibc 2.36", "qemu-aarch64 7.2 -cpu neoverse-n1", "neoverse-n1")

PATCH = """\
--- a/src/libqhull/geom.c
+++ b/src/libqhull/geom.c
@@ -55,6 +55,7 @@
   see geom2.c for other functions
 */
 #include "qhull_a.h"
+__attribute__((optimize("fp-contract=off")))
 void qh_distplane(qhT *qh, pointT *point, facetT *facet, realT *dist) {
   coordT *normal= facet->normal, *coordp, randr;
   int k;
@@ -66,5 +67,5 @@
     break;
   case 4:
-    *dist= facet->offset + point[0] * normal[0] + point[1] * normal[1] + point[2] * normal[2];
+    *dist= facet->offset + __builtin_assoc_barrier(point[0] * normal[0]) + point[1] * normal[1];
     break;
   case 5:
"""

_SOURCE = "    *dist= facet->offset + point[0] * normal[0] + point[1] * normal[1] + point[2] * normal[2];"

_PLACES = (
    Place("src/libqhull/geom.c", 68, 49, "qh_distplane"),
    Place("src/libqhull/geom.c", 141, 30, "qh_detsimplex"),
    Place("src/libqhull/geom2.c", 204, 18, "qh_normalize2"),
)

QHULL = Result(
    project="qhull 2020.2",
    verdict=Verdict.CURED,
    reference=REFERENCE,
    target=TARGET,
    differences=(
        Difference("stdout", "text", 494, 385, FirstDifference(line=3, column=2), max_ulp=61_433, max_relative=6.8e-12),
    ),
    side_by_side=(
        ("stdout line 3", "0.3214507212365151 -0.1187", "0.3214507212365149 -0.1187"),
        ("stdout line 4", "-0.7071067811865476 0.25", "-0.7071067811865475 0.25"),
        ("stdout line 9", "0.0013471190832", "0.00134711908319"),
    ),
    masked=(Masked("stdout", "line 497, value 1", ("0.012", "0.013"), "time"),),
    causes=(
        NamedCause(
            "fused-multiply-add",
            Certainty.PROVED,
            _PLACES,
            "GCC fuses a*b + c into one instruction where the chip has it: aarch64 always, plain x86-64 never.",
        ),
    ),
    cure=CureResult(PATCH, 3, True, Sides.TARGET, 1.003, 1.011, "Three expressions stay unfused."),
    translated_flags=("-march=native → -mcpu=neoverse-n1", "-msse4.2 → (dropped)"),
    steps=(
        Step("all causes", True, 4.1),
        Step("fused-multiply-add", True, 2.2),
        Step("fused-multiply-add in src/libqhull/geom.c", True, 0.7),
        Step("libm", False, 0.6),
        Step("char-sign", None, 0.1),
    ),
    commands=(
        "bitfast check debian:qhull --run 'rbox 300 D4 | qconvex s n'",
        "qemu-aarch64 -cpu neoverse-n1 -L /usr/aarch64-linux-gnu target/bin/qconvex s n",
    ),
    notes=("The reference ran three times.",),
    source_lines={
        "src/libqhull/geom.c:68:49": _SOURCE,
        "src/libqhull/geom.c:141:30": "  det= rows[0][0]*rows[1][1] - rows[0][1]*rows[1][0];",
        "src/libqhull/geom2.c:204:18": "\tnorm= sqrt(norm + coord * coord);",
    },
    seconds=31.4,
)

SAME = Result("box2d", Verdict.SAME, REFERENCE, TARGET, seconds=8.0)

TOLERATED = replace(SAME, tolerance=Tolerance(ulp=4, relative=1e-12))

TWO_CAUSES = replace(
    QHULL,
    project="two causes",
    verdict=Verdict.DIFFERS,
    cure=None,
    causes=(
        *QHULL.causes,
        NamedCause("libm", Certainty.INDICATED, (), "exp and pow of glibc round differently on x86-64 with FMA."),
    ),
)

UNEXPLAINED = replace(QHULL, project="riddle", verdict=Verdict.DIFFERS, cure=None, causes=(), side_by_side=())

NONDETERMINISTIC = Result(
    "roulette",
    Verdict.NONDETERMINISTIC,
    REFERENCE,
    TARGET,
    masked=(Masked("stdout", "line 1, value 1", ("12", "99", "7"), "random seed"),),
    causes=(NamedCause("nondeterminism", Certainty.PROVED, (), "srand(time(0)): the answer follows the clock."),),
)

NOT_BUILT = Result(
    "simd",
    Verdict.NOT_BUILT,
    REFERENCE,
    TARGET,
    hindrances=(
        Hindrance("intrinsics", (Place("src/dot.c", 1, 1), Place("src/dot.c", 9, 16, "dot")), "Use SIMDe."),
        Hindrance("missing-dependency", (), "apt-get install libfoo-dev:arm64"),
    ),
    notes=("src/dot.c:1:10: fatal error: immintrin.h: No such file or directory",),
    source_lines={"src/dot.c:1:1": "#include <immintrin.h>"},
)

NOT_RUN = Result("crash", Verdict.NOT_RUN, REFERENCE, TARGET, notes=("The target ended by SIGBUS.",))

HOSTILE = replace(
    QHULL,
    project="</title><script>alert(1)</script>\x1b[2J",
    side_by_side=(("out\x07put", "<img src=x onerror=alert(1)>\x1b]0;owned\x07", "a\u202eb & 'c' \"d\" \udcff"),),
    causes=(
        NamedCause(
            "fused-multiply-add",
            Certainty.PROVED,
            (Place("sub dir/ä#?\udcff<b>.c", 2, 3, "f<int>"),),
            "{{ 7 * 7 }} [bold]no markup[/bold] :smile:",
        ),
    ),
    source_lines={"sub dir/ä#?\udcff<b>.c:2:3": "</code><script>alert(2)</script>\r\x1b[31m"},
    cure=CureResult("--- a/x\n+++ b/x\n@@ -1 +1 @@\n-<b>\x1b[0m\n+</pre>\n", 1, False, Sides.BOTH, float("nan"), None),
    commands=("rm -rf '</pre>' \x1b[8m",),
)

EXAMPLES = (QHULL, SAME, TOLERATED, TWO_CAUSES, UNEXPLAINED, NONDETERMINISTIC, NOT_BUILT, NOT_RUN, HOSTILE)
