/* expm1(x), float64 and float32, correctly rounded.

   float64: exp_family.h; e^x - 1 = 2^K·((2^(i/256) - 2^-K) + 2^(i/256)·(e^r - 1)), x = (256K + i)·ln2/256 + r. The
   bracket is 0 for i = K = 0, else larger than what is added to it: relative error below 2^-70 everywhere, by analysis.
   float32: in double, the same with ln2/16; two
   arguments need more (all with 2^-26 <= |x| < 2^7 were tried). */
#define FUNCTION expm1
#define SPECIAL_IS_TOLD

#include "exp_family_f32.h"

INLINE decision expm1_f64(f64 x) {
    ONLY_IF(inside(x, -0x1p1023, 708));
    f64 bounded = choose(less(x, all(-60)), all(-60), x);  /* there it is -1 already */
    reduced parts = reduced_by_ln2(bounded);
    f64x2 power = power_of(parts);
    f64x2 base = two_sum(power.hi, -unit_of(parts));
    f64x2 sum = sum_of_growth(base, power, growth_of(parts));
    decision d = rounded(sum.hi, sum.lo, 0x1p-70);
    d.value = with_sign_of(times_power(d.value, parts), x);
    d.undecided |= negated(ordinary(bounded, 708));
    return d;
}

INLINE decision expm1_f32(f64 x) {
    ONLY_IF(inside(x, -0x1p1023, 88.7));
    f64 bounded = choose(less(x, all(-60)), all(-60), x);
    reduced_f32 parts = reduced_by_ln2_f32(bounded);
    f64 power = power_f32(parts.k);
    f64 value = fmadd(power, exact_growth_f32(parts.r), power - 1);
    /* The two arguments whose results are nearer to the middle of two float32 than the rounded 2^(k/16) allow. */
    m64 hard = equal(x, all(0x1.84a5bap-4)) | equal(x, all(-0x1.a8ebap-6));
    return (decision){with_sign_of(value, x), negated(less(bounded, all(88.7))) | hard};
}

#define SATURATION_F64 709.79, -__builtin_inf()
#define SATURATION_F32 88.73, -__builtin_inf()
#include "unary.h"
