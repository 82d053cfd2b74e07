/* tanh(x), float64 and float32, correctly rounded.

   With n = e^(-2|x|) - 1 it is -n/(n + 2). float64: n as in expm1 (exp_family.h); relative error below 2^-69, by
   analysis.
   float32: in double; no
   argument needs more (all with 2^-26 <= |x| < 2^7 were tried). */
#define FUNCTION tanh

#include "hyperbolic.h"

INLINE decision tanh_f64(f64 x) {
    f64 magnitude = absolute(x);
    magnitude = choose(less(all(25), magnitude), all(25), magnitude);  /* there it is 1 already */
    reduced parts = reduced_by_ln2(magnitude * -2);
    f64x2 power = power_of(parts), growth = growth_of(parts);
    f64 unit = unit_of(parts);
    f64x2 less_one = sum_of_growth(fast_two_sum(-unit, power.hi), power, growth);  /* n/2^K */
    f64x2 plus_one = fast_two_sum(unit + unit, less_one.hi);
    plus_one.lo += less_one.lo;
    f64x2 quotient = quotient_of(less_one, plus_one);
    decision d = rounded(quotient.hi, quotient.lo, 0x1p-69);
    d.value = with_sign_of(d.value, x);
    d.undecided |= negated(ordinary(magnitude, 26));
    return d;
}

INLINE decision tanh_f32(f64 x) {
    f64 magnitude = absolute(x);
    magnitude = choose(less(all(10), magnitude), all(10), magnitude);  /* there it is 1 already */
    reduced_f32 parts = reduced_by_ln2_f32(magnitude * 2);
    f64 power = power_f32(parts.k), growth = exact_growth_f32(parts.r);
    f64 value = fmadd(power, growth, power - 1) / fmadd(power, growth, power + 1);
    return (decision){with_sign_of(value, x), different(x, x)};
}

#include "unary.h"
