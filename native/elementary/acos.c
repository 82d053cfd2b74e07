/* acos(x), float64 and float32, correctly rounded: asin's angles (asin_family.h) from pi/2, or from 0 and pi where
   |x| > 1/√2 (float32: 1/2), so that nothing cancels.

   float32: undecided within 1 ulp of double of the middle of two float32; two of all 2^32 arguments need that. */
#define FUNCTION acos

#include "asin_family.h"

INLINE decision acos_f64(f64 x) {
    near_turn near = turned(x);
    i64 quadrant = choose_bits(near.swapped, all_bits(0), all_bits(1)) ^ ((bits(x) >> 63) & 3);
    return turn_and(near, quadrant);
}

INLINE decision acos_f32(f64 x) {
    ONLY_IF(less_equal(absolute(x), all(1)));
    half_turn half = turned_f32(x);
    f64 p = xor_sign(half.p, sign_bits(x));
    f64 left = from_bits((bits(x) >> 63) & bits(all(2 * HALF_PI[0])));
    decision result = rounded_f32(choose(half.upper, fmadd(p, all(2), left), HALF_PI[0] - (p - HALF_PI[1])), 1);
    result.undecided |= half.outside;
    return result;
}

#include "unary.h"
