/* erf(x), float64 and float32, correctly rounded.

   |x| = c + d with c the nearest multiple of 1/64; erf|x| = erf(c) + G·(d - c·d² + d³·R(c, d)), G = 2/√π·e^(-c²):
   Taylor's series, whose coefficients are G times Hermite polynomials in c (erf.py). float64: erf(c), G and d - c·d²
   are sums of two doubles; terms up to d^9; the error is proved (derive/gappa/erf.g). From 5.93 on the result is 1.
   float32: in double with steps of 1/16 (all 2^32 arguments were tried). */
#define FUNCTION erf

#include "../double_double.h"
#include "erf_data.h"

/* R(c, d): the coefficients from that of d^3 on, to d^8 or to d^9. */
INLINE f64 taylor(f64 c, f64 d, int last) {
    f64 u = c * c, square = d * d;
    f64 odd = fmadd(horner(u, ORDER_7, 4), square, horner(u, ORDER_5, 3));
    odd = fmadd(odd, square, horner(u, ORDER_3, 2));
    f64 even = horner(u, ORDER_6, 4);
    if (last > 8) even = fmadd(horner(u, ORDER_8, 5), square, even);
    even = fmadd(even, square, horner(u, ORDER_4, 3));
    even = fmadd(even, square, horner(u, ORDER_2, 2));
    return fmadd(odd, c * d, even);
}

INLINE decision erf_f64(f64 x) {
    f64 magnitude = absolute(x);
    f64 t = choose(less(magnitude, all(LAST)), magnitude, all(LAST));
    f64 rounder = fmadd(t, all(STEPS), all(ROUNDER)), c = (rounder - ROUNDER) * (1.0 / STEPS), d = t - c;
    i64 index = rounder_integer(rounder);
    f64 slope = lookup(SLOPES, index);
    f64 turn = c * d, bent = fnmadd(turn, d, d);  /* d - c·d², and what is left of it */
    f64 bent_rest = fnmadd(turn, d, d - bent) - fmadd(c, d, -turn) * d;
    f64x2 rise = two_product(slope, bent), sum = fast_two_sum(lookup(VALUES, index), rise.hi);
    f64 curve = slope * (d * (d * d) * taylor(c, d, 9));
    f64 low = fmadd(slope, bent_rest, fmadd(lookup(SLOPES_REST, index), bent, rise.lo));
    low = low + (lookup(VALUES_REST, index) + sum.lo);
    /* Eleven roundings of the curve count; the terms beyond d^9, where R is near 0 and all others are below 2^-72. */
    decision result = rounded_within(sum.hi, low + curve, fmadd(absolute(curve), all(0x1p-49), sum.hi * 0x1p-72));
    result.value = with_sign_of(result.value, x);
    result.undecided |= different(x, x) | less_unsigned(bits(magnitude) - 1, all_bits((int64_t)0x3f << 52));
    return result;
}

INLINE decision erf_f32(f64 x) {
    f64 magnitude = absolute(x);
    f64 t = choose(less(magnitude, all(LAST_F32)), magnitude, all(LAST_F32));
    f64 rounder = fmadd(t, all(STEPS_F32), all(ROUNDER)), c = (rounder - ROUNDER) * (1.0 / STEPS_F32), d = t - c;
    i64 index = rounder_integer(rounder);
    f64 slope = lookup(SLOPES_F32, index);
    f64 value = fmadd(slope, d, fmadd(slope * (d * d), fmadd(taylor(c, d, 8), d, -c), lookup(VALUES_F32, index)));
    return (decision){with_sign_of(value, x), different(x, x)};
}

#include "unary.h"
