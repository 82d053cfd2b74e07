/* The oracle: what a function's correctly rounded answer is, by MPFR, and fast.

   A result is first taken from the C library in the next wider format. If the neighbourhood of that result, wide enough
   for any error the library is known to make there, rounds to one number, that number is expected; else MPFR decides.
   Known errors: Zimmermann et al., "Accuracy of Mathematical Functions in Single, Double, Double Extended, and Quadruple
   Precision": for these functions of glibc, rounding to nearest, at most a few ulp in double and in x87's extended format. The margins are
   64 and 8 ulp. `--mpfr` modes of the programs that include this leave the C library out. */
#ifndef ORACLE_H
#define ORACLE_H

#define _GNU_SOURCE
#include <math.h>
#include <mpfr.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct function {
    const char *name;
    int arguments;
    double (*unary)(double), (*binary)(double, double);
    long double (*unary_wide)(long double), (*binary_wide)(long double, long double);
    int (*mpfr_unary)(mpfr_t, const mpfr_t, mpfr_rnd_t), (*mpfr_binary)(mpfr_t, const mpfr_t, const mpfr_t, mpfr_rnd_t);
};

static inline float rsqrtf(float x) { return 1 / sqrtf(x); }
static double rsqrt(double x) { return 1 / sqrt(x); }
static long double rsqrtl(long double x) { return 1 / sqrtl(x); }
/* C23 F.10.4.9: rsqrt(±0) is ±infinity; MPFR's is +infinity. */
static int mpfr_rsqrt(mpfr_t y, const mpfr_t x, mpfr_rnd_t rounding) {
    if (!mpfr_zero_p(x)) return mpfr_rec_sqrt(y, x, rounding);
    mpfr_set_inf(y, mpfr_signbit(x) ? -1 : 1);
    return 0;
}

static const struct function functions[] = {
#define UNARY(f) {#f, 1, f, 0, f##l, 0, mpfr_##f, 0},
#define BINARY(f) {#f, 2, 0, f, 0, f##l, 0, mpfr_##f},
#include "../../native/functions.h"
};

static const struct function *function_named(const char *name) {
    for (size_t i = 0; i < sizeof functions / sizeof *functions; ++i)
        if (!strcmp(functions[i].name, name)) return functions + i;
    return NULL;
}

/* MPFR's value rounded to nearest in a format of `precision` bits with exponents from emin to emax (MPFR's counting). */
static double by_mpfr(const struct function *f, double x, double y, int precision, long emin, long emax) {
    mpfr_t a, b, r;
    mpfr_init2(a, 53), mpfr_init2(b, 53), mpfr_init2(r, precision);
    mpfr_set_d(a, x, MPFR_RNDN), mpfr_set_d(b, y, MPFR_RNDN);
    mpfr_exp_t low = mpfr_get_emin(), high = mpfr_get_emax();
    mpfr_set_emin(emin), mpfr_set_emax(emax);
    int ternary = f->arguments == 2 ? f->mpfr_binary(r, a, b, MPFR_RNDN) : f->mpfr_unary(r, a, MPFR_RNDN);
    ternary = mpfr_check_range(r, ternary, MPFR_RNDN);
    mpfr_subnormalize(r, ternary, MPFR_RNDN);
    double result = mpfr_get_d(r, MPFR_RNDN);
    mpfr_set_emin(low), mpfr_set_emax(high);
    mpfr_clear(a), mpfr_clear(b), mpfr_clear(r);
    return isnan(result) ? NAN : result;
}

static double mpfr_f64(const struct function *f, double x, double y) { return by_mpfr(f, x, y, 53, -1073, 1024); }
static float mpfr_f32(const struct function *f, float x, float y) { return (float)by_mpfr(f, x, y, 24, -148, 128); }

static inline float expected_f32(const struct function *f, float x, float y) {
    double near = f->arguments == 2 ? f->binary(x, y) : f->unary(x), margin = fabs(near) * 0x1p-46;
    float low = (float)(near - margin), high = (float)(near + margin);
    if (!isfinite(near)) return isnan(near) ? NAN : (float)near;
    return low == high ? low : mpfr_f32(f, x, y);
}

static inline double expected_f64(const struct function *f, double x, double y) {
    long double near = f->arguments == 2 ? f->binary_wide(x, y) : f->unary_wide(x), margin = fabsl(near) * 0x1p-60L;
    double low = (double)(near - margin), high = (double)(near + margin);
    return low == high && fabs(low) > 0x1p-1000 && isfinite(low) ? low : mpfr_f64(f, x, y);
}

/* splitmix64 (Steele, Lea, Flood 2014). */
static inline uint64_t random_bits(uint64_t *state) {
    uint64_t z = *state += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

#endif
