/* cos(x), float64 and float32, correctly rounded.

   float64: cos(x) = sin(x + π/2), and π/2 is 256 of the steps that sin.c takes: the same table and error bound.
   float32: in double, x = (n + 1/2)·π + r, cos(x) = ±sin r. */
#define FUNCTION cos

#include "trig.h"

INLINE decision cos_f64(f64 x) {
    m64 special = negated(less(absolute(x), all(LARGE)));
#if LANES == 1
    angle a = __builtin_expect(special, 0) ? angle_of_any(x) : angle_of(x);
#else
    angle a = angle_of(x);
    if (__builtin_expect(any(special), 0)) a = angle_of_any(x);
#endif
    a.step = a.step + STEPS / 2;
    decision d = sine_of(a);
    if (__builtin_expect(any(special), 0)) d.undecided |= not_finite(x);
    return d;
}

INLINE decision cos_f32(f64 x) {
    m64 special = negated(less(absolute(x), all(LARGE_F32)));
    angle a = angle_of_f32(x, 0.5);
    if (__builtin_expect(any(special), 0)) a = angle_of_any_f32(x, 0.5);
    a.step = a.step + 1;  /* -sin r for n = 0, where r is x - π/2 */
    decision d = {sine_of_f32(a), nowhere()};
    if (__builtin_expect(any(special), 0)) d.undecided = near_middle_f32(d.value) | not_finite(x);
    return d;
}

#include "unary.h"
