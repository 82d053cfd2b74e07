/* What the exponential family shares for float32, in double: x = k·ln2/16 + r, |r| < 2^-5.5, and e^x = 2^(k/16)·e^r. */
#ifndef BITFAST_EXP_FAMILY_F32_H
#define BITFAST_EXP_FAMILY_F32_H

#include "exp_family.h"

/* k in the low bits of `k` (bits above the 51st are not cleared). */
typedef struct { i64 k; f64 r; } reduced_f32;

INLINE reduced_f32 reduced_by_ln2_f32(f64 x) {
    f64 rounder = fmadd(x, all(STEPS_PER_UNIT_F32), all(ROUNDER)), k = rounder - ROUNDER;
    f64 r = fnmadd(k, all(STEP_LOW_F32), fnmadd(k, all(STEP_HIGH_F32), x));
    return (reduced_f32){rounder_bits(rounder), r};
}

/* 2^(k/16), |k| < 16000 */
INLINE f64 power_f32(i64 k) {
    return from_bits(bits(lookup16(POWERS_F32, k & 15)) + ((k & ~(int64_t)15) << 48));
}

/* A polynomial of degree 5. */
INLINE f64 polynomial_f32(f64 r, const double c[6]) {
    f64 square = r * r;
    f64 sum = fmadd(square, horner(r, c + 4, 2), horner(r, c + 2, 2));
    return fmadd(square, sum, horner(r, c, 2));
}

/* e^r - 1, its error small beside e^r */
INLINE f64 growth_f32(f64 r) { return r * polynomial_f32(r, GROWTH_F32); }

#if LANES == 1
#include "exp_fine_data.h"

/* 2^(k/256) */
INLINE double fine_power(int64_t k) { return from_bits(bits(POWERS_LESS_STEPS[k & 255]) + (k << 44)); }

/* e^x of one value: float64's steps of ln2/256 leave a polynomial of degree 4; the next term is below 2^-54. */
INLINE double fine_exponential(double x) {
    double rounder = fmadd(x, STEPS_PER_UNIT, ROUNDER), k = rounder - ROUNDER;
    double r = fnmadd(k, STEP_LOW, fnmadd(k, STEP_HIGH, x));
    double power = fine_power(rounder_bits(rounder));
    return fmadd(power, fmadd(r * r, horner(r, QUOTIENT, 3), r), power);
}
#endif

/* e^r - 1, its error small beside itself */
INLINE f64 exact_growth_f32(f64 r) { return fmadd(r * r, polynomial_f32(r, EXCESS_F32), r); }

#endif
