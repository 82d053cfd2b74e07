/* What sin, cos and tan share: their arguments less multiples of π/512 (float64) or of π and π/2 (float32).

   Below the limits the multiples are subtracted with π in two or three parts, each product fused with its subtraction
   (Boldo, Daumas, Li 2009); beyond them x is multiplied by 1/π without the bits that only make whole turns (Payne,
   Hanek 1983). A vector goes the second way too when one of its lanes needs it. */
#ifndef BITFAST_TRIG_H
#define BITFAST_TRIG_H

#include "../double_double.h"
#include "trig_data.h"

#define RARE static __attribute__((noinline, cold, unused))

/* x = step·π/STEPS + high + low, but for whole turns; |high + low| <= π/1024·(1 + 2^-20). */
typedef struct { f64 high, low; i64 step; } angle;

#define LARGE 0x1p20
#define LARGE_F32 0x1p28
#define TINY 0x1p-960

/* Whether |x| is not between two positive doubles, given by their bits, the second excluded; NaN is outside. */
INLINE m64 outside(f64 x, uint64_t smallest, uint64_t limit) {
    uint64_t lowest = UINT64_C(1) << 63;  /* makes the unsigned comparison a signed one, which AVX2 has */
    i64 above = (i64)((u64)(bits(x) & INT64_MAX) + (lowest - smallest));
    return negated(less_bits(above, all_bits((int64_t)(lowest + (limit - smallest)))));
}

/* For |x| < LARGE. k·STEP_FIRST is off x by so little that the difference is exact, k·STEP_SECOND is exact itself, and
   so is what the rounding of `high` leaves: multiples of 2^-86 below 2^-33. The error is that of k·STEP_THIRD,
   below |k|·2^-139. Relative to high + low it is below 2^-70 but where x is the double nearest to a multiple of π/2
   and nearer still than 1/128 of its ulp: tests try all these. */
INLINE angle angle_of(f64 x) {
    f64 rounder = fmadd(x, all(STEPS_PER_UNIT), all(ROUNDER)), k = rounder - ROUNDER;
    f64 reduced = fnmadd(k, all(STEP_FIRST), x);
    f64 high = fnmadd(k, all(STEP_SECOND), reduced);
    f64 low = fnmadd(k, all(STEP_THIRD), fnmadd(k, all(STEP_SECOND), reduced - high));
    return (angle){high, low, rounder_bits(rounder)};
}

/* A row of REVOLUTIONS starts at this index, and y is x scaled by its power of two: an integer below 2^(digits+15). */
INLINE i64 row_of(f64 x, int digits, f64 *y) {
    i64 exponent = shift_right_logical(bits(x) << 1, 53) - 1023;
    i64 row = (exponent - (digits - 1) + 32) >> 4;
    row = choose_bits(less_bits(row, all_bits(0)), all_bits(0), row);
    *y = from_bits(bits(x) - ((row - 2) << 56));
    return row << 2;
}

/* The integer nearest to x, but from 2^51 x itself. */
INLINE f64 nearest_of_any(f64 x) { return choose(less(absolute(x), all(0x1p51)), nearest(x), x); }

/* For LARGE <= |x| < 2^1024. The closest that a double comes to a multiple of π/2 is 2^-61; the sum is right to
   2^-130. */
RARE angle angle_of_large(f64 x) {
    f64 y;
    i64 row = row_of(x, 53, &y);
    f64x2 first = two_product(y, lookup(REVOLUTIONS, row));
    f64x2 second = two_product(y, lookup(REVOLUTIONS + 1, row));
    f64x2 third = two_product(y, lookup(REVOLUTIONS + 2, row));
    f64 fourth = fmadd(y, lookup(REVOLUTIONS + 3, row), third.lo);
    /* Modulo two turns, as above 2^51 a half of them may remain. */
    f64 turned = fnmadd(nearest_of_any(first.hi * (0.25 / STEPS)), all(4 * STEPS), first.hi);
    f64x2 middle = two_sum(first.lo, second.hi);
    f64 k = nearest(turned), k_middle = nearest(middle.hi);
    f64x2 fraction = two_sum(turned - k, middle.hi - k_middle);
    f64 k_fraction = nearest(fraction.hi);

    f64x2 small = two_sum(middle.lo, second.lo), smaller = two_sum(small.hi, third.hi);
    f64x2 sum = two_sum(fraction.hi - k_fraction, smaller.hi), total = two_sum(sum.hi, fraction.lo);
    total = fast_two_sum(total.hi, (sum.lo + total.lo) + ((small.lo + smaller.lo) + fourth));

    f64x2 r = two_product(total.hi, all(STEP_FIRST));
    f64 low = fmadd(total.hi, all(STEP_LOW), fmadd(total.lo, all(STEP_FIRST), r.lo));
    return (angle){r.hi, low, rounder_bits((k + k_middle + k_fraction) + ROUNDER)};
}

/* All lanes, some of which are large. */
RARE angle angle_of_any(f64 x) {
#if LANES == 1  /* not both ways: each raises flags where it is not meant for */
    return less(absolute(x), LARGE) ? angle_of(x) : angle_of_large(x);
#endif
    m64 small = less(absolute(x), all(LARGE));
    angle near = angle_of(x), far = angle_of_large(x);
    return (angle){choose(small, near.high, far.high), choose(small, near.low, far.low),
                   choose_bits(small, near.step, far.step)};
}

