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

/* c ± s·p in the leading `limbs` limbs: error less than 2^(1-64·limbs). */
WIDE_INLINE fraction series_step(const fraction *c, const fraction *s, const fraction *p, int limbs, bool alternating) {
    uint64_t product[8] = {0};
    const uint64_t *a = s->limb + 4 - limbs, *b = p->limb + 4 - limbs;
    for (int i = 0; i < limbs; ++i) {
        uint64_t carry = 0;
        for (int j = 0; j < limbs; ++j) {
            u128 step = (u128)a[i] * b[j] + product[i + j] + carry;
            product[i + j] = (uint64_t)step;
            carry = (uint64_t)(step >> 64);
        }
        product[i + limbs] = carry;
    }
    fraction term = {{0}};
    for (int i = 0; i < limbs; ++i) term.limb[4 - limbs + i] = product[limbs + i];
    bool carry;
    return alternating ? fraction_subtract(*c, term, &carry) : fraction_add(*c, term, &carry);
}

/* 2·(c0 ± s·(c1 ± s·(c2 ± …))), signs `alternating` or all +, for positive falling c0 <= 1/2 and s < 2^-13.9. What is
   added to the term of s^k needs 14k bits less than the sum: error less than 2^-222. */
WIDE_INLINE wide wide_series(const fraction *c, int degree, fraction s, bool alternating) {
    fraction p = c[degree];
    for (int k = degree - 1; k >= 7; --k) p = series_step(&c[k], &s, &p, 2, alternating);
    for (int k = 6; k >= 3; --k) p = series_step(&c[k], &s, &p, 3, alternating);
    for (int k = 2; k >= 0; --k) p = series_step(&c[k], &s, &p, 4, alternating);
    return wide_from_fraction(p, 1, false);
}

#endif
