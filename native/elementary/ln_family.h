/* Natural logarithms, for log and log1p. */
#include "log_data.h"
#include "log_family.h"

/* e·ln2 - ln c + ln(1+r) + correction, |correction| <= 2^-53·|r|. */
INLINE decision natural_logarithm(split_number s, f64 r, f64 square, f64 correction) {
    f64 whole = fmadd(s.exponent, all(LN_OF_2_HIGH), lookup32(LN_HIGH, cell_of(s)));
    f64 whole_rest = fmadd(s.exponent, all(LN_OF_2_LOW), lookup32(LN_LOW, cell_of(s)));
    f64 half = r * 0.5;
    f64x2 sum = fast_two_sum(whole, r);
    f64 hi = fnmadd(half, r, sum.hi);
    f64 lo = fnmadd(half, r, sum.hi - hi);
    f64 low = fmadd(r * square, cubic(r, square), (sum.lo + lo) + (whole_rest + correction));
    return rounded_within(hi, low, logarithm_margin(square, hi, 1));
}

INLINE f64 natural_logarithm_f32(split_number s, f64 r) {
    f64 whole = fmadd(s.exponent, all(LN_OF_2_F32), lookup16(LN_F32, cell_of_f32(s)));
    f64 square = r * r;
    return fmadd(square, beyond_f32(r, square, LN_BEYOND_F32), whole + r);
}
