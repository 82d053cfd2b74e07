/* Reciprocal square roots without division and square root instructions, which cost 16 and 24 cycles for 8 lanes where
   a multiply-add costs half a cycle. */
#ifndef BITFAST_ROOTS_H
#define BITFAST_ROOTS_H

#include "../double_double.h"
#include "rsqrt_data.h"

/* 1/√x for normal x, relative error below 2^-51.9, of vectors 2^-52.3 (derive/gappa/reciprocal_root.g). The start y
   has |e| = |1 - x·y²| < 0.07; y·(1 - e)^(-1/2) by a cubic leaves 2^-20.2, a quadratic in the new e then 5/16·e³ <
   2^-59. */
INLINE f64 reciprocal_root(f64 x) {
#if LANES == 1
    return 1 / square_root(x);  /* pipelined and less work for one lane; what is made of either is rounded correctly */
#else
    f64 y = from_bits(ROOT_START - (bits(x) >> 1));
    f64 e = fnmadd(x * y, y, all(1));
    y = y * horner(e, ROOT_STEP, 4);
    e = fnmadd(x * y, y, all(1));
    return fmadd(y * e, fmadd(e, all(0.375), all(0.5)), y);
#endif
}

/* √x to 2^-50, for x = 0 too. */
INLINE f64 near_root(f64 x) {
#if LANES == 1
    return square_root(x);
#else
    return x * reciprocal_root(x);
#endif
}

/* √(hi + lo) as a sum of two doubles, relative error below 2^-99.9 (derive/gappa/double_root.g), for normal hi >=
   2^-960 or hi = lo = 0, |lo| <= 2^-51·hi. The high part is within 2^-50.6 of the root and not rounded to nearest. */
INLINE f64x2 double_root(f64 hi, f64 lo) {
#if LANES == 1
    f64 root = square_root(hi), half_reciprocal = 0.5 / (root + 0x1p-600);  /* no 0/0 */
#else
    f64 g = reciprocal_root(hi), root = hi * g, half_reciprocal = g * 0.5;
#endif
    f64 residual = fnmadd(root, root, hi) + lo;
    return (f64x2){root, residual * half_reciprocal};
}

#endif
