/* exp(x), float64 and float32, correctly rounded.

   float64: exp_family.h; relative error below 2^-68 (derive/gappa/exp.g).
   float32: in double, x = k·ln2/16 + r and e^x = 2^(k/16)·(1 + r·G(r)), one value in steps of ln2/256; no
   argument needs more (all 2^32 were tried). */
#define FUNCTION exp
#define SPECIAL_IS_TOLD

#include "exp_family_f32.h"

INLINE decision exp_f64(f64 x) {
    ONLY_IF(inside(x, -708, 708));
    reduced parts = reduced_by_ln2(x);
    f64x2 sum = grown(power_of(parts), parts);
    decision d = rounded(sum.hi, sum.lo, 0x1p-68);
    d.value = times_power(d.value, parts);
    d.undecided |= UNLESS_TOLD(negated(less(absolute(x), all(708))));  /* overflow, subnormal results, NaN */
    return d;
}

INLINE decision exp_f32(f64 x) {
    ONLY_IF(inside(x, -103.9, 88.7));
#if LANES == 1
    f64 value = fine_exponential(x);
#else
    reduced_f32 parts = reduced_by_ln2_f32(x);
    f64 power = power_f32(parts.k), value = fmadd(power, growth_f32(parts.r), power);
#endif
    /* Above 2^128 and below 2^-150 the result is infinite or 0. */
    return (decision){value, UNLESS_TOLD(negated(less(x, all(88.7)) & less(all(-103.9), x)))};
}

#define SATURATION_F64 709.79, -745.14
#define SATURATION_F32 88.73, -103.98
#include "unary.h"
