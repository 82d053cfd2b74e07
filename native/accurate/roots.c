/* cbrt, hypot and rsqrt, accurate path: Newton's iterations from a double. A root that is not itself a number of 54 bits keeps a
   distance of 2^-162 (cbrt, rsqrt) or 2^-160 (hypot) from all of them: with y such a number, x - y³, 1 - xy² and a² + b² - y² are not 0, and they are
   integers in units of the last bits (Iordache and Matula, "On infinitely precise rounding for division, square root, reciprocal and
   square root reciprocal", 1999). So wide_encoding tells exact cases and midpoints from the others. */
#include "entries.h"

/* 1/∛d to about 2^-50 for 1 <= d < 8: lines off by less than 3 %, and r·(4 - d·r³)/3, which squares the error and doubles it. */
static double reciprocal_cube_root(double d) {
    double r = d < 2 ? 1.18 - 0.2 * d : d < 4 ? 0.95 - 0.08 * d : 0.76 - 0.0325 * d;
    for (int i = 0; i < 4; ++i) r += r * (1 - d * r * r * r) * (1.0 / 3);
    return r;
}

/* 1 - d·r³ */
static wide cube_defect(wide d, wide r) {
    return wide_subtract(wide_from_u64(1, 0, false), wide_multiply(d, wide_multiply(r, wide_multiply(r, r))));
}

static wide cbrt_of(double x, range limits, unsigned *status) {
    (void)limits, (void)status;
    static const wide third = {.significand = {{0xaaaaaaaaaaaaaaaa, 0xaaaaaaaaaaaaaaaa, 0xaaaaaaaaaaaaaaaa, 0xaaaaaaaaaaaaaaaa}}, .exponent = -2};
    wide a = wide_from_f64(x);
    if (wide_is_zero(a) || a.kind == WIDE_INFINITE) return a;
    int remainder = (int)(((a.exponent % 3) + 3) % 3);
    int64_t scale = (a.exponent - remainder) / 3;
    wide d = wide_scaled(wide_magnitude(a), -3 * scale);
    wide r = wide_from_f64(reciprocal_cube_root(wide_leading(d) * (1 << remainder)));
    /* 1/∛d = r·(1 + e/3 + 2e²/9 + 14e³/81 + …): 50 bits become 150, and 300. In 2e²/9 a double's 2/9 is enough. */
    wide e = cube_defect(d, r);
    wide step = wide_add(wide_multiply(e, third), wide_multiply(wide_multiply(e, e), wide_from_f64(2.0 / 9)));
    r = wide_add(r, wide_multiply(r, step));
    r = wide_add(r, wide_multiply(r, wide_multiply(cube_defect(d, r), third)));
    wide root = wide_scaled(wide_multiply(d, wide_multiply(r, r)), scale);
    root.negative = a.negative;
    return root;
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
