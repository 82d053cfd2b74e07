/* 1/√x, float64 and float32, correctly rounded.

   y is 1/√x to 2^-50 (roots.h). float64: e = 1 - x·y² from x·y as a sum of two doubles, and 1/√x = y + y·e/2 with
   relative error 3/8·e² + 2^-52·|e| < 2^-98. No result but a power of two, which is exact, lies on or between two
   doubles more evenly than that allows, so few lanes are undecided. float32: y itself (all 2^32 arguments were
   tried). */
#define FUNCTION rsqrt

#include "roots.h"

INLINE decision rsqrt_f64(f64 x) {
    ONLY_IF(less(all(0x1p-960), x));
    f64 y = reciprocal_root(x);
    f64x2 root = two_product(x, y);
    f64 e = fnmadd(root.lo, y, fnmadd(root.hi, y, all(1)));
    decision d = rounded(y, y * 0.5 * e, 0x1p-97);
    d.undecided |= negated(less(x, all(__builtin_inf())) & less(all(0x1p-960), x));
    return d;
}

INLINE decision rsqrt_f32(f64 x) {
    ONLY_IF(less(all(0), x));
    return (decision){reciprocal_root(x), negated(less(x, all(__builtin_inf())) & less(all(0), x))};
}

#include "unary.h"
