/* asinh(x), float64 and float32, correctly rounded.

   float64: ln(|x| + √(x² + 1)), the sum as two doubles off by 2^-99, so that the result is off by 2^-99 beside the
   error of the logarithm (area_family.h); below 2^-20, where that would be too much, x - x³/6 + 3x⁵/40; from 2^60 on
   ln 2|x|. float32: log1p(|x| + x²/(1 + √(x² + 1))) in double, in which nothing cancels. */
#define FUNCTION asinh

#include "area_family.h"

INLINE decision asinh_f64(f64 x) {
    f64 a = absolute(x);
    ONLY_IF(less(a, all(__builtin_inf())) & negated(tiny(a)));
    m64 big = less(all(0x1p60), a);
    f64 t = choose(big, all(1), a);
    f64x2 square = two_product(t, t), whole = two_sum(square.hi, all(1));
    f64x2 root = double_root(whole.hi, whole.lo + square.lo), y = two_sum(root.hi, t);
    /* ln 2|x| is ln 8(|x|/4), and big ones go on without a series: no operation overflows, no flag lies. */
    f64x2 argument = {choose(big, a * 0.25, y.hi), choose(big, all(0), y.lo + root.lo)};
    bounded_sum sum = logarithm_of(argument, choose(big, all(3), all(0)));
    sum = series_or(sum, t, -1.0 / 6, 0.075, 1);
    decision d = rounded_within(sum.hi, sum.lo, sum.margin);
    d.value = with_sign_of(d.value, x);
    d.undecided |= tiny(a) | negated(less(a, all(__builtin_inf())));
    return d;
}

INLINE decision asinh_f32(f64 x) {
    f64 a = absolute(x), square = a * a;
    m64 undecided;
    f64 value = log1p_in_double(a + square / (near_root(square + 1) + 1), &undecided);
    decision d = rounded_f32(with_sign_of(value, x), AREA_ERROR_F32_ULPS);
    d.undecided |= undecided;
    return d;
}

#include "unary.h"
