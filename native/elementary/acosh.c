/* acosh(x), float64 and float32, correctly rounded.

   float64: ln(x + √(x² - 1)), the sum as two doubles off by 2^-99: the result is at least 2^-25.5, or 0, and off by
   2^-99 beside the error of the logarithm (area_family.h); from 2^60 on ln 2x. float32: log1p(u + √(u·(u + 2))), u = x -
   1, in double, in which nothing cancels. */
#define FUNCTION acosh

#include "area_family.h"

INLINE decision acosh_f64(f64 x) {
    m64 inside = less_equal(all(1), x) & less(x, all(__builtin_inf()));
    ONLY_IF(inside);
    m64 big = less(all(0x1p60), x);
    f64 t = choose(inside & negated(big), x, all(1));
    f64x2 square = two_product(t, t), part = fast_two_sum(square.hi, all(-1));
    f64x2 difference = fast_two_sum(part.hi, part.lo + square.lo);
    f64x2 root = double_root(difference.hi, difference.lo), y = two_sum(root.hi, t);
    /* ln 2x is ln 8(x/4): no operation overflows, no flag lies. */
    f64x2 argument = {choose(big, x * 0.25, y.hi), choose(big, all(0), y.lo + root.lo)};
    bounded_sum sum = logarithm_of(argument, choose(big, all(3), all(0)));
    decision d = rounded_within(sum.hi, sum.lo, sum.margin);
    d.value = choose(equal(x, all(1)), all(0), d.value);
    d.undecided = (d.undecided & different(x, all(1))) | negated(inside);
    return d;
}

INLINE decision acosh_f32(f64 x) {
    m64 inside = less_equal(all(1), x);
    ONLY_IF(inside);
    f64 u = x - 1;
    m64 undecided;
    f64 value = log1p_in_double(u + near_root(u * (x + 1)), &undecided);
    decision d = rounded_f32(value, AREA_ERROR_F32_ULPS);
    d.undecided |= undecided | negated(inside);
    return d;
}

#include "unary.h"
