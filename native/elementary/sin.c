/* sin(x), float64 and float32, correctly rounded.

   float64: x = k·π/512 + r, |r| <= π/1024;  ±sin(x) = S·cos r + C·sin r with S, C the sine and cosine of k·π/512 from
   a table, as sums of two doubles; r too is one. Relative error below 0x1.1p-67 (trig.h).
   float32: in double, x = n·π + r, sin(x) = ±sin r by one polynomial on |r| <= π/2.
   Large arguments are reduced with as many digits of 1/π as they need: none is slow. */
#define FUNCTION sin

#include "trig.h"

/* The only float32 below LARGE_F32 that double is too short for: got 0x1.63f4bcp-2, want 0x1.63f4bap-2 (the sine is
   0x1.63f4bafffffffa5cp-2, which double rounds to the middle of two float32 numbers). Its sign does not count. */
#define EXCEPTION 0x1.33333p+13

INLINE decision sin_f64(f64 x) {
    m64 special = outside(x, 0x03f0000000000000, 0x4130000000000000);  /* TINY, LARGE */
#if LANES == 1
    if (__builtin_expect(special, 0)) return with_ends(sine_of(angle_of_any(x)), x);
#endif
    angle a = angle_of(x);
    if (__builtin_expect(!any(special), 1)) return sine_of(a);
    if (any(negated(less(absolute(x), all(LARGE))))) a = angle_of_any(x);
    return with_ends(sine_of(a), x);
}

INLINE decision sin_f32(f64 x) {
    m64 special = outside(x, 1, 0x41b0000000000000);  /* not 0, LARGE_F32 */
    special |= equal(absolute(x), all(EXCEPTION));
    angle a = angle_of_f32(x, 0);
    if (__builtin_expect(!any(special), 1)) return (decision){sine_of_f32(a), nowhere()};
    if (any(negated(less(absolute(x), all(LARGE_F32))))) a = angle_of_any_f32(x, 0);
    f64 value = choose(equal(x, all(0)), x, sine_of_f32(a));
    return (decision){value, near_middle_f32(value) | not_finite(x)};
}

#include "unary.h"
