/* atan2(y, x), float64 and float32, correctly rounded. The first argument is y, C's order.

   float64: as atan with t = |y|/|x|, roughly, only to choose the cell; its angle is exact for the quotient
   (|y| - c·|x|)/(|x| + c·|y|), or -|x|/|y| in the last cell. A negative x gives pi less that.
   Arguments beyond 2^±480 are undecided.
   float32: as atan's in double; where an error of 8 ulp of the double could matter is undecided. */
#define FUNCTION atan2

#include "atan_family.h"

/* 1/x to 0.2% for normal x: the bits of 1/x are about a constant less those of x (to 6%), one step of third order. */
INLINE f64 rough_reciprocal(f64 x) {
    f64 r = from_bits((int64_t)0x7fde623822fc16e6 - bits(x)), e = fnmadd(x, r, all(1));
    return fmadd(r, fmadd(e, e, e), r);
}

INLINE m64 usual_or_zero(f64 x) { return (less(all(0x1p-480), x) & less(x, all(0x1p480))) | equal(x, all(0)); }

INLINE decision atan2_f64(f64 y, f64 x) {
    f64 up = absolute(y), along = absolute(x);
    ONLY_IF(usual_or_zero(up) & usual_or_zero(along) & different(along, all(0)));
    f64 t = up * rough_reciprocal(along);
    i64 cell = cell_of(t);
    m64 first = equal_bits(cell, all_bits(0)), last = equal_bits(cell, all_bits(CELLS + 1));
    f64 c = choose(first, all(0), middle_of_cell(t));
    f64x2 back = two_product(c, along), more = two_product(c, up), d = two_sum(along, more.hi);
    f64 n = choose(last, -along, up - back.hi), n_rest = choose(last, all(0), -back.lo);
    f64 d_rest = choose(last, all(0), d.lo + more.lo);
    i64 behind = bits(x) >> 63;
    i64 index = cell + (behind & (CELLS + 2));
    decision result = angle_and(index, n, n_rest, choose(last, up, d.hi), d_rest, behind & INT64_MIN);
    result.value = xor_sign(result.value, sign_bits(y));
    result.undecided |= negated(usual_or_zero(up) & usual_or_zero(along));
    return result;
}

INLINE decision atan2_f32(f64 y, f64 x) {
    f64 up = absolute(y), along = absolute(x);
    ONLY_IF(different(up + along, all(0)));
    m64 near = less(up, along * ONE_EIGHTH_TURN_TANGENT), far = less(along * THREE_EIGHTHS_TURN_TANGENT, up);
    f64 n = choose(near, up, choose(far, -along, up - along)), d = choose(near, along, choose(far, up, up + along));
    f64 angle = choose(near, all(0), choose(far, all(QUARTERS[2]), all(QUARTERS[1])));
    i64 behind = bits(x) >> 63;
    angle = xor_sign(angle, behind & INT64_MIN) + from_bits(behind & bits(all(QUARTERS[4])));
    f64 value = angle + xor_sign(angle_f32(n / d), behind & INT64_MIN);
    decision result = rounded_f32(value, 8);
    result.value = xor_sign(value, sign_bits(y));
    result.undecided |= different(value, value) | (less(value, all(0x1p-126)) & different(value, all(0)));
    return result;
}

#include "binary.h"
