/* pow, accurate path: x^y = e^(y·log|x|), the sign by whether y is odd.
   log's relative error 2^-213 becomes at most 745·2^-213 < 2^-203 where the result is neither 0 nor infinite. Results
   that are exact or halfway between two numbers are found by the rounding (wide.h): nothing else comes so near them.
   Special values as C23, F.10.4.4. */
#include "exp_log.h"

enum parity { FRACTIONAL, EVEN, ODD };

static enum parity parity(wide y) {
    const uint64_t *limb = y.significand.limb; /* of a double: only limb 3 is used */
    if (y.exponent < 0) return FRACTIONAL;
    if (y.exponent > 63) return EVEN;
    if (y.exponent < 63 && limb[3] << (y.exponent + 1)) return FRACTIONAL;
    return limb[3] >> (63 - y.exponent) & 1 ? ODD : EVEN;
}

/* Whether the exponents alone tell that the result is infinite or 0; log2|x| lies in [exponent, exponent + 1).
   The 1 more than the limit is for the rounding of the product. */
static bool is_far(wide x, wide y, double y_value, range limits, wide *result) {
    bool above_one = x.exponent >= 0, grows = above_one != y.negative;
    double least = (double)(above_one ? x.exponent : -x.exponent - 1), magnitude = y.negative ? -y_value : y_value;
    int64_t limit = 1 + (grows ? limits.overflow : -limits.underflow);
    if (y.exponent < 64 && magnitude * least < (double)limit) return false; /* 2^64·|log2 x| > 2^64·2^-53 is far, too */
    *result = grows ? wide_beyond(false) : wide_beneath(false);
    return true;
}

static wide pow_of(double x, double y, range limits, unsigned *status) {
    if (y == 0 || x == 1) return wide_from_u64(1, 0, false);
    wide base = wide_from_f64(x), exponent = wide_from_f64(y), result;
    if (exponent.kind == WIDE_INFINITE) {
        if (x == -1) return wide_from_u64(1, 0, false);
        bool above_one = base.kind == WIDE_INFINITE || (!wide_is_zero(base) && base.exponent >= 0);
        return above_one != exponent.negative ? wide_infinite(false) : wide_zero(false);
    }
    enum parity kind = parity(exponent);
    bool negative = base.negative && kind == ODD;
    if (wide_is_zero(base)) return exponent.negative ? wide_pole(negative, status) : wide_zero(negative);
    if (base.kind == WIDE_INFINITE) return exponent.negative ? wide_zero(negative) : wide_infinite(negative);
    if (base.negative && kind == FRACTIONAL) return wide_invalid(status);
    base.negative = false;
    /* |y·log x| < 2^-70 is too little to leave 1 for a neighbour. */
    if (x == -1 || exponent.exponent < -80) return wide_from_u64(1, 0, negative);
    if (!is_far(base, exponent, y, limits, &result))
        result = bitfast_wide_exp(wide_multiply(exponent, bitfast_wide_log(base)), limits);
    result.negative = negative;
    return result;
}

/* x^0 and 1^y are 1 even for a NaN. */
static wide pow_of_nan(double x, double y) {
    return y == 0 || x == 1 ? wide_from_u64(1, 0, false) : wide_nan();
}

ACCURATE_BINARY_WITH_NAN(pow, pow_of_nan)
