/* How accurate a function of the accurate path is before its one rounding: the largest relative error against MPFR.

   cc -DSOURCE='"../../native/accurate/exp.c"' -DFUNCTION=exp [-DTWO_ARGUMENTS] accurate_error.c OTHERS -lmpfr -lgmp
       accurate_error COUNT SEED     exit status 1 if the error reaches 2^-190, which wide.h builds on

   Arguments are doubles of all exponents, values near 1, and short ones. */
#include <mpfr.h>
#include <stdio.h>
#include <stdlib.h>

#include SOURCE

#define CONCATENATED(a, b) a##b
#define NAMED(a, b) CONCATENATED(a, b)

#define mpfr_rsqrt mpfr_rec_sqrt

static uint64_t random_state;
static uint64_t random_bits(void) {
    uint64_t z = random_state += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

static double argument(void) {
    uint64_t bits = random_bits() >> 12, kind = random_bits() % 6, exponent = 0;
    if (kind == 0) exponent = 1 + random_bits() % 2046;
    if (kind == 1) exponent = 1023 - 60 + random_bits() % 72;
    if (kind == 2) exponent = 1023 - 10 + random_bits() % 20;
    if (kind == 3) exponent = 1023, bits >>= random_bits() % 52;
    if (kind == 4) exponent = 1022, bits = (((uint64_t)1 << 52) - 1) & ~(bits >> random_bits() % 52);
    if (kind == 5) exponent = 1023 + random_bits() % 10, bits &= ~(uint64_t)0 << (42 + random_bits() % 10);
    bits |= exponent << 52 | random_bits() << 63;
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* A power with an exponent so small that 1 is its rounding is given as 1. */
static bool is_one(wide a) {
    const uint64_t *limb = a.significand.limb;
    return a.exponent == 0 && limb[3] << 1 == 0 && !(limb[2] | limb[1] | limb[0]);
}

int main(int count, char **arguments) {
    if (count != 3) return 2;
    long rounds = atol(arguments[1]), compared = 0, worst = -1000;
    random_state = strtoull(arguments[2], NULL, 10);
    double worst_x = 0, worst_y = 0;
    mpfr_t x, y, got, want;
    mpfr_inits2(400, x, y, got, want, (mpfr_ptr)0);
    for (long i = 0; i < rounds; ++i) {
        unsigned status = 0;
        double a = argument(), b = argument();
        mpfr_set_d(x, a, MPFR_RNDN), mpfr_set_d(y, b, MPFR_RNDN);
#ifdef TWO_ARGUMENTS
        wide value = NAMED(FUNCTION, _of)(a, b, range_f64, &status);
#else
        wide value = NAMED(FUNCTION, _of)(a, range_f64, &status);
#endif
        /* Beyond the range, and where a neighbouring number stands for the value, there is nothing to measure. */
        bool beyond = value.exponent > 1100 || value.exponent < -1100;
        if (value.kind != WIDE_NUMBER || wide_is_zero(value) || beyond) continue;
#ifdef TWO_ARGUMENTS
        NAMED(mpfr_, FUNCTION)(want, x, y, MPFR_RNDN);
#else
        NAMED(mpfr_, FUNCTION)(want, x, MPFR_RNDN);
#endif
        mpfr_set_zero(got, 1);
        for (int limb = 3; limb >= 0; --limb) {
            mpfr_mul_2ui(got, got, 64, MPFR_RNDN);
            for (int half = 32; half >= 0; half -= 32) { /* unsigned long may have 32 bits */
                mpfr_set_ui_2exp(x, value.significand.limb[limb] >> half & 0xffffffff, half, MPFR_RNDN);
                mpfr_add(got, got, x, MPFR_RNDN);
            }
        }
        mpfr_mul_2si(got, got, (long)value.exponent - 255, MPFR_RNDN);
        mpfr_setsign(got, got, value.negative, MPFR_RNDN);
        mpfr_sub(got, got, want, MPFR_RNDN);
        mpfr_div(got, got, want, MPFR_RNDN);
        ++compared;
        if (!mpfr_zero_p(got) && !value.rest && !is_one(value) && mpfr_get_exp(got) > worst) {
            worst = mpfr_get_exp(got), worst_x = a, worst_y = b;
        }
    }
    printf("%ld compared, largest relative error below 2^%ld at %a %a\n", compared, worst, worst_x, worst_y);
    return worst > -190;
}
