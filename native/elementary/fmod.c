/* fmod(x, y), float64 and float32, exact.
   n = floor of the rounded |x|/|y| is the quotient or one more, for a true quotient in between two integers may round
   up to the next; |x| - n·|y| is exact by one fused operation, being a multiple of the smaller unit in the last place
   and less than |y| in magnitude; where it is negative one |y| comes back. Quotients from 2^51 on, and arguments that
   are not finite, go to accurate/remainders.c. */
#include "../lanes.h"
#include "exact.h"
#define FUNCTION fmod
#include "floored.h"

INLINE decision fmod_f64(f64 x, f64 y) {
    ONLY_IF(QUOTIENT_IS_FINITE(x, y));
    f64 b = absolute(y);
    floored q = floored_of(absolute(x), b);
    f64 rest = choose(less(q.rest, all(0)), q.rest + b, q.rest);
    return (decision){with_sign_of(rest, x), negated(q.easy)};
}

INLINE decision fmod_f32(f64 x, f64 y) { return fmod_f64(x, y); }

#include "binary.h"
