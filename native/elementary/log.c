/* log(x), float64 and float32, correctly rounded.

   x = 2^e·m, m·c = 1 + r exactly (log_family.h);  log x = e·ln2 - ln c + r - r²/2 + r³·C(r), C of degree 7
   (derive/log.py).
   float64: all but r³·C is exact or a sum of two doubles; the error is below r²·2^-56.8 + |log x|·2^-90, r² < 2^-11.3.
   float32: the same in double with 16 cells, relative error below 2^-43; a lane nearer than that to the middle between
   two float32 numbers is undecided. */
#define FUNCTION log
#define SPECIAL_IS_TOLD
#define NAN_IS_TOLD  /* by not_normal */

#include "ln_family.h"

INLINE decision log_f64(f64 x) {
    ONLY_IF(negated(not_normal(x)));
#if LANES == 1
    /* The error, in 2^-67 by analysis: 0.69 from r² and its factor, 0.33 from the polynomial, 0.25 from two sums. */
    if (__builtin_expect(!near_one(x), 1)) {
        fine_number n = fine_number_of(x, LN_FINE);
        double square = n.r * n.r;
        f64x2 sum = fast_two_sum(fmadd(n.exponent, LN_OF_2_HIGH, n.row[1]), n.r);
        double rest = sum.lo + fmadd(n.exponent, LN_OF_2_LOW, n.row[2]);
        double low = fmadd(square, fine_beyond(n.r, square, LN_FINE_BEYOND), rest);
        decision fine = rounded_within(sum.hi, low, 0x1.8p-67);
        return fine;
    }
#endif
    split_number s = split_at(x, FIRST_CELL);
    f64 r = fmadd(s.mantissa, lookup32(RECIPROCALS, cell_of(s)), all(-1));
    decision d = natural_logarithm(s, r, r * r, all(-0.0));
    d.undecided |= not_normal(x);
    return d;
}

INLINE decision log_f32(f64 x) {
    ONLY_IF(positive_f32(x));
#if LANES == 1
    fine_number n = fine_number_of(x, LN_FINE);
    double square = n.r * n.r, whole = fmadd(n.exponent, LN_OF_2_F32, n.row[3]);
    double value = fmadd(square, fine_beyond_f32(n.r, square, LN_FINE_BEYOND_F32), whole + n.r);
    decision d = rounded_f32(value, ERROR_F32_ULPS);
#else
    split_number s = split_at(x, FIRST_CELL_F32);
    f64 r = fmadd(s.mantissa, lookup16(RECIPROCALS_F32, cell_of_f32(s)), all(-1));
    decision d = rounded_f32(natural_logarithm_f32(s, r), ERROR_F32_ULPS);
#endif
    d.undecided |= UNLESS_TOLD(not_normal(x));
    return d;
}

#include "unary.h"
