/* exp10(x), float64 and float32, correctly rounded.

   x = k·log10(2)/256 + t and 10^x = 2^(k/256)·e^(t·ln10). float64: exp_family.h; relative error below 2^-68
   (derive/gappa/exp.g).
   10^0 … 10^22 are doubles, and certain of their rounding; 10^23 lies between two doubles exactly, and is
   the one argument that is always undecided.
   float32: in double, k in steps of log10(2)/16 and 10^t = 1 + t·G(t); no argument needs more (all 2^32 were tried). */
#define FUNCTION exp10
#define SPECIAL_IS_TOLD

#include "exp10_data.h"
#include "exp_family_f32.h"

INLINE decision exp10_f64(f64 x) {
    ONLY_IF(inside(x, -307, 307));
    f64 rounder = fmadd(x, all(DECIMAL_STEPS_PER_UNIT), all(ROUNDER)), k = rounder - ROUNDER;
    f64 near = fnmadd(k, all(DECIMAL_STEP_HIGH), x);  /* exact */
    f64 t = fnmadd(k, all(DECIMAL_STEP_LOW), near);
    f64 t_rest = fnmadd(k, all(DECIMAL_STEP_LOW), near - t);
    f64 r = t * LN10;
    f64 rest = fmadd(t, all(LN10_REST), fmadd(t, all(LN10), -r));
    reduced parts = {rounder_bits(rounder), r, fmadd(t_rest, all(LN10), rest)};
    f64x2 sum = grown(power_of(parts), parts);
    decision d = rounded(sum.hi, sum.lo, 0x1p-68);
    d.value = times_power(d.value, parts);
    d.undecided |= UNLESS_TOLD(negated(less(absolute(x), all(307))));  /* overflow, subnormal results, NaN */
    return d;
}

INLINE decision exp10_f32(f64 x) {
    ONLY_IF(inside(x, -45.1, 38.5));
#if LANES == 1
    f64 rounder = fmadd(x, DECIMAL_STEPS_PER_UNIT, ROUNDER), k = rounder - ROUNDER;
    f64 t = fnmadd(k, DECIMAL_STEP_LOW, fnmadd(k, DECIMAL_STEP_HIGH, x));
    f64 power = fine_power(rounder_bits(rounder)), value = fmadd(power * t, horner(t, GROWTH10_FINE, 4), power);
#else
    f64 rounder = fmadd(x, all(DECIMAL_STEPS_PER_UNIT_F32), all(ROUNDER)), k = rounder - ROUNDER;
    f64 t = fnmadd(k, all(DECIMAL_STEP_LOW_F32), fnmadd(k, all(DECIMAL_STEP_HIGH_F32), x));
    f64 power = power_f32(rounder_bits(rounder));
    f64 value = fmadd(power, t * polynomial_f32(t, GROWTH10_F32), power);
#endif
    /* Above 2^128 and below 2^-150 the result is infinite or 0. */
    return (decision){value, UNLESS_TOLD(negated(less(x, all(38.5)) & less(all(-45.1), x)))};
}

#define SATURATION_F64 308.26, -323.61
#define SATURATION_F32 38.54, -45.16
#include "unary.h"
