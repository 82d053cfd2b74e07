/* asinh, acosh and atanh, accurate path, as log1p of a sum or a quotient in which nothing cancels:
   asinh = log1p(|x| + x²/(1 + √(1 + x²))),  acosh = log1p(u + √(u·(u + 2))) with u = x - 1 exact,
   atanh = log1p(2|x|/(1 - |x|))/2. */
#include "exp_log.h"

/* Below 2^-100 asinh and atanh are told from their argument only by their side: x ∓ x³/6, x + x³/3. */
enum { TINY_EXPONENT = -100 };

static wide asinh_of(double x, range limits, unsigned *status) {
    (void)limits, (void)status;
    wide argument = wide_from_f64(x), t = wide_magnitude(argument), one = wide_from_u64(1, 0, false);
    if (wide_is_zero(t) || t.kind == WIDE_INFINITE) return argument;
    if (t.exponent < TINY_EXPONENT) {
        argument.rest = -1;
        return argument;
    }
    wide square = wide_multiply(t, t), root = wide_root(wide_add(one, square));
    wide result = bitfast_wide_log1p(wide_add(t, wide_divide(square, wide_add(one, root))));
    result.negative = argument.negative;
    return result;
}

static wide acosh_of(double x, range limits, unsigned *status) {
    (void)limits;
    wide argument = wide_from_f64(x);
    if (x < 1) return wide_invalid(status);
    if (x == 1) return wide_zero(false);
    if (argument.kind == WIDE_INFINITE) return argument;
    wide u = wide_subtract(argument, wide_from_u64(1, 0, false));
    return bitfast_wide_log1p(wide_add(u, wide_root(wide_multiply(u, wide_add(u, wide_from_u64(2, 0, false))))));
}

static wide atanh_of(double x, range limits, unsigned *status) {
    (void)limits;
    wide argument = wide_from_f64(x), t = wide_magnitude(argument);
    if (x == 1 || x == -1) return wide_pole(argument.negative, status);
    if (t.kind == WIDE_INFINITE || t.exponent >= 0) return wide_is_zero(t) ? argument : wide_invalid(status);
    if (wide_is_zero(t)) return argument;
    if (t.exponent < TINY_EXPONENT) {
        argument.rest = 1;
        return argument;
    }
    wide quotient = wide_divide(wide_scaled(t, 1), wide_subtract(wide_from_u64(1, 0, false), t));
    wide result = wide_scaled(bitfast_wide_log1p(quotient), -1);
    result.negative = argument.negative;
    return result;
}

ACCURATE_UNARY(asinh)
ACCURATE_UNARY(acosh)
ACCURATE_UNARY(atanh)
