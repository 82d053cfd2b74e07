/* The quotient of two sums of two doubles, for tan, sinh and tanh. */
#ifndef BITFAST_QUOTIENT_H
#define BITFAST_QUOTIENT_H

#include "../double_double.h"

/* a/b, where |a.lo| < 2^-20·|a.hi| and |b.lo| < |b.hi|; relative error below 2^-71 beside that of a and b
   (2^-100 where these are below half an ulp of the high parts). */
INLINE f64x2 quotient_of(f64x2 a, f64x2 b) {
    b = fast_two_sum(b.hi, b.lo);
    f64 inverse = 1 / b.hi, quotient = a.hi * inverse;
    f64 remainder = fnmadd(quotient, b.hi, a.hi);  /* exact */
    return (f64x2){quotient, fnmadd(quotient, b.lo, remainder + a.lo) * inverse};
}

#endif
