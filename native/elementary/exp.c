/* exp(x), float64 and float32, correctly rounded.

   x = k·ln2/64 + r with k = rint(x·64/ln2), so |r| < 2^-7.5;  e^x = 2^(k/64) · (1 + r + r²·Q(r)), Q of degree 5 (derive/exp.py).
   float64: 2^(k/64) and r are sums of two doubles, r²·Q(r) < 2^-16 needs only one. Relative error below 2^-66.5:
   r²·Q 2^-67.6 (three roundings at 2^-16), 2^(k/64)·(…) and the sum of the low parts 2^-68.5 each.
   float32: in double, k in steps of ln2/16; no argument needs more (all 2^32 were tried). */
#define FUNCTION exp

#include "../double_double.h"
#include "exp_data.h"

INLINE decision exp_f64(f64 x) {
    f64 rounder = fmadd(x, all(STEPS_PER_UNIT), all(ROUNDER)), k = rounder - ROUNDER;
    i64 k_bits = rounder_bits(rounder);
    f64 reduced = fnmadd(k, all(STEP_HIGH), x);  /* exact */
    f64 r = fnmadd(k, all(STEP_LOW), reduced);
    f64 r_rest = fnmadd(k, all(STEP_LOW), reduced - r);
    f64 power = lookup(POWERS, k_bits & 63), power_rest = lookup(POWERS_REST, k_bits & 63);

    f64 square = r * r;
    f64 q = fmadd(square, horner(r, QUOTIENT + 4, 2), horner(r, QUOTIENT + 2, 2));
    q = fmadd(square, q, horner(r, QUOTIENT, 2));
    f64 beyond = fmadd(square, q, r_rest);  /* e^r - 1 - r */
    f64x2 linear = two_product(power, r);
    f64x2 sum = fast_two_sum(power, linear.hi);
    f64 low = fmadd(power_rest, r, power_rest) + linear.lo;
    low = fmadd(power, beyond, low + sum.lo);

    decision d = rounded(sum.hi, low, 0x1p-66);
    d.value = from_bits(bits(d.value) + ((k_bits & ~(int64_t)63) << 46));
    d.undecided |= negated(less(absolute(x), all(708)));  /* overflow, subnormal results, NaN */
    return d;
}

INLINE decision exp_f32(f64 x) {
    f64 rounder = fmadd(x, all(STEPS_PER_UNIT_F32), all(ROUNDER)), k = rounder - ROUNDER;
    i64 k_bits = rounder_bits(rounder);
    f64 r = fnmadd(k, all(STEP_LOW_F32), fnmadd(k, all(STEP_HIGH_F32), x));
    f64 power = from_bits(bits(lookup16(POWERS_F32, k_bits)) + ((k_bits & ~(int64_t)15) << 48));
    f64 square = r * r;
    f64 growth = fmadd(square, horner(r, GROWTH_F32 + 4, 2), horner(r, GROWTH_F32 + 2, 2));
    growth = fmadd(square, growth, horner(r, GROWTH_F32, 2));
    f64 value = fmadd(power * r, growth, power);
    /* Above 2^128 and below 2^-150 the result is infinite or 0. */
    return (decision){value, negated(less(x, all(88.7)) & less(all(-103.9), x))};
}

#include "unary.h"
