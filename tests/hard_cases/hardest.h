/* The hardest arguments seen so far, of each of two kinds: the function's value is nearest to a midpoint of two numbers
   of the format ("tie"), or to a number of the format ("double") without being it. MPFR measures. */
#ifndef HARDEST_H
#define HARDEST_H

#include "../native/oracle.h"

enum { MOST_KEPT = 1000, BITS = 320 };

/* What counts as near a midpoint or a number, in half ulp. */
#ifndef NEAR_AT_FIRST
#define NEAR_AT_FIRST 0x1p-28
#endif

/* Which argument runs; the other one, of a function of two arguments, stays. */
struct subject { const struct function *function; double fixed; int fixed_first; };

struct candidate { double x, distance; };
static struct subject subject;
static struct candidate kept[2][MOST_KEPT];
static int kept_number[2], keep;
static uint64_t near = (uint64_t)(NEAR_AT_FIRST * 0x1p64); /* in 2^-64; becomes less when enough are kept */

static void evaluate(double x, mpfr_t result) {
    mpfr_t a, b;
    mpfr_init2(a, 53), mpfr_init2(b, 53);
    mpfr_set_d(a, x, MPFR_RNDN), mpfr_set_d(b, subject.fixed, MPFR_RNDN);
    if (subject.function->arguments == 1) subject.function->mpfr_unary(result, a, MPFR_RNDN);
    else if (subject.fixed_first) subject.function->mpfr_binary(result, b, a, MPFR_RNDN);
    else subject.function->mpfr_binary(result, a, b, MPFR_RNDN);
    mpfr_clear(a), mpfr_clear(b);
}

static inline double from_bits(uint64_t bits) { double x; memcpy(&x, &bits, 8); return x; }
static inline uint64_t to_bits(double x) { uint64_t bits; memcpy(&bits, &x, 8); return bits; }

/* How far f(x) is from the nearest multiple of half an ulp, in ulp; 0 if it is one, 2 if it is not a normal number.
   `tie` says whether that multiple is a midpoint. */
static double distance(int precision, double x, int *tie) {
    mpfr_t f, nearest;
    mpfr_init2(f, BITS), mpfr_init2(nearest, BITS);
    evaluate(x, f);
    double result = 2;
    long smallest = precision == 53 ? -1021 : -125, largest = precision == 53 ? 1024 : 128;
    if (mpfr_number_p(f) && !mpfr_zero_p(f) && mpfr_get_exp(f) >= smallest && mpfr_get_exp(f) <= largest) {
        mpfr_mul_2si(f, f, precision + 1 - mpfr_get_exp(f), MPFR_RNDN);
        mpfr_rint(nearest, f, MPFR_RNDN);
        *tie = (int)(mpfr_get_si(nearest, MPFR_RNDN) & 1);
        mpfr_sub(f, f, nearest, MPFR_RNDN);
        result = fabs(mpfr_get_d(f, MPFR_RNDN)) / 2;
    }
    mpfr_clear(f), mpfr_clear(nearest);
    return result;
}

static void judge(int precision, double x) {
    int tie = 0;
    double d = distance(precision, x, &tie);
    if (d == 0 || d >= NEAR_AT_FIRST) return;
    struct candidate *list = kept[tie];
    int n = kept_number[tie];
    if (n == keep && d >= list[n - 1].distance) return;
    for (int k = 0; k < n; ++k)
        if (list[k].x == x) return;
    n = n < keep ? n : keep - 1;
    while (n && list[n - 1].distance > d) list[n] = list[n - 1], --n;
    list[n] = (struct candidate){x, d};
    kept_number[tie] += kept_number[tie] < keep;
    if (kept_number[0] == keep && kept_number[1] == keep) {
        double worst = fmax(kept[0][keep - 1].distance, kept[1][keep - 1].distance) * 0x1p65 * 1.001 + 0x1p12;
        if (worst < (double)near) near = (uint64_t)worst;
    }
}

static void print_hardest(void) {
    for (int tie = 1; tie >= 0; --tie)
        for (int k = 0; k < kept_number[tie]; ++k)
            printf("%a %s %.2f\n", kept[tie][k].x, tie ? "tie" : "double", log2(kept[tie][k].distance));
}

#endif
