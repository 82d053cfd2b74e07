/* What log, log2, log10, log1p and pow share: x = 2^e·m, and r = m·c - 1 exact, c a short number near 1/m.

   m lies in one of 32 cells (float32: 16), equal in representation, of which one has 1 in its middle and c = 1; there
   the result is log(1+r) alone and keeps its relative accuracy. |r| < 2^-5.6 (2^-4.8). -log c and e·log 2 come as a
   multiple of 2^-42, so that their sum is exact, and the rest. derive/log.py chooses the cells. */
#ifndef BITFAST_LOG_FAMILY_H
#define BITFAST_LOG_FAMILY_H

#include "../double_double.h"
#include "log_cells_data.h"

#define ONE_BITS ((int64_t)0x3ff0000000000000)
#define MANTISSA_BITS ((int64_t)0x000fffffffffffff)

/* Positive normal finite numbers: all others are undecided, subnormal ones too. */
INLINE m64 not_normal(f64 x) {
    return negated(less_unsigned(bits(x) - (MANTISSA_BITS + 1), all_bits(0x7fe0000000000000)));
}

typedef struct { f64 exponent, mantissa; i64 biased; } split_number;

/* x = 2^exponent · mantissa. The high 12 bits of `biased` are exponent + 1023, the ones below count the cells. */
INLINE split_number split_at(f64 x, int64_t first_cell) {
    i64 biased = bits(x) + (ONE_BITS - first_cell);
    f64 exponent = from_bits(shift_right_logical(biased, 52) | (int64_t)0x4330000000000000) - (0x1p52 + 1023);
    return (split_number){exponent, from_bits((biased & MANTISSA_BITS) + first_cell), biased};
}

/* Both look-ups take the low bits of the index only. */
INLINE i64 cell_of(split_number s) { return shift_right_logical(s.biased, 47); }
INLINE i64 cell_of_f32(split_number s) { return shift_right_logical(s.biased, 48) & 15; }

#if LANES == 1

/* One value at a time has larger tables, 128 cells and |r| < 2^-7.5: a look-up costs it nothing more and each operation
   counts. Beyond the linear term one double is then enough, except near 1, where the result is small. */
typedef struct { double exponent, r; const double *row; } fine_number;

INLINE fine_number fine_number_of(double x, const double *rows) {
    int64_t above = bits(x) - FIRST_CELL_FINE;
    const double *row = rows + ((above >> 43) & 0x1fc);
    double exponent = (int)(above >> 52), mantissa = from_bits(bits(x) - (above & ~MANTISSA_BITS));
    return (fine_number){exponent, fmadd(mantissa, row[0], -1), row};
}

/* Positive and finite: as a double every float32 is normal. */
INLINE int positive_f32(double x) { return less_unsigned(bits(x) - 1, 0x7fefffffffffffff); }

/* x within 1/16 of 1. */
INLINE int near_one(double x) {
    const int64_t low = 0x3fee000000000000, high = 0x3ff1000000000000;
    return less_unsigned(bits(x) - low, high - low);
}

/* (log(1+r) - r·FACTOR)/r² */
INLINE double fine_beyond(double r, double square, const double c[6]) {
    double sum = fmadd(square, horner(r, c + 4, 2), horner(r, c + 2, 2));
    return fmadd(square, sum, horner(r, c, 2));
}

INLINE double fine_beyond_f32(double r, double square, const double c[4]) {
    return fmadd(square, horner(r, c + 2, 2), horner(r, c, 2));
}

#endif

/* (log(1+r) - r + r²/2)/r³ */
INLINE f64 cubic(f64 r, f64 square) {
    f64 c = fmadd(square, horner(r, CUBIC + 6, 2), horner(r, CUBIC + 4, 2));
    c = fmadd(square, c, horner(r, CUBIC + 2, 2));
    return fmadd(square, c, horner(r, CUBIC, 2));
}

/* The bound of the error of hi + lo of all the functions here. r³·C(r): by its roundings |r|³·2^-52.67 (log.g), by the
   polynomial |r|³·2^-55.7 (Sollya), by at most five roundings of sums in which it stands |r|³·0.35·5·2^-53; together
   less than |r|³·2^-51.3 < r²·2^-56.9. Everything else, by analysis, is below |hi|·2^-90. */
INLINE f64 logarithm_margin(f64 square, f64 hi, double scale) {
    return fmadd(square, all(scale * 0x1.2p-57), absolute(hi) * 0x1p-90);
}

/* (log(1+r) - r·FACTOR)/r² in float32's six terms. */
INLINE f64 beyond_f32(f64 r, f64 square, const double *c) {
    f64 high = fmadd(square, horner(r, c + 4, 2), horner(r, c + 2, 2));
    return fmadd(square, high, horner(r, c, 2));
}

/* The largest error of the float32 functions: 2^-43.1 from the polynomial and three roundings. */
enum { ERROR_F32_ULPS = 1000 };

/* whole + factor·log(1+r) in base 2 or 10: log(1+r) as a sum of two doubles, times the factor as another. */
INLINE decision other_base(f64 whole, f64 whole_rest, f64 r, double factor, double factor_low) {
    f64 square = r * r, half = r * 0.5;
    f64 hi = fnmadd(half, r, r);
    f64 lo = fnmadd(half, r, r - hi);
    lo = fmadd(r * square, cubic(r, square), lo);
    f64x2 scaled = two_product(hi, all(factor));
    f64 scaled_rest = fmadd(lo, all(factor), fmadd(hi, all(factor_low), scaled.lo));
    f64x2 sum = fast_two_sum(whole, scaled.hi);
    f64 low = sum.lo + (scaled_rest + whole_rest);
    return rounded_within(sum.hi, low, logarithm_margin(square, sum.hi, factor));
}

#endif
