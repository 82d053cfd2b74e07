/* asin(x), float64 and float32, correctly rounded.

   float64: s = |x| up to 1/√2, else s = √(1-x²) and asin|x| = pi/2 - asin(s). With sin T = i/64 near s, asin(s) = T
   + asin(d), d = s·cos T - √(1-s²)·sin T < 0.0134 as a sum of two doubles, and asin(d) = d + d³·P(d²), P of degree 3
   (asin.py). float32: in double, s = |x| up to 1/2, else asin|x| = pi/2 - 2·asin√((1-|x|)/2) (all 2^32 were tried). */
#define FUNCTION asin

#include "asin_family.h"

INLINE decision asin_f64(f64 x) {
    near_turn near = turned(x);
    decision result = turn_and(near, choose_bits(near.swapped, all_bits(1), all_bits(0)));
    result.value = with_sign_of(result.value, x);
    result.undecided |= less_unsigned((bits(x) & INT64_MAX) - 1, all_bits((int64_t)0x3f << 52));
    return result;
}

INLINE decision asin_f32(f64 x) {
    ONLY_IF(less_equal(absolute(x), all(1)));
    half_turn half = turned_f32(x);
    f64 value = choose(half.upper, fmadd(half.p, all(-2), all(HALF_PI[0])), half.p);
    return (decision){with_sign_of(value, x), half.outside};
}

#include "unary.h"
