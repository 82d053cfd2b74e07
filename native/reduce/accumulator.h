/* The exact accumulator from inside: a fixed-point number in two's complement, of which only the limbs in use are kept.

   Limb k is worth 2^(64k - 2176). Those from `low` to below `high` are there, in two's complement; below them all is 0,
   above them the sign goes on. So an accumulator is cleared by two numbers, and one of ordinary data has three to five
   limbs. A product of two float64 numbers is a multiple of 2^-2148 below 2^2048: 2^63 of them fit. */
#ifndef BITFAST_ACCUMULATOR_H
#define BITFAST_ACCUMULATOR_H

#include "../include/bitfast_arrays.h"

enum { LIMBS = 67, LOWEST_BIT = -2176 };

/* What was added beside the finite value; `seen` in struct exact. */
enum { PLUS_INFINITY = 1, MINUS_INFINITY = 2, NOT_A_NUMBER = 4, PLUS_ZERO = 8, MINUS_ZERO = 16, NONZERO = 32,
       SPECIALS = PLUS_INFINITY | MINUS_INFINITY | NOT_A_NUMBER };

struct exact {
    uint64_t limb[LIMBS];
    uint32_t low, high, seen;
};
_Static_assert(sizeof(struct exact) <= sizeof(bitfast_accumulator), "the accumulator is plain memory of its caller");

#define HIDDEN __attribute__((visibility("hidden")))

static inline struct exact *exact(bitfast_accumulator *a) { return (struct exact *)a; }
static inline const struct exact *exact_const(const bitfast_accumulator *a) { return (const struct exact *)a; }
static inline void exact_clear(struct exact *e) { e->low = e->high = e->seen = 0; }

/* e += value·2^exponent; exponent >= LOWEST_BIT. Says nothing to `seen`. */
HIDDEN void bitfast_exact_add_integer(struct exact *e, __int128 value, int exponent);
HIDDEN void bitfast_exact_add_f64(struct exact *e, double x);
HIDDEN void bitfast_exact_add_product(struct exact *e, double x, double y);
HIDDEN void bitfast_exact_merge(struct exact *e, const struct exact *other);
HIDDEN void bitfast_exact_negate(struct exact *e);
/* Rounded once, specials as bitfast_accumulator_value has them. */
HIDDEN double bitfast_exact_value(const struct exact *e);
HIDDEN float bitfast_exact_valuef(const struct exact *e);
/* The root of what is not negative, rounded once. Within an environment. */
HIDDEN double bitfast_exact_root(const struct exact *e);
HIDDEN float bitfast_exact_rootf(const struct exact *e);

/* The finite value as its sign (-1, 0, 1) and magnitude: the limbs magnitude[0] … magnitude[*count - 1], the last one
   not 0, times 2^*exponent, a multiple of 64. `magnitude` has room for LIMBS. What is in `seen` is the caller's to look
   at. */
HIDDEN int bitfast_exact_magnitude(const struct exact *e, uint64_t *magnitude, int *count, int *exponent);

/* A magnitude of which the highest bit is worth 2^exponent: its leading 64 bits (highest bit set), and whether anything
   follows. Rounded once to nearest, ties to even, in each format; beyond the range infinity. */
struct leading {
    uint64_t bits;
    int exponent, more;
};
HIDDEN struct leading bitfast_leading(const uint64_t *magnitude, int count, int exponent);
HIDDEN struct leading bitfast_leading_root(const uint64_t *magnitude, int count, int exponent);
HIDDEN double bitfast_round_f64(struct leading l, int negative);
HIDDEN float bitfast_round_f32(struct leading l, int negative);

/* ±infinity, NaN, ±0 as `seen` has them, where the finite value is 0 or does not count; -1, 0 or 1 otherwise. */
static inline double exact_special(unsigned seen) {
    if (seen & NOT_A_NUMBER || (seen & SPECIALS) == (PLUS_INFINITY | MINUS_INFINITY)) return __builtin_nan("");
    if (seen & SPECIALS) return seen & PLUS_INFINITY ? __builtin_inf() : -__builtin_inf();
    return (seen & (PLUS_ZERO | MINUS_ZERO | NONZERO)) == MINUS_ZERO ? -0.0 : 0.0;
}

#endif
