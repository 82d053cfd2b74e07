/* What atan and atan2 share: the angle whose tangent is a quotient, from a cell near it and what is beyond it. */
#ifndef BITFAST_ATAN_FAMILY_H
#define BITFAST_ATAN_FAMILY_H

#include "../double_double.h"
#include "atan_data.h"

/* The cell of t >= 0: 0 below 2^-7, CELLS + 1 above 2^6, and for NaN one of the two. */
INLINE i64 cell_of(f64 t) {
    i64 cell = shift_right_logical(bits(t), 48) - CELL_BASE;
    cell = choose_bits(less_bits(cell, all_bits(0)), all_bits(0), cell);
    return choose_bits(less_bits(all_bits(CELLS + 1), cell), all_bits(CELLS + 1), cell);
}

/* The middle of a cell of t that is neither the first nor the last: 6 bits. */
INLINE f64 middle_of_cell(f64 t) {
    return from_bits((bits(t) & ~(int64_t)0xffffffffffff) | (int64_t)0x800000000000);
}

/* ANGLES[index] + sign·atan((n + n_rest)/(d + d_rest)), rounded; the quotient is at most 0.0245 in magnitude.
   Off by z³·P(z²), on which seven roundings act, and otherwise by less than 2^-76 of the angle: both bounds with their
   sum are proved (derive/gappa/atan.g). */
INLINE decision angle_and(i64 index, f64 n, f64 n_rest, f64 d, f64 d_rest, i64 sign) {
    f64 reciprocal = 1 / d, z = n * reciprocal;
    f64 z_rest = (fnmadd(z, d, n) + fnmadd(z, d_rest, n_rest)) * reciprocal;
    f64 square = z * z;
    f64 beyond = fmadd(z * square, horner(square, CUBIC, 5), fnmadd(z_rest, square, z_rest));
    f64x2 sum = fast_two_sum(lookup(ANGLES, index), xor_sign(z, sign));
    f64 low = sum.lo + (lookup(ANGLES_REST, index) + xor_sign(beyond, sign));
    return rounded_within(sum.hi, low, fmadd(absolute(beyond), all(0x1p-50), sum.hi * 0x1p-75));
}

/* atan(z) for |z| <= tan(pi/8), as double: relative error below 2^-51. */
INLINE f64 angle_f32(f64 z) {
    f64 square = z * z;
    return fmadd(z * square, horner(square, CUBIC_F32, 11), z);
}

#endif
