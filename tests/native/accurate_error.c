/* How far the accurate path's wides are from the truth before they are rounded: the relative error that wide_encoding
   relies on.

       gcc -DSOURCE='"../../native/accurate/trig.c"' -DFUNCTION=sin [-DTWO_ARGUMENTS] … accurate_error.c -lmpfr -lgmp
       accurate_error COUNT LOW HIGH [LIMIT]   arguments with LOW <= binary exponent <= HIGH, both signs

   Prints log2 of the largest relative error against MPFR with 400 bits, and where it is; exit status 1 above 2^LIMIT
   (-190). Results that say only on which side of a number they are (`rest`) may be off by 2^-55, which is less than a
   quarter of an ulp of float64. */
#define _GNU_SOURCE
#include <stdint.h>
#define MPFR_USE_INTMAX_T
#include <mpfr.h>
#include <stdio.h>
#include <stdlib.h>

#include SOURCE

#define JOINED_(a, b) a##b
#define JOINED(a, b) JOINED_(a, b)
#define TEXT_(a) #a
#define TEXT(a) TEXT_(a)

static __attribute__((unused)) int mpfr_rsqrt(mpfr_t r, const mpfr_t x, mpfr_rnd_t rounding) {
    return mpfr_rec_sqrt(r, x, rounding);
}

static uint64_t state = 1;
static uint64_t draw(void) { /* Vigna's splitmix64 */
    uint64_t z = state += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

static double argument(int low, int high) {
    int exponent = low + (int)(draw() % (uint64_t)(high - low + 1));
    uint64_t bits = (draw() & 0x800fffffffffffff) | (uint64_t)(1023 + exponent) << 52;
    if (draw() % 8 == 0) bits &= ~(uint64_t)0 << (draw() % 52); /* few bits */
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

int main(int argc, char **argv) {
    if (argc < 4) return fprintf(stderr, "usage: %s COUNT LOW HIGH [LIMIT]\n", argv[0]), 2;
    int low = atoi(argv[2]), high = atoi(argv[3]);
    double limit = argc > 4 ? atof(argv[4]) : -190, worst = -1000, worst_x = 0, worst_y = 0;
    long compared = 0;
    mpfr_t a, b, want, got, limb;
    mpfr_inits2(400, a, b, want, got, limb, (mpfr_ptr)0);
    for (long i = 0; i < atol(argv[1]); ++i) {
        double x = argument(low, high), y = argument(low, high);
        unsigned status = 0;
        mpfr_set_d(a, x, MPFR_RNDN), mpfr_set_d(b, y, MPFR_RNDN);
#ifdef TWO_ARGUMENTS
        wide w = JOINED(FUNCTION, _of)(x, y, range_f64, &status);
        JOINED(mpfr_, FUNCTION)(want, a, b, MPFR_RNDN);
#else
        wide w = JOINED(FUNCTION, _of)(x, range_f64, &status);
        JOINED(mpfr_, FUNCTION)(want, a, MPFR_RNDN);
#endif
        if (w.kind != WIDE_NUMBER || w.exponent >= 1024 || w.exponent < -1075 || wide_is_zero(w)) continue;
        mpfr_set_zero(got, 1);
        for (int k = 0; k < 4; ++k) {
            mpfr_set_uj_2exp(limb, w.significand.limb[k], w.exponent + 1 - 256 + 64 * k, MPFR_RNDN);
            mpfr_add(got, got, limb, MPFR_RNDN);
        }
        if (w.negative) mpfr_neg(got, got, MPFR_RNDN);
        mpfr_sub(got, got, want, MPFR_RNDN);
        mpfr_div(got, got, want, MPFR_RNDN);
        ++compared;
        if (mpfr_zero_p(got)) continue;
        double error = (double)mpfr_get_exp(got);
        if (w.rest && error <= -55) continue;
        if (error > worst) worst = error, worst_x = x, worst_y = y;
    }
    printf("%s: %ld compared, largest relative error below 2^%.0f at %a", TEXT(FUNCTION), compared, worst, worst_x);
#ifdef TWO_ARGUMENTS
    printf(", %a", worst_y);
#endif
    printf("\n");
    (void)worst_y;
    return worst > limit || compared == 0;
}
