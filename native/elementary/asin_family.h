/* What asin and acos share: the angle of the sine x as a row of a table and a small rest. */
#ifndef BITFAST_ASIN_FAMILY_H
#define BITFAST_ASIN_FAMILY_H

#include "asin_data.h"
#include "roots.h"

#define SWAP_ABOVE 0.70703125 /* near 1/√2 */

/* asin|x|, or for a swapped lane asin(√(1-x²)) = pi/2 - asin|x|, is T + asin(d) with T the angle of `row`. d.hi is at
   most 0.0134 in magnitude. Arguments beyond 1 are treated as 1. */
typedef struct { m64 outside, swapped; i64 row; f64x2 d; } near_turn;

INLINE near_turn turned(f64 x) {
    f64 a = absolute(x);
    m64 outside = negated(less_equal(a, all(1))), swapped = less(all(SWAP_ABOVE), a);
    a = choose(outside, all(1), a);
    f64x2 square = two_product(a, a), part = fast_two_sum(all(1), -square.hi);
    f64x2 difference = fast_two_sum(part.hi, part.lo - square.lo);
    f64x2 root = double_root(difference.hi, difference.lo);
    f64 sine = choose(swapped, root.hi, a), sine_rest = choose(swapped, root.lo, all(0));
    f64 cosine = choose(swapped, a, root.hi), cosine_rest = choose(swapped, all(0), root.lo);
    /* Rows begin a little late, so that both products below lie within a factor of two: their difference is exact. */
    f64 late = sine - 0.1 / 64;
#if LANES == 1  /* a caller's rounding downwards must not lead to row -1; arrays always round to nearest */
    late = late > 0 ? late : 0;
#endif
    f64 rounder = fmadd(late, all(64), all(ROUNDER)), c = (rounder - ROUNDER) * (1.0 / 64);
    i64 row = rounder_bits(rounder) & 63;
    f64 C = lookup(COSINES, row), C_rest = lookup(COSINES_REST, row);
    f64x2 p = two_product(sine, C), q = two_product(c, cosine);
    f64 rest = fmadd(sine, C_rest, fnmadd(c, cosine_rest, sine_rest * C));
    return (near_turn){outside, swapped, row, {p.hi - q.hi, (p.lo - q.lo) + rest}};
}

/* TURNS[quadrant·ROWS + row] ± asin(d), minus in quadrants 1 and 3; undecided where x was outside.
   Off by d³·P(d²), on which seven roundings act, and otherwise by less than 2^-76 of the result: both bounds with their
   sum are proved (derive/gappa/asin.g). */
INLINE decision turn_and(near_turn near, i64 quadrant) {
    i64 index = (quadrant << 5) + (quadrant << 4) + near.row, sign = quadrant << 63;
    f64 d = near.d.hi, square = d * d;
    f64 beyond = fmadd(near.d.lo * square, all(0.5), near.d.lo);
    beyond = fmadd(square * d, horner(square, CUBIC, 4), beyond);
    f64x2 sum = fast_two_sum(lookup(TURNS, index), xor_sign(d, sign));
    f64 low = sum.lo + (lookup(TURNS_REST, index) + xor_sign(beyond, sign));
    decision result = rounded_within(sum.hi, low, fmadd(absolute(beyond), all(0x1p-50), sum.hi * 0x1p-75));
    result.undecided |= near.outside;
    return result;
}

/* float32: asin|x| = p for |x| <= 1/2, else pi/2 - 2p, p in double with relative error below 2^-51. */
typedef struct { m64 outside, upper; f64 p; } half_turn;

INLINE half_turn turned_f32(f64 x) {
    f64 a = absolute(x);
    m64 upper = less(all(0.5), a);
    f64 square = choose(upper, fmadd(a, all(-0.5), all(0.5)), a * a);
    f64 sine = choose(upper, near_root(square), a);
    f64 p = fmadd(sine * square, horner(square, CUBIC_F32, 13), sine);
    return (half_turn){negated(less_equal(a, all(1))), upper, p};
}

#endif
