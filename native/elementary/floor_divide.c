/* floor_divide(x, y), float64 and float32: floor of the exact quotient, rounded where it has more bits.
   n = floor of the rounded |x|/|y| is the quotient or one more, which the sign of |x| - n·|y|, exact by one fused
   operation, tells; with signs that differ the magnitude is one more where anything is left. Quotients from 2^51 on,
   and zeros and infinities, go to accurate/remainders.c. */
#include "../lanes.h"
#include "exact.h"
#define FUNCTION floor_divide
#include "floored.h"

INLINE decision floor_divide_f64(f64 x, f64 y) {
    ONLY_IF(QUOTIENT_IS_FINITE(x, y));
    floored q = floored_of(absolute(x), absolute(y));
    f64 n = choose(less(q.rest, all(0)), q.n - 1, q.n);
    m64 other_side = less_bits(bits(x) ^ bits(y), all_bits(0)) & different(q.rest, all(0));
    n = choose(other_side, n + 1, n);
    return (decision){xor_sign(n, sign_bits(x) ^ sign_bits(y)), negated(q.easy)};
}

INLINE decision floor_divide_f32(f64 x, f64 y) { return floor_divide_f64(x, y); }

#include "binary.h"
