/* What fmod, floor_remainder and floor_divide begin with. */
#ifndef BITFAST_FLOORED_H
#define BITFAST_FLOORED_H

#include "../double_double.h"

/* `n`, the floor of the rounded a/b, is the floor of a/b or one more; `rest`, a - n·b by one fused operation, is exact
   and tells by its sign which; both only where the division is `easy`. For a, b >= 0. */
typedef struct { f64 n, rest; m64 easy; } floored;

INLINE floored floored_of(f64 a, f64 b) {
    f64 quotient = a / b, n = nearest(quotient);
    n = choose(less(quotient, n), n - 1, n);
    return (floored){n, fnmadd(n, b, a), less(quotient, all(0x1p51)) & less(b, all(__builtin_inf()))};
}

#endif
