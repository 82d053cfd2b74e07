/* pow(x, y) = x^y, float64 and float32, correctly rounded.

   |x| = 2^e·m, m·c = 1 + r exactly (log_family.h);  log|x| = e·ln2 - ln c + r + r²·(r/3 - 1/2) + r⁴·Q(r), of which all
   but r⁴·Q (derive/pow.py) is exact or a sum of two doubles: error below r⁴·2^-51.1 + |log x|·2^-90. Then
   e^(y·log|x|) as exp has it. The rounding test takes |y|·r⁴ into account. Exact results pass it; those in the middle
   between two numbers (x³ where x has 18 bits, …) are undecided, but x² is a case of its own.
   float32: 2^(y·log2|x|) in double, |y·log2 x| < 126, error below 2^-42; nearer to a middle a lane is undecided.
   Negative x take their sign from the parity of y, |y| < 2^51. */
#define FUNCTION pow

#include "exp2_data.h"
#include "exp_family.h"
#include "exp_family_f32.h"
#include "log2_data.h"
#include "log_data.h"
#include "log_family.h"
#include "pow_data.h"

typedef struct { i64 sign; m64 invalid; } power_sign;

/* The result's sign, and where x is negative but y not an integer known here. */
INLINE power_sign sign_of_power(f64 x, f64 y) {
#if LANES == 1
    if (__builtin_expect(bits(x) >= 0, 1)) return (power_sign){0, 0};
#endif
    f64 rounder = y + ROUNDER;
    m64 integer = equal(rounder - ROUNDER, y) & less(absolute(y), all(0x1p51));
    return (power_sign){sign_bits(x) & (rounder_bits(rounder) << 63), less(x, all(0)) & negated(integer)};
}

/* The lanes outside a kernel's range are undecided too. x² of whole numbers is often just in the middle, but it is one
   multiplication: rounded once for float64, exact for float32. */
INLINE decision finished(decision d, m64 outside, f64 x, f64 y) {
#if LANES == 1
    if (__builtin_expect(outside, 0)) return (decision){d.value, 1};
#endif
    if (__builtin_expect(any(d.undecided | outside), 0)) {
        m64 square = equal(y, all(2));
        d.value = choose(square, x * x, d.value);
        d.undecided = (d.undecided & negated(square)) | outside;
    }
    return d;
}

/* log(magnitude) = hi + low, low < 2^-16·|hi|. The error: r⁴·Q(r) by its roundings r⁴·2^-51.97 (pow.g), by the
   polynomial r⁴·2^-56 (Sollya), by five roundings of sums in which it stands (two of them in pow_f64) r⁴·0.26·5·2^-53;
   together less than r⁴·2^-51.1. Everything else, by analysis, is below |hi|·2^-90. */
typedef struct { f64 hi, low, fourth; } wide_logarithm;

INLINE wide_logarithm logarithm_of(f64 magnitude) {
    split_number s = split_at(magnitude, FIRST_CELL);
    f64 r = fmadd(s.mantissa, lookup32(RECIPROCALS, cell_of(s)), all(-1));
    f64 whole = fmadd(s.exponent, all(LN_OF_2_HIGH), lookup32(LN_HIGH, cell_of(s)));
    f64 whole_rest = fmadd(s.exponent, all(LN_OF_2_LOW), lookup32(LN_LOW, cell_of(s)));

    f64x2 sum = fast_two_sum(whole, r);
    f64 square = r * r, square_rest = fmadd(r, r, -square), fourth = square * square;
    f64 u = fmadd(r, all(THIRD), all(-0.5));  /* u + u_rest = r/3 - 1/2 */
    f64 u_rest = fmadd(r, all(THIRD_REST), fmadd(r, all(THIRD), -0.5 - u));
    f64 hi = fmadd(square, u, sum.hi);
    f64 lo = fmadd(square, u, sum.hi - hi);
    f64 q_low = fmadd(square, horner(r, QUARTIC + 2, 2), horner(r, QUARTIC, 2));
    f64 q_high = fmadd(square, horner(r, QUARTIC + 6, 2), horner(r, QUARTIC + 4, 2));
    f64 q = fmadd(fourth, q_high, q_low);
    f64 beyond = fmadd(square, fmadd(square, q, u_rest), square_rest * u);
    return (wide_logarithm){hi, (beyond + (sum.lo + whole_rest)) + lo, fourth};
}

