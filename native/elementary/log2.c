/* log2(x), float64 and float32, correctly rounded.

   x = 2^e·m, m·c = 1 + r exactly (log_family.h);  log2 x = e·log2 2 - log2 c + (r - r²/2 + r³·C(r))/ln 2.
   float64: all but r³·C is exact or a sum of two doubles; the error is below r²·2^-56.8/ln 2 + |log2 x|·2^-90,
   r² < 2^-11.3.
   float32: the same in double with 16 cells, relative error below 2^-43; a lane nearer than that to the middle between
   two float32 numbers is undecided.
   Powers of 2 are no special case: their terms add up to the whole number, but for errors too small to matter. */
#define FUNCTION log2
#define SPECIAL_IS_TOLD
#define NAN_IS_TOLD  /* by not_normal */

#include "log_family.h"
#include "log2_data.h"

INLINE decision log2_f64(f64 x) {
    ONLY_IF(negated(not_normal(x)));
#if LANES == 1
    /* The error, in 2^-67 by analysis: 0.79 from r² and its factor, 0.54 from the polynomial, 0.5 from two sums. */
    if (__builtin_expect(!near_one(x), 1)) {
        fine_number n = fine_number_of(x, LOG2_FINE);
        double square = n.r * n.r;
        f64x2 linear = two_product(n.r, LOG2_FACTOR), sum = fast_two_sum(n.exponent + n.row[1], linear.hi);
        double rest = sum.lo + (linear.lo + fmadd(n.r, LOG2_FACTOR_LOW, n.row[2]));
        double low = fmadd(square, fine_beyond(n.r, square, LOG2_FINE_BEYOND), rest);
        decision fine = rounded_within(sum.hi, low, 0x1p-66);
        return fine;
    }
#endif
    split_number s = split_at(x, FIRST_CELL);
    f64 r = fmadd(s.mantissa, lookup32(RECIPROCALS, cell_of(s)), all(-1));
    f64 whole = s.exponent + lookup32(LOG2_HIGH, cell_of(s));
    decision d = other_base(whole, lookup32(LOG2_LOW, cell_of(s)), r, LOG2_FACTOR, LOG2_FACTOR_LOW);
    d.undecided |= not_normal(x);
    return d;
}

INLINE decision log2_f32(f64 x) {
    ONLY_IF(positive_f32(x));
#if LANES == 1
    fine_number n = fine_number_of(x, LOG2_FINE);
    double square = n.r * n.r, linear = fmadd(n.r, LOG2_FACTOR, n.exponent + n.row[3]);
    double value = fmadd(square, fine_beyond_f32(n.r, square, LOG2_FINE_BEYOND_F32), linear);
#else
    split_number s = split_at(x, FIRST_CELL_F32);
    f64 r = fmadd(s.mantissa, lookup16(RECIPROCALS_F32, cell_of_f32(s)), all(-1));
    f64 whole = s.exponent + lookup16(LOG2_F32, cell_of_f32(s));
    f64 square = r * r;
    f64 value = fmadd(square, beyond_f32(r, square, LOG2_BEYOND_F32), fmadd(r, all(LOG2_FACTOR), whole));
#endif
    decision d = rounded_f32(value, ERROR_F32_ULPS);
    d.undecided |= UNLESS_TOLD(not_normal(x));
    return d;
}

#include "unary.h"
