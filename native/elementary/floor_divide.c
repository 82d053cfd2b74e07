/* floor_divide(x, y), float64 and float32: floor of the exact quotient, rounded where it has more bits.
   n = floor of the rounded |x|/|y| is the quotient or one more, which the sign of |x| - n·|y|, exact by one fused
   operation, tells; with signs that differ the magnitude is one more where anything is left. Quotients from 2^51 on,
   and zeros and infinities, go to accurate/remainders.c. */
#include "../lanes.h"
#include "exact.h"
#define FUNCTION floor_divide
#include "../double_double.h"

INLINE decision floor_divide_f64(f64 x, f64 y) {
    ONLY_IF(QUOTIENT_IS_FINITE(x, y));
    f64 a = absolute(x), b = absolute(y), quotient = a / b;
    f64 n = nearest(quotient);
    n = choose(less(quotient, n), n - 1, n);
    f64 rest = fnmadd(n, b, a);
    n = choose(less(rest, all(0)), n - 1, n);
    m64 other_side = less_bits(bits(x) ^ bits(y), all_bits(0)) & different(rest, all(0));
    n = choose(other_side, n + 1, n);
    m64 easy = less(quotient, all(0x1p51)) & less(b, all(__builtin_inf()));
    return (decision){xor_sign(n, sign_bits(x) ^ sign_bits(y)), negated(easy)};
}

INLINE decision floor_divide_f32(f64 x, f64 y) { return floor_divide_f64(x, y); }

#include "binary.h"
