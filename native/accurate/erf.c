/* erf, accurate path. |x| = c + h with c = j/32 nearest to it; Taylor's series about c from a table of erf(c) and
   erf'(c). The derivatives follow from y'' = -2x·y': with G(n) = erf^(n+1)(c)·h^n / 2, G(n+1) = -2h·(c·G(n) +
   n·h·G(n-1)), so that erf(c + h) = erf(c) + 2·Σ G(n)·h/(n+1)!. About 0
   the series 2x/√π·Σ (-1)^n x^(2n)/(n!(2n+1)). */
#include "entries.h"
#include "erf_data.h"

enum {
    STEPS = 32,
    LAST = 6,
    TERMS = sizeof FACTORIALS / sizeof *FACTORIALS,
    NEAR_TERMS = sizeof ERROR_SERIES / sizeof *ERROR_SERIES
};

/* a·n/2^64; the result must be less than 1, the error is less than 2^-256. */
static fraction times(fraction a, uint64_t n) {
    uint64_t carry = (uint64_t)((u128)a.limb[0] * n >> 64);
    fraction product;
    for (int i = 1; i < 4; ++i) {
        u128 step = (u128)a.limb[i] * n + carry;
        product.limb[i - 1] = (uint64_t)step;
        carry = (uint64_t)(step >> 64);
    }
    product.limb[3] = carry;
    return product;
}

/* A fraction with a sign. */
typedef struct { fraction magnitude; bool negative; } signed_fraction;

static signed_fraction sum_of(signed_fraction a, signed_fraction b) {
    bool borrow;
    if (a.negative == b.negative) return (signed_fraction){fraction_add(a.magnitude, b.magnitude, &borrow), a.negative};
    if (fraction_less(a.magnitude, b.magnitude))
        return (signed_fraction){fraction_subtract(b.magnitude, a.magnitude, &borrow), b.negative};
    return (signed_fraction){fraction_subtract(a.magnitude, b.magnitude, &borrow), a.negative};
}

static signed_fraction product_of(signed_fraction a, uint64_t n, bool negative) {
    return (signed_fraction){times(a.magnitude, n), a.negative != negative};
}

/* 1/64 <= x < 6; error less than 2^-200, absolute. */
static wide erf_by_table(double x) {
    int64_t j = (int64_t)(x * STEPS + 0.5);
    double h = x - (double)j / STEPS; /* exact: at most 1/64, and a multiple of 2^-58 as x is */
    bool negative = h < 0;
    uint64_t h64 = (uint64_t)((negative ? -h : h) * 0x1p64);
    uint64_t twice_hc = h64 / 16 * (uint64_t)j; /* exact */
    signed_fraction g = {SLOPES[j], false}, before = {{{0}}, false}, sum = {ERRORS[j], false};
    for (unsigned n = 0; n < TERMS; ++n) {
        signed_fraction gh = product_of(g, h64, negative);
        signed_fraction term = {n ? fraction_multiply(gh.magnitude, FACTORIALS[n - 1]) : gh.magnitude, gh.negative};
        term.magnitude = fraction_shift_left(term.magnitude, 1);
        sum = sum_of(sum, term);
        if (fraction_is_zero(term.magnitude)) break;
        /* before = h·G(n-1) */
        signed_fraction next = sum_of(product_of(g, twice_hc, negative), product_of(before, 2 * n * h64, negative));
        next.negative = !next.negative;
        before = gh, g = next;
    }
    return wide_from_fraction(sum.magnitude, 0, false);
}

/* |x| < 1/64; relative error less than 2^-240. */
static wide erf_near_zero(wide x) {
    bool borrow;
    fraction f = wide_to_fraction(x), u = fraction_multiply(f, f), sum = ERROR_SERIES[NEAR_TERMS - 1];
    for (int n = NEAR_TERMS - 2; n >= 0; --n)
        sum = fraction_subtract(ERROR_SERIES[n], fraction_multiply(u, sum), &borrow);
    wide result = wide_scaled(wide_multiply(x, wide_from_fraction(INVERSE_ROOT_PI, 0, false)), 1);
    sum = fraction_multiply(u, sum);
    if (fraction_is_zero(sum)) return result;
    return wide_multiply(result, wide_from_fraction(fraction_subtract((fraction){{0}}, sum, &borrow), 0, false));
}

static wide erf_of(double x, range limits, unsigned *status) {
    (void)limits, (void)status;
    wide a = wide_from_f64(x), magnitude = wide_magnitude(a), result;
    if (wide_is_zero(a)) return a;
    if (a.kind == WIDE_INFINITE) return wide_from_u64(1, 0, a.negative);
    if (x >= LAST || x <= -LAST) {
        result = wide_from_u64(1, 0, false);
        result.rest = -1;
    } else if (a.exponent < -6) {
        result = erf_near_zero(magnitude);
    } else {
        result = erf_by_table(x < 0 ? -x : x);
    }
    result.negative = a.negative;
    return result;
}

ACCURATE_UNARY(erf)
