/* sinh(x), float64 and float32, correctly rounded.

   float64: with m = e^|x| - 1 it is (m + m/(m + 1))/2, all terms positive: nothing cancels. m = 2^K·n
   from exp_family.h, like expm1; relative error below 2^-69, by analysis.
   float32: in double, sinh(a + r) = sinh(a)·cosh(r) + cosh(a)·sinh(r); one
   argument needs more (all with 2^-26 <= |x| < 2^7 were tried). */
#define FUNCTION sinh
#define SPECIAL_IS_TOLD

#include "hyperbolic.h"

INLINE decision sinh_f64(f64 x) {
    ONLY_IF(inside(x, -708, 708));
    f64 magnitude = absolute(x);
    reduced parts = reduced_by_ln2(magnitude);
    f64x2 power = power_of(parts), growth = growth_of(parts);
    f64 unit = unit_of(parts);
    f64x2 less_one = sum_of_growth(fast_two_sum(power.hi, -unit), power, growth);  /* (e^|x| - 1)/2^K */
    f64x2 whole = multiply_added(power.hi, growth.hi, power.hi);
    whole.lo += rest_of(power, growth);
    f64x2 quotient = quotient_of(less_one, whole);
    f64x2 sum = fast_two_sum(less_one.hi, quotient.hi * unit);
    decision d = rounded(sum.hi, sum.lo + fmadd(quotient.lo, unit, less_one.lo), 0x1p-69);
    d.value = with_sign_of(times_power(d.value, parts) * 0.5, x);
    d.undecided |= negated(ordinary(x, 708));
    return d;
}

INLINE decision sinh_f32(f64 x) {
    ONLY_IF(inside(x, -89.4, 89.4));
    hyperbolic_f32 parts = hyperbolic_of(absolute(x));
    f64 value = fmadd(parts.cosh_a, parts.sinh_r, parts.sinh_a * parts.cosh_r);
    /* The one argument whose result is nearer to the middle of two float32 than the rounded 2^(1/16) allows. */
    m64 hard = equal(absolute(x), all(0x1.1389bp-5));
    return (decision){with_sign_of(value, x), UNLESS_TOLD(negated(less(absolute(x), all(89.4)))) | hard};
}

#define SATURATION_F64 710.48, -__builtin_inf()
#define SATURATION_F32 89.42, -__builtin_inf()
#define SATURATION_IS_ODD
#include "unary.h"
