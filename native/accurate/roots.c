/* cbrt, hypot and rsqrt, accurate path: Newton's iterations from a double. A root that is not itself a number of 54
   bits keeps a distance of 2^-162 (cbrt, rsqrt) or 2^-160 (hypot) from all of them: with y such a number, x - y³, 1 -
   xy² and a² + b² - y² are not 0, and they are integers in units of the last bits (Iordache and Matula, "On
   infinitely precise rounding for division, square root, reciprocal and square root reciprocal", 1999). So
   wide_encoding tells exact cases and midpoints from the others. */
#include "entries.h"

/* 1/∛d to about 2^-50 for 1 <= d < 8: lines off by less than 3 %, and r·(4 - d·r³)/3, which squares the error and
   doubles it. */
static double reciprocal_cube_root(double d) {
    double r = d < 2 ? 1.18 - 0.2 * d : d < 4 ? 0.95 - 0.08 * d : 0.76 - 0.0325 * d;
    for (int i = 0; i < 4; ++i) r += r * (1 - d * r * r * r) * (1.0 / 3);
    return r;
}

/* e = 1 - a·(2r)³ with d = a/8. */
static fraction cube_defect(fraction d, fraction r, bool *negative) {
    return fraction_defect(fraction_multiply(d, fraction_multiply(r, fraction_multiply(r, r))), 6, negative);
}

static wide cbrt_of(double x, range limits, unsigned *status) {
    (void)limits, (void)status;
    const fraction third = {{0x5555555555555555, 0x5555555555555555, 0x5555555555555555, 0x5555555555555555}};
    const fraction two_ninths = {{0, 0, 0, 0x38e38e38e38e38e3}};
    bool less;
    wide a = wide_from_f64(x);
    if (wide_is_zero(a) || a.kind == WIDE_INFINITE) return a;
    int remainder = (int)(((a.exponent % 3) + 3) % 3);
    int64_t scale = (a.exponent - remainder) / 3;
    /* d = a/8 and r = 1/2∛a, but for the exponent. 1/∛a = 2r·(1 + e/3 + 2e²/9 + 14e³/81 + …): 50 bits become 150,
       and 300. */
    fraction d = fraction_shift_right(a.significand, 2 - remainder);
    fraction r = fraction_from_f64(0.5 * reciprocal_cube_root(wide_leading(a) * (1 << remainder)));
    fraction e = cube_defect(d, r, &less), second = fraction_multiply(fraction_multiply(e, e), two_ninths);
    r = fraction_corrected(r, fraction_step(fraction_multiply(e, third), second, less), less);
    e = cube_defect(d, r, &less);
    r = fraction_corrected(r, fraction_multiply(e, third), less);
    return wide_from_fraction(fraction_multiply(d, fraction_multiply(r, r)), scale + 5, a.negative);
}

static wide hypot_of(double x, double y, range limits, unsigned *status) {
    (void)limits, (void)status;
    wide a = wide_magnitude(wide_from_f64(x)), b = wide_magnitude(wide_from_f64(y));
    if (a.kind == WIDE_INFINITE || wide_is_zero(b)) return a;
    if (b.kind == WIDE_INFINITE || wide_is_zero(a)) return b;
    if (a.exponent - b.exponent > 60 || b.exponent - a.exponent > 60) { /* the larger, and less than 2^-119 of it */
        wide large = a.exponent > b.exponent ? a : b;
        large.rest = 1;
        return large;
    }
    return wide_root(wide_add(wide_multiply(a, a), wide_multiply(b, b)));
}

/* hypot of an infinity is infinite, whatever else (C23 F.10.4.4). */
static wide hypot_of_nan(double x, double y) {
    bool infinite = wide_from_f64(x).kind == WIDE_INFINITE || wide_from_f64(y).kind == WIDE_INFINITE;
    return infinite ? wide_infinite(false) : wide_nan();
}

static wide rsqrt_of(double x, range limits, unsigned *status) {
    (void)limits;
    wide a = wide_from_f64(x);
    if (wide_is_zero(a)) return wide_pole(a.negative, status);
    if (a.negative) return wide_invalid(status);
    if (a.kind == WIDE_INFINITE) return wide_zero(false);
    return wide_reciprocal_root(a);
}

ACCURATE_UNARY(cbrt)
ACCURATE_BINARY_WITH_NAN(hypot, hypot_of_nan)
ACCURATE_UNARY(rsqrt)
