/* What asinh, acosh and atanh share: the natural logarithm of a sum of two doubles, by log_family.h. */
#ifndef BITFAST_AREA_FAMILY_H
#define BITFAST_AREA_FAMILY_H

#include "ln_family.h"
#include "roots.h"

/* hi + lo, off by at most margin. */
typedef struct { f64 hi, lo, margin; } bounded_sum;

/* 2^-e, 0 where it would be subnormal. */
INLINE f64 inverse_power(split_number s) {
    return from_bits(2 * ONE_BITS - (s.biased & ~MANTISSA_BITS));
}

/* ln(2^power·(y.hi + y.lo)), y normal and off by less than 2^-98·y, |y.lo| below an ulp or two of y.hi. With y = 2^e·m
   + y.lo and m·c - 1 exact, r = (m·c - 1) + y.lo·c·2^-e as r + r', the rest as in log1p.c. */
INLINE bounded_sum logarithm_of(f64x2 y, f64 power) {
    y = fast_two_sum(y.hi, y.lo);
    split_number s = split_at(y.hi, FIRST_CELL);
    f64 c = lookup32(RECIPROCALS, cell_of(s));
    f64x2 r = fast_two_sum(fmadd(s.mantissa, c, all(-1)), y.lo * (inverse_power(s) * c));
    f64 exponent = s.exponent + power, square = r.hi * r.hi, half = r.hi * 0.5;
    f64 whole = fmadd(exponent, all(LN_OF_2_HIGH), lookup32(LN_HIGH, cell_of(s)));
    f64 whole_rest = fmadd(exponent, all(LN_OF_2_LOW), lookup32(LN_LOW, cell_of(s)));
    whole_rest = whole_rest + fmadd(r.lo, square - r.hi, r.lo);
    f64x2 sum = fast_two_sum(whole, r.hi);
    f64 hi = fnmadd(half, r.hi, sum.hi);
    f64 lo = fnmadd(half, r.hi, sum.hi - hi);
    f64 low = fmadd(r.hi * square, cubic(r.hi, square), (sum.lo + lo) + whole_rest);
    return (bounded_sum){hi, low, logarithm_margin(square, hi, 1) + 0x1p-97};
}

/* Where |x| is below 2^-20, x + c3·x³ + c5·x⁵, off by less than 2^-92·|x| for asinh and atanh; scaled by a power of
   two. */
INLINE bounded_sum series_or(bounded_sum large, f64 a, double c3, double c5, double scale) {
    m64 small = less(a, all(0x1p-20));
    f64 square = a * a, scaled = a * scale;
    f64 rest = scaled * square * fmadd(square, all(c5), all(c3));
    return (bounded_sum){choose(small, scaled, large.hi), choose(small, rest, large.lo),
                         choose(small, scaled * 0x1p-90, large.margin)};
}

/* The smallest arguments of an odd function, but for 0. */
INLINE m64 tiny(f64 a) { return less_unsigned(bits(a) - 1, all_bits((int64_t)0x3f << 52)); }

/* ln(1 + t) for float32, t in double, relative error below 2^-43; 0 for 0. */
INLINE f64 log1p_in_double(f64 t, m64 *undecided) {
    f64 sum = t + 1;
    split_number s = split_at(sum, FIRST_CELL_F32);
    f64 w = inverse_power(s) * lookup16(RECIPROCALS_F32, cell_of_f32(s));
    *undecided = not_normal(sum);
    return natural_logarithm_f32(s, fmadd(t, w, w - 1));
}

/* With what a square root and a division in double add to the error of the logarithm. */
enum { AREA_ERROR_F32_ULPS = ERROR_F32_ULPS + 40 };

#endif