/* The sine and cosine of a multiple of π/STEPS, as sums; and of the rest r, cos r - 1 and sin r - r + low. */
typedef struct { f64 sine, sine_rest, cosine, cosine_rest, versine, growth; } pieces;

INLINE pieces pieces_of(angle a, i64 index) {
    pieces p;
    p.sine = lookup(SINE, index);
    p.cosine = lookup(SINE + STEPS / 2, index);
    f64 rests = lookup(RESTS, index);
    p.sine_rest = rests;
    p.cosine_rest = from_bits(bits(rests) << 32);
    f64 square = a.high * a.high;
    f64 versine = square * horner(square, COSINE_REST, 3);
    p.versine = fnmadd(a.high, a.low, versine);
    p.growth = fmadd(square * a.high, horner(square, SINE_REST, 3), a.low);
    return p;
}

/* base·cos r + slope·sin r. The low part may be 2^-16 of the high one. */
INLINE f64x2 turned(f64 base, f64 base_rest, f64 slope, f64 slope_rest, f64 r, pieces p) {
    f64x2 linear = two_product(slope, r), sum = fast_two_sum(base, linear.hi);
    f64 low = fmadd(slope_rest, r, base_rest) + (linear.lo + sum.lo);
    low = fmadd(slope, p.growth, low);
    return (f64x2){sum.hi, fmadd(base, p.versine, low)};
}

/* The sine of an angle; its relative error is below 0x1.1p-67 (derive/gappa/trig.g): r^2/2 < 2^-17.7, so that each of
   the roundings of S·(cos r - 1) is below 2^-70.7 of S, and S is at most twice the result. */
INLINE decision sine_of(angle a) {
    pieces p = pieces_of(a, a.step & (STEPS - 1));
    f64x2 sum = turned(p.sine, p.sine_rest, p.cosine, p.cosine_rest, a.high, p);
    decision d = rounded(sum.hi, sum.lo, 0x1.1p-67);
    d.value = xor_sign(d.value, (a.step << (63 - STEPS_LOG)) & INT64_MIN);
    return d;
}

/* float32: whether a value is within 16 ulp (of double) of the middle of two float32 numbers, as one of 2^24 is. Every
   error here is below 2^-50 of the value: elsewhere the rounding is certain. */
INLINE m64 near_middle_f32(f64 value) {
    i64 from_middle = (bits(value) + (16 - (1 << 28))) & ((1 << 29) - 1);
    return less_bits(from_middle, all_bits(32));
}

INLINE m64 not_finite(f64 x) { return negated(less(absolute(x), all(__builtin_inf()))); }

/* For odd functions f with f(x) ~ x: the answer x where |x| is below TINY, undecided but for 0, as NaN and infinity
   are. */
INLINE decision with_ends(decision d, f64 x) {
    m64 tiny = less(absolute(x), all(TINY));
    d.value = choose(tiny, x, d.value);
    d.undecided |= (tiny & different(x, all(0))) | not_finite(x);
    return d;
}

/* float32, in double: x less (n + offset)·unit·π/STEPS, right to 2^-50 of itself, for finite x of LARGE_F32 and more.
   The closest that a float32 comes to a multiple of π/2 is 2^-30. */
RARE angle angle_of_large_f32(f64 x, double unit, double offset) {
    f64 y;
    i64 row = row_of(x, 24, &y);
    f64x2 first = two_product(y, lookup(REVOLUTIONS, row));
    f64 rounder = (first.hi * (1 / unit) - offset) + ROUNDER, n = rounder - ROUNDER;
    f64 fraction = fnmadd(n + offset, all(unit), first.hi) + first.lo;  /* exact: multiples of 2^-43 */
    fraction = fmadd(y, lookup(REVOLUTIONS + 1, row), fraction);
    fraction = fmadd(y, lookup(REVOLUTIONS + 2, row), fraction);
    return (angle){fraction * STEP_FIRST, all(0), rounder_bits(rounder)};
}

/* float32: x less (n + offset)·π for |x| < LARGE_F32. */
INLINE angle angle_of_f32(f64 x, double offset) {
    f64 rounder = offset != 0 ? fmadd(x, all(PER_HALF_TURN), all(-offset)) + ROUNDER
                              : fmadd(x, all(PER_HALF_TURN), all(ROUNDER));
    f64 n = (rounder - ROUNDER) + offset;
    f64 r = fnmadd(n, all(HALF_TURN_LOW), fnmadd(n, all(HALF_TURN), x));
    return (angle){r, all(0), rounder_bits(rounder)};
}

RARE angle angle_of_any_f32(f64 x, double offset) {
    m64 small = less(absolute(x), all(LARGE_F32));
    angle near = angle_of_f32(x, offset), far = angle_of_large_f32(x, STEPS, offset);
    return (angle){choose(small, near.high, far.high), all(0), choose_bits(small, near.step, far.step)};
}

/* (-1)^step·sin r for float32, |r| <= π/2. */
INLINE f64 sine_of_f32(angle a) {
    f64 r = a.high, square = r * r, fourth = square * square;
    f64 even = fmadd(fourth, all(SINE_F32[6]), all(SINE_F32[4]));
    f64 odd = fmadd(fourth, all(SINE_F32[5]), all(SINE_F32[3]));
    even = fmadd(fourth, even, all(SINE_F32[2])), odd = fmadd(fourth, odd, all(SINE_F32[1]));
    even = fmadd(fourth, even, all(SINE_F32[0]));
    return xor_sign(fmadd(square * r, fmadd(square, odd, even), r), a.step << 63);
}

#endif