INLINE decision pow_f64(f64 x, f64 y) {
    f64 magnitude = absolute(x);
    ONLY_IF(negated(not_normal(magnitude)) & less(absolute(y), all(0x1p70)));
    wide_logarithm l = logarithm_of(magnitude);
    f64 z = y * l.hi;
    ONLY_IF(less(absolute(z), all(708)));
    f64 z_low = fmadd(y, l.low, fmadd(y, l.hi, -z));
    f64 rounder = fmadd(z, all(STEPS_PER_UNIT), all(ROUNDER)), k = rounder - ROUNDER;
    f64 near = fnmadd(k, all(STEP_HIGH), z);  /* exact */
    f64x2 r = fast_two_sum(near, fnmadd(k, all(STEP_LOW), z_low));
    /* Exact though near may be the smaller: it is a multiple of the other's last bit. k is chosen without z_low, so |r|
       may pass what exp.g proves `grown` for by |y|·r⁴/4, at most to 2^-8.9. Its polynomial's error is then below
       2^-63.9, by analysis, and |y|·r⁴ so large that a quarter of `error`, which the logarithm leaves over, is
       above. */
    reduced parts = {rounder_bits(rounder), r.hi, r.lo};
    f64x2 sum = grown(power_of(parts), parts);
    f64 error = fmadd(absolute(y * l.fourth), all(0x1.2p-51), all(0x1.02p-68));
    decision d = rounded_within(sum.hi, sum.lo, sum.hi * error);

    power_sign sign = sign_of_power(x, y);
    d.value = xor_sign(times_power(d.value, parts), sign.sign);
    return finished(d, not_normal(magnitude) | negated(less(absolute(z), all(708))) | sign.invalid, x, y);
}

INLINE decision pow_f32(f64 x, f64 y) {
    f64 magnitude = absolute(x);
#if LANES == 1  /* the tables of float64, whose finer cells and steps leave shorter polynomials */
    fine_number n = fine_number_of(magnitude, LOG2_FINE);
    double square = n.r * n.r, linear = fmadd(n.r, LOG2_FACTOR, n.exponent + n.row[3]);
    double beyond = fmadd(square, horner(n.r, POW_FINE_BEYOND + 2, 3), horner(n.r, POW_FINE_BEYOND, 2));
    double z = y * fmadd(square, beyond, linear);

    ONLY_IF(negated(not_normal(magnitude)) & less(absolute(z), 125.9));
    double rounder = z + ROUNDER_TO_STEPS, t = z - (rounder - ROUNDER_TO_STEPS);
    double power = fine_power(rounder_bits(rounder));
    double value = fmadd(power * t, horner(t, POW_FINE_GROWTH, 3), power);
#else
    split_number s = split_at(magnitude, FIRST_CELL_F32);
    f64 r = fmadd(s.mantissa, lookup16(RECIPROCALS_F32, cell_of_f32(s)), all(-1)), square = r * r;
    f64 whole = s.exponent + lookup16(LOG2_F32, cell_of_f32(s));
    f64 high = fmadd(square, all(POW_BEYOND_F32[6]), horner(r, POW_BEYOND_F32 + 4, 2));
    f64 beyond = fmadd(square, horner(r, POW_BEYOND_F32 + 2, 2), horner(r, POW_BEYOND_F32, 2));
    beyond = fmadd(square * square, high, beyond);
    f64 z = y * fmadd(square, beyond, fmadd(r, all(LOG2_FACTOR), whole));

    f64 rounder = z + ROUNDER_TO_STEPS_F32, t = z - (rounder - ROUNDER_TO_STEPS_F32);
    f64 power = power_f32(rounder_bits(rounder));
    f64 value = fmadd(power * t, polynomial_f32(t, GROWTH2_F32), power);
#endif
    power_sign sign = sign_of_power(x, y);
    decision d = rounded_f32(value, 2048);
#if LANES == 1
    if (__builtin_expect(sign.sign != 0, 0)) d.value = -value;
    return finished(d, sign.invalid, x, y);
#else
    d.value = xor_sign(value, sign.sign);
    return finished(d, not_normal(magnitude) | negated(less(absolute(z), all(125.9))) | sign.invalid, x, y);
#endif
}

#include "binary.h"
