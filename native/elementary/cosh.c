/* cosh(x), float64 and float32, correctly rounded.

   (e^|x| + e^-|x|)/2. float64: e^|x| = 2^K·u from exp_family.h and e^-|x| = 2^-K/u, u a sum of two doubles in [1, 2];
   relative error below 2^-68, by analysis over derive/gappa/exp.g.
   float32: in double, cosh(a + r) = cosh(a)·cosh(r) + sinh(a)·sinh(r); no
   argument needs more (all with 2^-26 <= |x| < 2^7 were tried). */
#define FUNCTION cosh

#include "hyperbolic.h"

INLINE decision cosh_f64(f64 x) {
    f64 magnitude = absolute(x);
    reduced parts = reduced_by_ln2(magnitude);
    f64x2 up = grown(power_of(parts), parts);
    up = fast_two_sum(up.hi, up.lo);
    /* 2^-2K/u; from 40 on it is below 2^-115 of the result. */
    i64 square_bits = bits(all(1)) - (exponent_of(parts) << 1);
    f64 square_of_unit = from_bits(choose_bits(less(magnitude, all(40)), square_bits, all_bits(0)));
    f64 inverse = 1 / up.hi;
    f64 error = fnmadd(inverse, up.lo, fnmadd(inverse, up.hi, all(1)));
    f64 down = inverse * square_of_unit;
    f64x2 sum = fast_two_sum(up.hi, down);
    decision d = rounded(sum.hi, sum.lo + fmadd(down, error, up.lo), 0x1p-68);
    d.value = times_power(d.value, parts) * 0.5;
    d.undecided |= negated(less(magnitude, all(708)));
    return d;
}

INLINE decision cosh_f32(f64 x) {
    hyperbolic_f32 parts = hyperbolic_of(absolute(x));
    f64 value = fmadd(parts.sinh_a, parts.sinh_r, parts.cosh_a * parts.cosh_r);
    return (decision){value, negated(less(absolute(x), all(89.4)))};
}

#include "unary.h"
