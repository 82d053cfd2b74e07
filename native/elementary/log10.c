/* log10(x), float64 and float32, correctly rounded.

   x = 2^e·m, m·c = 1 + r exactly (log_family.h);  log10 x = e·log10 2 - log10 c + (r - r²/2 + r³·C(r))/ln 10.
   float64: all but r³·C is exact or a sum of two doubles; the error is below r²·2^-56.8/ln 10 + |log10 x|·2^-90,
   r² < 2^-11.3.
   float32: the same in double with 16 cells, relative error below 2^-43; a lane nearer than that to the middle between
   two float32 numbers is undecided.
   Powers of 10 are no special case: their terms add up to the whole number, but for errors too small to matter. */
#define FUNCTION log10
#define SPECIAL_IS_TOLD

#include "log_family.h"
#include "log10_data.h"

INLINE decision log10_f64(f64 x) {
    ONLY_IF(negated(not_normal(x)));
    split_number s = split_at(x, FIRST_CELL);
    f64 r = fmadd(s.mantissa, lookup32(RECIPROCALS, cell_of(s)), all(-1));
    f64 whole = fmadd(s.exponent, all(LOG10_OF_2_HIGH), lookup32(LOG10_HIGH, cell_of(s)));
    f64 whole_rest = fmadd(s.exponent, all(LOG10_OF_2_LOW), lookup32(LOG10_LOW, cell_of(s)));
    decision d = other_base(whole, whole_rest, r, LOG10_FACTOR, LOG10_FACTOR_LOW);
    d.undecided |= not_normal(x);
    return d;
}

INLINE decision log10_f32(f64 x) {
    ONLY_IF(negated(not_normal(x)));
    split_number s = split_at(x, FIRST_CELL_F32);
    f64 r = fmadd(s.mantissa, lookup16(RECIPROCALS_F32, cell_of_f32(s)), all(-1));
    f64 whole = fmadd(s.exponent, all(LOG10_OF_2_F32), lookup16(LOG10_F32, cell_of_f32(s)));
    f64 square = r * r;
    f64 value = fmadd(square, beyond_f32(r, square, LOG10_BEYOND_F32), fmadd(r, all(LOG10_FACTOR), whole));
    decision d = rounded_f32(value, ERROR_F32_ULPS);
    d.undecided |= not_normal(x);
    return d;
}

#include "unary.h"
