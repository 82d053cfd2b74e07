/* atan, atan2, asin and acos, accurate path. For 0 <= a <= b and j/128 nearest to a/b, atan(a/b) = atan(j/128) +
   atan(z), z = (128a - jb)/(128b + ja), |z| < 2^-7.9, by a table and Taylor's series; the other octants by symmetry.
   asin(x) = atan2(x, √(1 - x²)) and acos(x) = atan2(√(1 - x²), x), with 1 - x² = (1 - x)(1 + x), which does not
   cancel. */
#include "entries.h"
#include "inverse_data.h"

enum { TERMS = sizeof ARCTANGENT_SERIES / sizeof *ARCTANGENT_SERIES };

/* Below 2^-90 an arctangent is told from its argument, which may be a midpoint, only by its side: atan(z) < z. */
enum { TINY_EXPONENT = -90 };

static wide quarter_pi(int count) { /* count·π/4, count 1, 2 or 4 */
    return wide_from_fraction(QUARTER_PI, count / 2, false);
}

/* atan(z) for |z| < 2^-7.9; relative error less than 2^-220. */
static wide small_arctangent(wide z) {
    bool borrow;
    if (wide_is_zero(z)) return z;
    if (z.exponent < TINY_EXPONENT) {
        z.rest = -1;
        return z;
    }
    fraction f = wide_to_fraction(z), u = fraction_multiply(f, f), sum = ARCTANGENT_SERIES[TERMS - 1];
    for (int k = TERMS - 2; k >= 0; --k)
        sum = fraction_subtract(ARCTANGENT_SERIES[k], fraction_multiply(u, sum), &borrow);
    sum = fraction_subtract((fraction){{0}}, fraction_multiply(u, sum), &borrow);
    return wide_multiply(z, wide_from_fraction(sum, 0, false));
}

/* atan2(y, x) of numbers that are not both 0 and may have any exponents; the magnitude is in [0, π]. */
static wide arctangent(wide y, wide x) {
    wide b = wide_magnitude(x), a = wide_magnitude(y), result;
    bool swapped = wide_compare_magnitudes(a, b) > 0;
    if (swapped) {
        wide c = a;
        a = b, b = c;
    }
    int64_t j = 0, apart = a.exponent - b.exponent;
    if (wide_is_zero(a)) {
        result = wide_zero(false);
    } else {
        if (apart >= -8) j = (int64_t)(wide_leading(a) / wide_leading(b) * (double)(1 << (8 + apart)) * 0.5 + 0.5);
        wide numerator = a, denominator = b;
        if (j) {
            wide factor = wide_from_integer(j);
            numerator = wide_subtract(wide_scaled(a, 7), wide_multiply(b, factor));
            denominator = wide_add(wide_scaled(b, 7), wide_multiply(a, factor));
        }
        result = wide_is_zero(numerator) ? numerator : small_arctangent(wide_divide(numerator, denominator));
        if (j) result = wide_add(wide_from_fraction(ARCTANGENTS[j], 0, false), result);
    }
    if (swapped) result = wide_subtract(quarter_pi(2), result);
    if (x.negative) result = wide_subtract(quarter_pi(4), result);
    result.negative = y.negative;
    return result;
}

static wide atan2_of(double y, double x, range limits, unsigned *status) {
    (void)status;
    wide a = wide_from_f64(y), b = wide_from_f64(x), result;
    bool far_a = a.kind == WIDE_INFINITE, far_b = b.kind == WIDE_INFINITE;
    if (far_a || far_b || wide_is_zero(a) || wide_is_zero(b)) {
        if (far_a && far_b) result = b.negative ? wide_multiply(quarter_pi(1), wide_from_integer(3)) : quarter_pi(1);
        else if (far_a || (wide_is_zero(b) && !wide_is_zero(a))) result = quarter_pi(2);
        else result = b.negative ? quarter_pi(4) : wide_zero(false);
        result.negative = a.negative;
        return result;
    }
    if (!b.negative && a.exponent - b.exponent < limits.underflow - 1) return wide_beneath(a.negative);
    return arctangent(a, b);
}

static wide atan_of(double x, range limits, unsigned *status) {
    (void)limits, (void)status;
    wide a = wide_from_f64(x);
    if (wide_is_zero(a)) return a;
    if (a.kind == WIDE_INFINITE) {
        wide result = quarter_pi(2);
        result.negative = a.negative;
        return result;
    }
    return arctangent(a, wide_from_u64(1, 0, false));
}

/* √(1 - x²) for |x| <= 1. */
static wide cosine_of_arcsine(wide x) {
    wide one = wide_from_u64(1, 0, false);
    return wide_root(wide_multiply(wide_subtract(one, x), wide_add(one, x)));
}

static wide asin_of(double x, range limits, unsigned *status) {
    (void)limits;
    wide a = wide_from_f64(x);
    if (a.kind == WIDE_INFINITE || x > 1 || x < -1) return wide_invalid(status);
    if (wide_is_zero(a)) return a;
    if (a.exponent < TINY_EXPONENT) {
        a.rest = 1;
        return a;
    }
    return arctangent(a, cosine_of_arcsine(a));
}

static wide acos_of(double x, range limits, unsigned *status) {
    (void)limits;
    wide a = wide_from_f64(x);
    if (a.kind == WIDE_INFINITE || x > 1 || x < -1) return wide_invalid(status);
    if (x == 1) return wide_zero(false);
    if (wide_is_zero(a)) return quarter_pi(2);
    return arctangent(cosine_of_arcsine(a), a);
}

ACCURATE_UNARY(atan)
ACCURATE_UNARY(asin)
ACCURATE_UNARY(acos)
ACCURATE_BINARY(atan2)
