/* What the exponential family shares: x = k·ln2/256 + r, |r| < 2^-9.5, and e^x = 2^(k/256)·e^r as sums of two
   doubles. */
#ifndef BITFAST_EXP_FAMILY_H
#define BITFAST_EXP_FAMILY_H

#define NAN_IS_TOLD  /* by the test of the argument's range */
#include "../double_double.h"
#include "exp_data.h"

/* k in the low bits of `k` (bits above the 51st are not cleared), r + rest what remains. */
typedef struct { i64 k; f64 r, rest; } reduced;

INLINE reduced reduced_by_ln2(f64 x) {
    f64 rounder = fmadd(x, all(STEPS_PER_UNIT), all(ROUNDER)), k = rounder - ROUNDER;
    f64 near = fnmadd(k, all(STEP_HIGH), x);  /* exact */
    f64 r = fnmadd(k, all(STEP_LOW), near);
    return (reduced){rounder_bits(rounder), r, fnmadd(k, all(STEP_LOW), near - r)};
}

/* 2^(k mod 256 / 256) */
INLINE f64x2 power_of(reduced x) {
    i64 index = x.k & 255;
    return (f64x2){lookup(POWERS, index), lookup(POWERS_REST, index)};
}

/* floor(k/256) in the place of a double's exponent. */
INLINE i64 exponent_of(reduced x) { return (x.k & ~(int64_t)255) << 44; }

INLINE f64 times_power(f64 value, reduced x) { return from_bits(bits(value) + exponent_of(x)); }

/* 2^-floor(k/256), where that is at least 2^-1022; below it is 0. */
INLINE f64 unit_of(reduced x) { return from_bits(bits(all(1)) - exponent_of(x)); }

/* a + b·c as a sum of two doubles, where |b·c| < |a|/2: what is left of the rounded sum is exact up to its own
   rounding, since a - hi is exact (Sterbenz 1974). */
INLINE f64x2 multiply_added(f64 b, f64 c, f64 a) {
    f64 hi = fmadd(b, c, a);
    return (f64x2){hi, fmadd(b, c, a - hi)};
}

/* power·e^r, its relative error below 2^-68 (derive/gappa/exp.g). e^r = 1 + r + r²·Q(r): r²·Q < 2^-19 needs only one
   double. */
INLINE f64x2 grown(f64x2 power, reduced x) {
    f64 square = x.r * x.r;
    f64 q = fmadd(square, horner(x.r, QUOTIENT + 2, 2), horner(x.r, QUOTIENT, 2));
    f64 beyond = fmadd(square, q, x.rest);
    f64x2 sum = multiply_added(power.hi, x.r, power.hi);
    f64 low = fmadd(power.lo, x.r, power.lo) + sum.lo;
    return (f64x2){sum.hi, fmadd(power.hi, beyond, low)};
}

/* e^r - 1 = r + r²/2 + r³/2·C(r), relative error below 2^-71: r + r²/2 is exact as a sum, r³/2·C < 2^-30 needs only
   one double. */
INLINE f64x2 growth_of(reduced x) {
    f64 half = x.r * 0.5, square = x.r * x.r;
    f64 c = fmadd(square, horner(x.r, TAIL + 2, 2), horner(x.r, TAIL, 2));
    f64x2 sum = multiply_added(half, x.r, x.r);
    f64 rest = fmadd(x.rest, x.r, x.rest) + sum.lo;
    return (f64x2){sum.hi, fmadd(half * square, c, rest)};
}

/* The low part of power·(1 + growth). */
INLINE f64 rest_of(f64x2 power, f64x2 growth) {
    return fmadd(power.hi, growth.lo, fmadd(power.lo, growth.hi, power.lo));
}

/* base + power·growth + power.lo, where base is power.hi and possibly another number, and 0 or larger than
   power·growth. */
INLINE f64x2 sum_of_growth(f64x2 base, f64x2 power, f64x2 growth) {
    f64x2 product = two_product(power.hi, growth.hi), sum = fast_two_sum(base.hi, product.hi);
    return (f64x2){sum.hi, (rest_of(power, growth) + product.lo) + (sum.lo + base.lo)};
}

/* Arguments that are 0, or at least 2^-960 and below a bound in magnitude; the bound is a constant. */
INLINE m64 ordinary(f64 x, double bound) {
    const int64_t low = (int64_t)(1023 - 960) << 52;
    i64 above = bits(absolute(x)) - low;
    return less_unsigned(above, bits(all(bound)) - low) | equal(x, all(0));
}

#endif
