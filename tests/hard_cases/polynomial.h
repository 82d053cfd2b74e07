/* A function of consecutive doubles as a polynomial: F(i) = 2·|f(x0 + i ulp)|/ulp(f), so that its integers are the
   doubles (even) and the midpoints between them (odd). Interpolated in MPFR, then used modulo 1 in fixed point. */
#ifndef POLYNOMIAL_H
#define POLYNOMIAL_H

#include "hardest.h"

enum { DEGREE = 7 };
typedef unsigned __int128 u128;

struct polynomial { mpfr_t c[DEGREE + 1]; };

static void polynomial_init(struct polynomial *p) { for (int k = 0; k <= DEGREE; ++k) mpfr_init2(p->c[k], BITS); }

/* Newton's interpolation at i = 0, h, …, DEGREE·h with h = length/DEGREE. False if the function changes its binade
   there or the terms do not fall to 2^-60. */
static int interpolate(struct polynomial *p, double x0, uint64_t length) {
    uint64_t h = length / DEGREE;
    mpfr_t *d = p->c, step;
    mpfr_exp_t exponent = 0;
    for (int k = 0; k <= DEGREE; ++k) {
        evaluate(from_bits(to_bits(x0) + (uint64_t)k * h), d[k]);
        if (!mpfr_number_p(d[k]) || mpfr_zero_p(d[k])) return 0;
        if (k && mpfr_get_exp(d[k]) != exponent) return 0;
        exponent = mpfr_get_exp(d[k]);
        if (exponent < -1020) return 0;
        mpfr_abs(d[k], d[k], MPFR_RNDN);
        mpfr_mul_2si(d[k], d[k], 54 - exponent, MPFR_RNDN);
    }
    for (int order = 1; order <= DEGREE; ++order) /* divided differences */
        for (int k = DEGREE; k >= order; --k) {
            mpfr_sub(d[k], d[k], d[k - 1], MPFR_RNDN);
            mpfr_div_ui(d[k], d[k], (unsigned long)order, MPFR_RNDN);
        }
    if (fabs(mpfr_get_d(d[DEGREE], MPFR_RNDN)) > 0x1p-60) return 0;
    mpfr_init2(step, BITS);
    for (int k = DEGREE - 1; k >= 0; --k) /* Σ d[k]·t·(t-1)…(t-k+1) to powers of t */
        for (int j = k; j < DEGREE; ++j) {
            mpfr_mul_ui(step, d[j + 1], (unsigned long)k, MPFR_RNDN);
            mpfr_sub(d[j], d[j], step, MPFR_RNDN);
        }
    mpfr_set_ui(step, 1, MPFR_RNDN);
    for (int k = 1; k <= DEGREE; ++k) {
        mpfr_mul_ui(step, step, h, MPFR_RNDN);
        mpfr_div(d[k], d[k], step, MPFR_RNDN);
    }
    mpfr_clear(step);
    return 1;
}

/* p(i) as a polynomial of i - s: what is known of it at s (Horner's scheme, repeated). */
static void shift(const struct polynomial *p, uint64_t s, struct polynomial *at) {
    mpfr_t step;
    mpfr_init2(step, BITS);
    for (int k = 0; k <= DEGREE; ++k) mpfr_set(at->c[k], p->c[k], MPFR_RNDN);
    for (int k = 0; k < DEGREE; ++k)
        for (int j = DEGREE - 1; j >= k; --j) {
            mpfr_mul_ui(step, at->c[j + 1], s, MPFR_RNDN);
            mpfr_add(at->c[j], at->c[j], step, MPFR_RNDN);
        }
    mpfr_clear(step);
}

/* x modulo 1, in units of 2^-128. */
static u128 modulo_one(const mpfr_t x) {
    static mpfr_t f, high;
    static int ready;
    if (!ready) mpfr_init2(f, BITS), mpfr_init2(high, 64), ready = 1;
    mpfr_frac(f, x, MPFR_RNDN);
    int negative = mpfr_signbit(f);
    mpfr_abs(f, f, MPFR_RNDN);
    mpfr_mul_2ui(f, f, 64, MPFR_RNDN);
    u128 value = (u128)mpfr_get_ui(f, MPFR_RNDZ) << 64;
    mpfr_frac(f, f, MPFR_RNDN);
    mpfr_mul_2ui(f, f, 64, MPFR_RNDN);
    value |= mpfr_get_ui(f, MPFR_RNDZ);
    return negative ? -value : value;
}

#endif
