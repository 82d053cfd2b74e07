/* e^t and log of a wide: what exp, log, pow and the hyperbolic functions of the accurate path are made of. */
#ifndef BITFAST_EXP_LOG_H
#define BITFAST_EXP_LOG_H

#include "entries.h"

/* e^t; relative error less than 2^-230 within the limits, wide_beyond or wide_beneath outside. */
wide bitfast_wide_exp(wide t, range limits);

/* e^t - 1 for |t| < 2^12; relative error less than 2^-215, also near 0; 0 keeps its sign. */
wide bitfast_wide_expm1(wide t);

/* x = 2^k·m with m within [√½, √2], roughly: log(x) = k·ln2 + log(m). */
typedef struct { int64_t k; wide log_m; } wide_logarithm;

/* For x > 0; log_m has a relative error less than 2^-213, also near 1. */
wide_logarithm bitfast_wide_log_parts(wide x);
wide bitfast_wide_log(wide x); /* relative error less than 2^-213 */
wide bitfast_wide_log1p(wide x); /* for x > -1; relative error less than 2^-213 */

/* 2·(c0 ± s·(c1 ± s·(c2 ± …))) with `alternating` signs or all +, for positive falling c0 <= 1/2 and s < 2^-13. */
WIDE_INLINE wide wide_series(const fraction *c, int degree, fraction s, bool alternating) {
    fraction p = c[degree];
    bool carry;
    for (int k = degree - 1; k >= 0; --k) {
        p = fraction_multiply(s, p);
        p = alternating ? fraction_subtract(c[k], p, &carry) : fraction_add(c[k], p, &carry);
    }
    return wide_from_fraction(p, 1, false);
}

#endif
