/* sinh, cosh and tanh, accurate path, from E = e^|x| - 1, so that nothing cancels near 0:
   sinh = (E + E/(E + 1))/2,  tanh = E'/(E' + 2) with E' = e^(2|x|) - 1,  cosh = (e^|x| + e^-|x|)/2. */
#include "exp_log.h"

/* e^x/2, which sinh and cosh are for x >= 128 as far as rounding can tell: e^-256 is below 2^-369. */
static wide half_exp(wide x, range limits) {
    limits.overflow += 1;
    return wide_scaled(bitfast_wide_exp(x, limits), -1);
}

static wide sinh_of(double x, range limits, unsigned *status) {
    (void)status;
    wide argument = wide_from_f64(x), t = wide_magnitude(argument), result;
    if (wide_is_zero(t) || t.kind == WIDE_INFINITE) return argument;
    if (t.exponent >= 7) {
        result = half_exp(t, limits);
    } else {
        wide growth = bitfast_wide_expm1(t);
        result = wide_add(growth, wide_divide(growth, wide_add(growth, wide_from_u64(1, 0, false))));
        result = wide_scaled(result, -1);
        if (t.exponent < -100) result.rest = 1; /* x + x³/6 */
    }
    result.negative = argument.negative;
    return result;
}

static wide cosh_of(double x, range limits, unsigned *status) {
    (void)status;
    wide t = wide_magnitude(wide_from_f64(x));
    if (t.kind == WIDE_INFINITE) return t;
    if (wide_is_zero(t) || t.exponent < -128) return wide_from_u64(1, 0, false);
    if (t.exponent >= 7) return half_exp(t, limits);
    wide power = bitfast_wide_exp(t, limits);
    return wide_scaled(wide_add(power, wide_reciprocal(power)), -1);
}

static wide tanh_of(double x, range limits, unsigned *status) {
    (void)limits, (void)status;
    wide argument = wide_from_f64(x), t = wide_magnitude(argument), result;
    if (wide_is_zero(t)) return argument;
    if (t.kind == WIDE_INFINITE || t.exponent >= 5) { /* 1 - tanh(32) < 2^-91 rounds to 1 */
        result = wide_from_u64(1, 0, argument.negative);
        result.rest = t.kind == WIDE_INFINITE ? 0 : -1;
        return result;
    }
    wide growth = bitfast_wide_expm1(wide_scaled(t, 1));
    result = wide_divide(growth, wide_add(growth, wide_from_u64(2, 0, false)));
    if (t.exponent < -100) result.rest = -1; /* x - x³/3 */
    result.negative = argument.negative;
    return result;
}

ACCURATE_UNARY(sinh)
ACCURATE_UNARY(cosh)
ACCURATE_UNARY(tanh)
