/* cosh(x), float64 and float32, correctly rounded.

   (e^|x| + e^-|x|)/2. float64: e^|x| = 2^K·u from exp_family.h and e^-|x| = 2^-K/u, u a sum of two doubles in [1, 2];
   relative error below 2^-68, by analysis over derive/gappa/exp.g; one value needs no division (twice_cosh).
   float32: in double, cosh(a + r) = cosh(a)·cosh(r) + sinh(a)·sinh(r); no
   argument needs more (all with 2^-26 <= |x| < 2^7 were tried). */
#define FUNCTION cosh
#define SPECIAL_IS_TOLD

#include "hyperbolic.h"

#if LANES == 1
/* One value: no division, but 2^(-k/256) from the table too: with the powers p and q of a = k·ln2/256,
       2·cosh(a + r) = (p + q)·cosh(r) + (p - q)·sinh(r),
   both times 2^-K. Error below 2^-70 of it, by analysis: r·rest < 2^-72 is left out of cosh(r), and there are four
   roundings of 2^-73 and some far smaller ones. */
INLINE f64x2 twice_cosh(reduced x) {
    reduced opposite = {-x.k, 0, 0};
    f64x2 p = power_of(x), q = power_of(opposite);
    i64 unit = exponent_of(opposite) - exponent_of(x);
    f64 scale = from_bits(bits(all(1)) + unit);
    q = (f64x2){q.hi * scale, q.lo * scale};
    f64x2 sum = fast_two_sum(p.hi, q.hi);
    f64 difference = p.hi - q.hi, difference_rest = (p.hi - difference) - q.hi;
    f64 square = x.r * x.r;
    f64 even = square * horner(square, COSH_TAIL, 3);
    f64 odd = fmadd(square * x.r, horner(square, SINH_TAIL, 2), x.rest);
    f64x2 result = multiply_added(difference, x.r, sum.hi);
    f64 low = fmadd(difference_rest + (p.lo - q.lo), x.r, sum.lo + (p.lo + q.lo)) + result.lo;
    return (f64x2){result.hi, fmadd(sum.hi, even, fmadd(difference, odd, low))};
}
#endif

INLINE decision cosh_f64(f64 x) {
    ONLY_IF(inside(x, -708, 708));
    f64 magnitude = absolute(x);
    reduced parts = reduced_by_ln2(magnitude);
#if LANES == 1
    if (__builtin_expect(negated(less(magnitude, 40)), 0)) {  /* e^-|x| is below 2^-115 of the result */
        f64x2 large = grown(power_of(parts), parts);
        decision d = rounded(large.hi, large.lo, 0x1p-68);
        return (decision){times_power(d.value, parts) * 0.5, d.undecided};
    }
    f64x2 sum = twice_cosh(parts);
    decision d = rounded(sum.hi, sum.lo, 0x1p-68);
    d.value = from_bits(bits(d.value) + exponent_of(parts) - ((int64_t)1 << 52));
    return d;
#else
    f64x2 up = grown(power_of(parts), parts);
    up = fast_two_sum(up.hi, up.lo);
    /* 2^-2K/u; from 40 on it is below 2^-115 of the result. */
    i64 square_bits = bits(all(1)) - (exponent_of(parts) << 1);
    f64 square_of_unit = from_bits(choose_bits(less(magnitude, all(40)), square_bits, all_bits(0)));
    f64 inverse = 1 / up.hi;
    f64 error = fnmadd(inverse, up.lo, fnmadd(inverse, up.hi, all(1)));
    f64 down = inverse * square_of_unit;
    f64x2 sum = fast_two_sum(up.hi, down);
    decision d = rounded(sum.hi, sum.lo + fmadd(down, error, up.lo), 0x1p-68);
    d.value = times_power(d.value, parts) * 0.5;
    d.undecided |= negated(less(magnitude, all(708)));
    return d;
#endif
}

INLINE decision cosh_f32(f64 x) {
    ONLY_IF(inside(x, -89.4, 89.4));
    hyperbolic_f32 parts = hyperbolic_of(absolute(x));
    f64 value = fmadd(parts.sinh_a, parts.sinh_r, parts.cosh_a * parts.cosh_r);
    return (decision){value, UNLESS_TOLD(negated(less(absolute(x), all(89.4))))};
}

#define SATURATION_F64 710.48, -__builtin_inf()
#define SATURATION_F32 89.42, -__builtin_inf()
#define SATURATION_IS_EVEN
#include "unary.h"
