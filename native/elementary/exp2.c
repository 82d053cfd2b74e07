/* exp2(x), float64 and float32, correctly rounded.

   x = k/256 + t exactly, 2^x = 2^(k/256)·e^(t·ln2). float64: exp_family.h; relative error below 2^-68
   (derive/gappa/exp.g).
   Integers have t = 0, so they are certain of their rounding at once.
   float32: in double, x = k/16 + t and 2^t = 1 + t·G(t); no argument needs more (all with 2^-26 <= |x| < 2^7 were
   tried). One value: k/256, and one argument needs more (all 2^32 were tried). */
#define FUNCTION exp2
#define SPECIAL_IS_TOLD

#include "exp2_data.h"
#include "exp_family_f32.h"

#if LANES == 1
/* 2^(k/256)·2^t: with 2^(k/256)·ln2 from the table too, t needs no multiplication by a sum of two doubles. Error below
   2^-68.9 of it, by analysis: the polynomial's 2^-69.6, and five roundings of 2^-73. */
INLINE f64x2 sum_of(i64 k, double t) {
    const double *row = POWERS_WITH_SLOPES + 4 * (k & 255);
    double square = t * t;
    double q = fmadd(square, horner(t, BEYOND2 + 2, 2), horner(t, BEYOND2, 2));
    f64x2 sum = multiply_added(row[2], t, row[0]);
    double low = fmadd(row[3], t, row[1]) + sum.lo;
    return (f64x2){sum.hi, fmadd(row[0] * square, q, low)};
}
#endif

INLINE decision exp2_f64(f64 x) {
    ONLY_IF(inside(x, -1021, 1021));
    f64 rounder = x + ROUNDER_TO_STEPS, t = x - (rounder - ROUNDER_TO_STEPS);
#if LANES == 1
    reduced parts = {rounder_bits(rounder), t, 0};
    f64x2 sum = sum_of(parts.k, t);
    decision d = rounded_within(sum.hi, sum.lo, 0x1.4p-68);  /* sum < 2.003: its error is below 2^-67.89 */
#else
    f64 r = t * LN2;
    f64 rest = fmadd(t, all(LN2_REST), fmadd(t, all(LN2), -r));
    reduced parts = {rounder_bits(rounder), r, rest};
    f64x2 sum = grown(power_of(parts), parts);
    decision d = rounded(sum.hi, sum.lo, 0x1p-68);
#endif
    d.value = times_power(d.value, parts);
    d.undecided |= UNLESS_TOLD(negated(less(absolute(x), all(1021))));  /* overflow, subnormal results, NaN */
    return d;
}

INLINE decision exp2_f32(f64 x) {
    ONLY_IF(inside(x, -150, 128));
#if LANES == 1
    f64 rounder = x + ROUNDER_TO_STEPS, t = x - (rounder - ROUNDER_TO_STEPS);
    f64 power = fine_power(rounder_bits(rounder)), value = fmadd(power * t, horner(t, GROWTH2_FINE, 4), power);
    /* The one argument whose result is nearer to the middle of two float32 than these roundings allow. */
    return (decision){value, bits(x) == bits(-0x1.e7526ep-6)};
#else
    f64 rounder = x + ROUNDER_TO_STEPS_F32, t = x - (rounder - ROUNDER_TO_STEPS_F32);
    f64 power = power_f32(rounder_bits(rounder));
    /* 2^0x1.853a6ep-9 lies so close above the middle of two float32 that the double nearest to it is that middle; a
       little more than 0 in place of 0 takes the double above. */
    f64 growth = fmadd(t, polynomial_f32(t, GROWTH2_F32), all(0x1.4p-56));
    f64 value = fmadd(power, growth, power);
    return (decision){value, negated(less(x, all(128)) & less(all(-150), x))};
#endif
}

#define SATURATION_F64 1024.01, -1075.01
#define SATURATION_F32 128.01, -150.01
#include "unary.h"
