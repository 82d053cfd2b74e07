/* Quotients of exact sums, and their square roots, rounded once: means, variances and standard deviations. */
#ifndef BITFAST_RATIONAL_H
#define BITFAST_RATIONAL_H

#include "accumulator.h"

/* n·Σx² - (Σx)² - (Σy)² is a multiple of 2^(2·LOWEST_BIT) below 2^(64·(LIMBS + 1) + LOWEST_BIT). */
enum { WIDE_LIMBS = 2 * LIMBS + 6 };

/* sign·magnitude·2^exponent; the last limb is not 0, sign is 0 where there is none. */
struct whole {
    int sign, count, exponent;
    uint64_t limb[WIDE_LIMBS];
};

HIDDEN void bitfast_whole_of_exact(struct whole *w, const struct exact *e);
HIDDEN void bitfast_whole_of_integer(struct whole *w, unsigned __int128 magnitude, int exponent);
/* a·m; m is not 0. */
HIDDEN void bitfast_whole_scale(struct whole *a, uint64_t m);
HIDDEN void bitfast_whole_square(struct whole *result, const struct whole *a);
/* a -= b for a >= b >= 0, whose difference fits. */
HIDDEN void bitfast_whole_subtract(struct whole *a, const struct whole *b);
/* The magnitude of n/d, or of its square root, for rounding. Neither is 0. */
HIDDEN struct leading bitfast_quotient(const struct whole *n, const struct whole *d);
HIDDEN struct leading bitfast_quotient_root(const struct whole *n, const struct whole *d);

#endif
