/* What sinh, cosh and tanh share. */
#ifndef BITFAST_HYPERBOLIC_H
#define BITFAST_HYPERBOLIC_H

#include "exp_family_f32.h"
#include "hyperbolic_data.h"
#include "quotient.h"

/* Sinh and cosh of a = k·ln2/16 and of r, x = a + r, for 0 <= x < 700. */
typedef struct { f64 sinh_a, cosh_a, sinh_r, cosh_r; } hyperbolic_f32;

INLINE hyperbolic_f32 hyperbolic_of(f64 x) {
    reduced_f32 parts = reduced_by_ln2_f32(x);
    const int64_t half = (int64_t)1 << 52;
    f64 up = from_bits(bits(power_f32(parts.k)) - half), down = from_bits(bits(power_f32(-parts.k)) - half);
    f64 square = parts.r * parts.r;
    /* sinh(0x1.250bfep-11) lies so close below the middle of two float32 that the double nearest to it is that middle;
       a little less than r in place of r takes the double below. */
    f64 sinh_r = fmadd(parts.r, fmadd(square, horner(square, SINH_F32, 3), all(-0x1.2p-54)), parts.r);
    return (hyperbolic_f32){up - down, up + down, sinh_r, horner(square, COSH_F32, 4)};
}

#endif
