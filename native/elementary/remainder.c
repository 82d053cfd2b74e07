/* remainder(x, y), float64 and float32, exact.
   n = the rounded x/y to the nearest integer; x - n·y by one fused operation is exact and right if it is below |y|/2 in
   magnitude. Ties, quotients from 2^51 on, and arguments that are not finite go to accurate/remainders.c. */
#include "../lanes.h"
#include "exact.h"
#define FUNCTION remainder
#include "../double_double.h"

INLINE decision remainder_f64(f64 x, f64 y) {
    ONLY_IF(QUOTIENT_IS_FINITE(x, y));
    f64 quotient = x / y, n = nearest(quotient);
    f64 rest = fnmadd(n, y, x);
    m64 easy = less(absolute(rest), absolute(y) * 0.5) & less(absolute(quotient), all(0x1p51)) &
               less(absolute(y), all(__builtin_inf()));
    rest = choose(equal(rest, all(0)), with_sign_of(rest, x), rest);
    return (decision){rest, negated(easy)};
}

INLINE decision remainder_f32(f64 x, f64 y) { return remainder_f64(x, y); }

#include "binary.h"
