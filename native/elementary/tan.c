/* tan(x), float64 and float32, correctly rounded.

   float64: sine and cosine as in sin.c, both as sums of two doubles, and their quotient as such a sum. Relative error
   below 0x1.5p-67: 0.89·2^-67 from the one that is next to its zero (derive/gappa/trig.g), 0.41·2^-67 from the other;
   the quotient's own is below 2^-100, by analysis.
   float32: in double, x = n·π/2 + r, tan(r) = r·p(r^2)/q(r^2) on |r| <= π/4, and tan(x) = tan(r) or -1/tan(r). */
#define FUNCTION tan

#include "quotient.h"
#include "trig.h"

INLINE decision tangent_of(angle a) {
    pieces p = pieces_of(a, a.step & (STEPS - 1));
    f64x2 sine = turned(p.sine, p.sine_rest, p.cosine, p.cosine_rest, a.high, p);
    f64x2 cosine = turned(p.cosine, p.cosine_rest, -p.sine, -p.sine_rest, a.high, p);
    f64x2 quotient = quotient_of(fast_two_sum(sine.hi, sine.lo), cosine);
    return rounded(quotient.hi, quotient.lo, 0x1.5p-67);
}

INLINE decision tan_f64(f64 x) {
    m64 special = outside(x, 0x03f0000000000000, 0x4130000000000000);  /* TINY, LARGE */
#if LANES == 1
    if (__builtin_expect(special, 0)) return with_ends(tangent_of(angle_of_any(x)), x);
#endif
    angle a = angle_of(x);
    if (__builtin_expect(!any(special), 1)) return tangent_of(a);
    if (any(negated(less(absolute(x), all(LARGE))))) a = angle_of_any(x);
    return with_ends(tangent_of(a), x);
}

/* x less n·π/2 */
INLINE angle quarter_angle_of_f32(f64 x) {
    f64 rounder = fmadd(x, all(2 * PER_HALF_TURN), all(ROUNDER)), n = rounder - ROUNDER;
    f64 r = fnmadd(n, all(0.5 * HALF_TURN_LOW), fnmadd(n, all(0.5 * HALF_TURN), x));
    return (angle){r, all(0), rounder_bits(rounder)};
}

INLINE decision tan_f32(f64 x) {
    m64 small = less(absolute(x), all(LARGE_F32));
    angle a = quarter_angle_of_f32(x);
    if (__builtin_expect(any(negated(small)), 0)) {
        angle far = angle_of_large_f32(x, STEPS / 2, 0);
        a.high = choose(small, a.high, far.high), a.step = choose_bits(small, a.step, far.step);
    }
    f64 square = a.high * a.high;
    f64 above = a.high * horner(square, TANGENT_ABOVE_F32, 4), below = horner(square, TANGENT_BELOW_F32, 4);
    m64 odd = less_bits(a.step << 63, all_bits(0));
    decision d = {choose(odd, below, above) / choose(odd, -above, below), nowhere()};
    if (__builtin_expect(any(negated(small)), 0)) d.undecided = near_middle_f32(d.value) | not_finite(x);
    return d;
}

#include "unary.h"
