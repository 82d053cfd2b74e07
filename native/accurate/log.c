/* log, log2, log10 and log1p, accurate path.
   x = 2^k·m;  m·c_i·c_j = 1 + g exactly, |g| < 2^-13.9, with short factors c_i near 1/m and c_j near 1/(m·c_i);
   log(x) = k·ln2 - log(c_i) - log(c_j) + g·(1 - g/2 + g²/3 - …) (derive/accurate.py).
   Near 1 all factors are 1 and k is 0, so that nothing cancels. */
#include "exp_log.h"

#include "log_data.h"

/* log(1 + g) for |g| < 2^-13.9. */
static wide log1p_near_0(wide g) {
    if (wide_is_zero(g)) return g;
    wide result = wide_multiply(g, wide_series(LOG1P, LOG1P_DEGREE, wide_to_fraction(g), !g.negative));
    if (g.exponent < -190) result.rest = g.negative ? 1 : -1;
    return result;
}

wide_logarithm bitfast_wide_log_parts(wide x) {
    const wide one = wide_from_u64(1, 0, false);
    unsigned i = (unsigned)(x.significand.limb[3] >> 56) & 127;
    bool halved = i >= HALVED_FROM;
    wide m = x;
    m.exponent = halved ? -1 : 0;
    wide left = wide_subtract(wide_multiply(m, wide_from_u64(FACTORS_HIGH[i], -FACTOR_HIGH_BITS, false)), one);
    wide log_m = wide_from_fraction(LOGS_HIGH[i], 0, halved);
    if (left.exponent >= -14 && !wide_is_zero(left)) {
        const uint64_t *limb = left.significand.limb;
        int64_t steps = (int64_t)(limb[3] >> (49 - left.exponent)); /* of 2^-14 */
        bool exact = !(limb[3] << (15 + left.exponent) | limb[2] | limb[1]);
        int64_t j = left.negative ? -steps - !exact : steps;
        wide factor = wide_from_u64(FACTORS_LOW[LOW_ZERO + j], -FACTOR_LOW_BITS, false);
        log_m = wide_add(log_m, wide_from_fraction(LOGS_LOW[LOW_ZERO + j], 0, left.negative));
        left = wide_subtract(wide_multiply(wide_add(left, one), factor), one);
    }
    return (wide_logarithm){x.exponent + halved, wide_add(log_m, log1p_near_0(left))};
}

static wide combined(wide_logarithm parts) {
    return wide_add(wide_multiply(wide_from_integer(parts.k), wide_from_fraction(LN2, 0, false)), parts.log_m);
}

wide bitfast_wide_log(wide x) { return combined(bitfast_wide_log_parts(x)); }

wide bitfast_wide_log1p(wide x) {
    return x.exponent < -14 ? log1p_near_0(x) : bitfast_wide_log(wide_add(wide_from_u64(1, 0, false), x));
}

/* The answers that log, log2 and log10 share; false where there is none. */
static bool is_special(wide x, wide *answer, unsigned *status) {
    if (wide_is_zero(x)) return *answer = wide_pole(true, status), true;
    if (x.negative) return *answer = wide_invalid(status), true;
    if (x.kind == WIDE_INFINITE) return *answer = x, true;
    return false;
}

static wide log_of(double x, range limits, unsigned *status) {
    (void)limits;
    wide argument = wide_from_f64(x), answer;
    return is_special(argument, &answer, status) ? answer : bitfast_wide_log(argument);
}

static wide log2_of(double x, range limits, unsigned *status) {
    (void)limits;
    wide argument = wide_from_f64(x), answer;
    if (is_special(argument, &answer, status)) return answer;
    wide_logarithm parts = bitfast_wide_log_parts(argument);
    return wide_add(wide_from_integer(parts.k), wide_multiply(parts.log_m, wide_from_fraction(LOG2_E_HALF, 1, false)));
}

static wide log10_of(double x, range limits, unsigned *status) {
    (void)limits;
    wide argument = wide_from_f64(x), answer;
    if (is_special(argument, &answer, status)) return answer;
    wide_logarithm parts = bitfast_wide_log_parts(argument);
    return wide_add(wide_multiply(wide_from_integer(parts.k), wide_from_fraction(LOG10_2, 0, false)),
                    wide_multiply(parts.log_m, wide_from_fraction(LOG10_E, 0, false)));
}

static wide log1p_of(double x, range limits, unsigned *status) {
    (void)limits;
    wide argument = wide_from_f64(x);
    if (wide_is_zero(argument)) return argument;
    if (argument.negative && argument.exponent >= 0) {
        return x == -1 ? wide_pole(true, status) : wide_invalid(status);
    }
    return argument.kind == WIDE_INFINITE ? argument : bitfast_wide_log1p(argument);
}

ACCURATE_UNARY(log)
ACCURATE_UNARY(log2)
ACCURATE_UNARY(log10)
ACCURATE_UNARY(log1p)
