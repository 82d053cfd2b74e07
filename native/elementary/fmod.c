/* fmod(x, y), float64 and float32, exact.
   n = floor of the rounded |x|/|y| is the quotient or one more, for a true quotient in between two integers may round
   up to the next; |x| - n·|y| is exact by one fused operation, being a multiple of the smaller unit in the last place
   and less than |y| in magnitude; where it is negative one |y| comes back. Quotients from 2^51 on, and arguments that
   are not finite, go to accurate/remainders.c. */
#include "../lanes.h"
#include "exact.h"
#define FUNCTION fmod
#include "../double_double.h"

INLINE decision fmod_f64(f64 x, f64 y) {
    ONLY_IF(QUOTIENT_IS_FINITE(x, y));
    f64 a = absolute(x), b = absolute(y), quotient = a / b;
    f64 n = nearest(quotient);
    n = choose(less(quotient, n), n - 1, n);
    f64 rest = fnmadd(n, b, a);
    rest = choose(less(rest, all(0)), rest + b, rest);
    m64 easy = less(quotient, all(0x1p51)) & less(b, all(__builtin_inf()));
    return (decision){with_sign_of(rest, x), negated(easy)};
}

INLINE decision fmod_f32(f64 x, f64 y) { return fmod_f64(x, y); }

#include "binary.h"
