/* ∛x, float64 and float32, correctly rounded.

   A start w for x^(-1/3) from a third of the bits of |x|, e = 1 - |x|·w³, w·(1 - e)^(-1/3) by a polynomial of degree
   4 to 2^-23.4 and by one of degree 2 to 2^-52; y = |x|·w² is ∛|x| to 2^-50 (cbrt.py). float64: the residual |x| -
   y³ from exact products, ∛|x| = y + (|x| - y³)·w²/3, relative error below 2^-98 (derive/gappa/cbrt.g). Cubes are
   decided: their roots are doubles. float32: y itself (all 2^32 arguments were tried). */
#define FUNCTION cbrt

#include "../double_double.h"
#include "cbrt_data.h"

/* x^(-1/3) for normal x, relative error below 2^-52.2. */
INLINE f64 reciprocal_cube_root(f64 x) {
    f64 third = fmadd(to_double(shift_right_logical(bits(x), 32)), all(0x1.5555555555555p-2), all(ROUNDER));
    f64 w = from_bits((CBRT_START - rounder_bits(third)) << 32);
    f64 e = fnmadd(x * w, w * w, all(1));
    w = w * horner(e, CBRT_STEP, 5);
    e = fnmadd(x * w, w * w, all(1));
    return fmadd(w * e, fmadd(e, all(0x1.c71c71c71c71cp-3), all(0x1.5555555555555p-2)), w);
}

INLINE decision cbrt_f64(f64 x) {
    ONLY_IF(less(absolute(x), all(0x1p1000)));
    f64 magnitude = absolute(x), w = reciprocal_cube_root(magnitude), slope = w * w, y = magnitude * slope;
    f64x2 square = two_product(y, y), cube = two_product(square.hi, y);
    f64 residual = (magnitude - cube.hi) - fmadd(square.lo, y, cube.lo);
    decision d = rounded(y, residual * (slope * 0x1.5555555555555p-2), 0x1p-97);
    d.value = with_sign_of(d.value, x);
    d.undecided |= less(magnitude, all(0x1p-960)) & different(x, all(0));
    return d;
}

INLINE decision cbrt_f32(f64 x) {
    f64 magnitude = absolute(x), w = reciprocal_cube_root(magnitude), y = magnitude * (w * w);
    return (decision){with_sign_of(y, x), negated(less(magnitude, all(__builtin_inf())))};
}

#include "unary.h"
