/* atan(x), float64 and float32, correctly rounded.

   float64: |x| lies in a cell with middle c (16 cells per binade from 2^-7 to 2^6; c = 0 below, infinite above);
   atan|x| = atan(c) + atan((|x| - c)/(1 + |x|·c)), or pi/2 + atan(-1/|x|). The numerator is exact, the denominator
   and the quotient z are sums of two doubles, atan(z) = z + z³·P(z²), P of degree 4 (atan.py). The roundings of
   z³·P count (derive/gappa/atan.g). float32: in double with c in {0, 1, infinity}; of all 2^32 arguments one needs more
   and is undecided. */
#define FUNCTION atan
#define SPECIAL_IS_TOLD
#define NAN_IS_TOLD  /* by the bits */

#include "atan_family.h"

#if LANES == 1
/* One value: 1 + |x|·c has its rest from one operation more, since the sum less 1 is exact. */
INLINE decision angle_of_one(double x) {
    const int64_t low = (int64_t)0x3f << 52, high = bits(0x1p1000);
    double t = absolute(x);
    if (__builtin_expect(!less_unsigned(bits(t) - low, high - low), 0)) return (decision){x, t != 0};
    int64_t cell = shift_right_logical(bits(t), 48) - CELL_BASE;
    double c = cell > 0 ? middle_of_cell(t) : 0;
    double n = t - c, d = fmadd(t, c, 1), d_rest = fmadd(t, c, 1 - d);
    if (__builtin_expect(cell > CELLS, 0)) n = -1, d = t, d_rest = 0, cell = CELLS + 1;
    decision result = angle_and(cell > 0 ? cell : 0, n, 0, d, d_rest, 0);
    result.value = with_sign_of(result.value, x);
    return result;
}
#endif

INLINE decision atan_f64(f64 x) {
#if LANES == 1
    return angle_of_one(x);
#endif
    ONLY_IF(less(absolute(x), all(0x1p1000)));
    f64 t = absolute(x);
    i64 cell = cell_of(t);
    m64 first = equal_bits(cell, all_bits(0)), last = equal_bits(cell, all_bits(CELLS + 1));
    f64 c = choose(first, all(0), middle_of_cell(t));
    f64x2 product = two_product(t, c), d = two_sum(all(1), product.hi);
    f64 n = choose(last, all(-1), t - c);
    decision result = angle_and(
        cell, n, all(0), choose(last, t, d.hi), choose(last, all(0), d.lo + product.lo), all_bits(0));
    result.value = with_sign_of(result.value, x);
    result.undecided |= less_unsigned(bits(t) - 1, all_bits((int64_t)0x3f << 52));
    return result;
}

/* Its angle is so near the middle of two float32 that the double is that middle. */
#define HARD_F32 0x1.1ad646p-4

INLINE decision atan_f32(f64 x) {
    f64 t = absolute(x);
#if LANES == 1  /* a table costs less than the branches and the longer polynomial */
    i64 cell = cell_of(t);
    f64 c = cell ? middle_of_cell(t) : 0;
    f64 z = cell <= CELLS ? (t - c) / fmadd(t, c, 1) : -1 / t;
    f64 square = z * z, value = ANGLES[cell] + fmadd(z * square, horner(square, CUBIC, 4), z);
#else
    m64 near = less(t, all(ONE_EIGHTH_TURN_TANGENT)), far = less(all(THREE_EIGHTHS_TURN_TANGENT), t);
    f64 n = choose(near, t, choose(far, all(-1), t - 1)), d = choose(near, all(1), choose(far, t, t + 1));
    f64 angle = choose(near, all(0), choose(far, all(QUARTERS[2]), all(QUARTERS[1])));
    f64 value = angle + angle_f32(n / d);
#endif
    return (decision){with_sign_of(value, x), different(x, x) | equal(t, all(HARD_F32))};
}

#include "unary.h"
