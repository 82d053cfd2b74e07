/* log1p(x) = log(1 + x), float64 and float32, correctly rounded.

   1 + x = u + v exactly, u = 2^e·m, m·c - 1 exact (log_family.h); with w = 2^-e·c, r = (m·c - 1) + v·w as r + r', then
   log1p x = e·ln2 - ln c + log(1+r) + r'·(1 - r + r²). In the cell around 1, r is x itself.
   float64: error as in log. float32: in double, r = x·w + (w - 1) rounded once, relative error below 2^-43. */
#define FUNCTION log1p

#include "ln_family.h"

/* 2^-e, 0 where it would be subnormal. */
INLINE f64 inverse_power(split_number s) {
    return from_bits(2 * ONE_BITS - (s.biased & ~MANTISSA_BITS));
}

INLINE decision log1p_f64(f64 x) {
    f64x2 sum = two_sum(all(1), x);
    ONLY_IF(negated(not_normal(sum.hi)) & less(sum.hi, all(0x1p1020)));
    split_number s = split_at(sum.hi, FIRST_CELL);
    f64 c = lookup32(RECIPROCALS, cell_of(s));
    f64x2 r = fast_two_sum(fmadd(s.mantissa, c, all(-1)), sum.lo * (inverse_power(s) * c));
    f64 square = r.hi * r.hi;
    decision d = natural_logarithm(s, r.hi, square, fmadd(r.lo, square - r.hi, r.lo));
    d.value = from_bits(bits(d.value) | sign_bits(x));  /* -0 */
    d.undecided |= not_normal(sum.hi) | (less(absolute(x), all(0x1p-960)) & different(x, all(0)));
    return d;
}

INLINE decision log1p_f32(f64 x) {
    f64 sum = x + 1;
    ONLY_IF(negated(not_normal(sum)));
    split_number s = split_at(sum, FIRST_CELL_F32);
    f64 w = inverse_power(s) * lookup16(RECIPROCALS_F32, cell_of_f32(s));
    f64 value = natural_logarithm_f32(s, fmadd(x, w, w - 1));
    decision d = rounded_f32(from_bits(bits(value) | sign_bits(x)), ERROR_F32_ULPS);
    d.undecided |= not_normal(sum);
    return d;
}

#include "unary.h"
