/* atanh(x), float64 and float32, correctly rounded.

   float64: ln((1 + |x|)/(1 - |x|))/2, the quotient as two doubles off by 2^-100, so that its logarithm is off by 2^-100
   beside its own error (area_family.h); below 2^-20, where that would be too much, x + x³/3 + x⁵/5. float32:
   log1p(2|x|/(1 - |x|))/2 in double, in which nothing cancels. */
#define FUNCTION atanh

#include "area_family.h"
#include "quotient.h"

INLINE decision atanh_f64(f64 x) {
    f64 a = absolute(x);
    m64 inside = less(a, all(1));
    ONLY_IF(inside & negated(tiny(a)));
    f64 t = choose(inside, a, all(0.5));
    bounded_sum sum = logarithm_of(quotient_of(fast_two_sum(all(1), t), fast_two_sum(all(1), -t)), all(0));
    sum = series_or(sum, a, 1.0 / 3, 0.2, 2);
    decision d = rounded_within(sum.hi, sum.lo, sum.margin);
    d.value = with_sign_of(d.value * 0.5, x);
    d.undecided |= tiny(a) | negated(inside);
    return d;
}

INLINE decision atanh_f32(f64 x) {
    f64 a = absolute(x);
    m64 inside = less(a, all(1)), undecided;
    ONLY_IF(inside);
    f64 value = log1p_in_double((a + a) / (1 - a), &undecided) * 0.5;
    decision d = rounded_f32(with_sign_of(value, x), AREA_ERROR_F32_ULPS);
    d.undecided |= undecided | negated(inside);
    return d;
}

#include "unary.h"
