/* floor_remainder(x, y), float64 and float32: x - n·y with n = x/y floored, rounded once; Python's x % y.
   fmod(|x|, |y|) as in fmod.c, with x's sign, and y more where the signs differ, which is the only rounding (in float32
   too: a sum of two float32 that is inexact in double is nowhere near a middle of float32). What fmod leaves open goes
   to accurate/remainders.c, and infinite y. */
#include "../lanes.h"
#include "exact.h"
#define FUNCTION floor_remainder
#include "floored.h"

INLINE decision floor_remainder_f64(f64 x, f64 y) {
    ONLY_IF(QUOTIENT_IS_FINITE(x, y));
    f64 b = absolute(y);
    floored q = floored_of(absolute(x), b);
    f64 rest = choose(less(q.rest, all(0)), q.rest + b, q.rest);
    m64 other_side = less_bits(bits(x) ^ bits(y), all_bits(0)) & different(rest, all(0));
    rest = choose(other_side, b - rest, rest);
    return (decision){with_sign_of(rest, y), negated(q.easy)};
}

INLINE decision floor_remainder_f32(f64 x, f64 y) { return floor_remainder_f64(x, y); }

#include "binary.h"
