/* log(x), float64 and float32, correctly rounded.

   x = 2^e·m, m·c = 1 + r exactly (log_family.h);  log x = e·ln2 - ln c + r - r²/2 + r³·C(r), C of degree 7
   (derive/log.py).
   float64: all but r³·C is exact or a sum of two doubles; the error is below r²·2^-56.8 + |log x|·2^-90, r² < 2^-11.3.
   float32: the same in double with 16 cells, relative error below 2^-43; a lane nearer than that to the middle between
   two float32 numbers is undecided. */
#define FUNCTION log

#include "ln_family.h"

INLINE decision log_f64(f64 x) {
    split_number s = split_at(x, FIRST_CELL);
    f64 r = fmadd(s.mantissa, lookup32(RECIPROCALS, cell_of(s)), all(-1));
    decision d = natural_logarithm(s, r, r * r, all(-0.0));
    d.undecided |= not_normal(x);
    return d;
}

INLINE decision log_f32(f64 x) {
    split_number s = split_at(x, FIRST_CELL_F32);
    f64 r = fmadd(s.mantissa, lookup16(RECIPROCALS_F32, cell_of_f32(s)), all(-1));
    decision d = rounded_f32(natural_logarithm_f32(s, r), ERROR_F32_ULPS);
    d.undecided |= not_normal(x);
    return d;
}

#include "unary.h"
