/* float16, which NumPy stores as its bits: through float64, rounded once more. tests/test_ufuncs.py shows over all 2^16
   arguments that the second rounding never differs from one rounding of the exact value. */
#ifndef BITFAST_HALF_H
#define BITFAST_HALF_H

#include <stdint.h>

double half_to_double(uint16_t half);
/* Rounds to nearest, ties to even; raises overflow, and underflow where a subnormal result is inexact. */
uint16_t double_to_half(double value);
/* The next float16 after x in the direction of y, with the flags of C's nextafter. */
uint16_t half_nextafter(uint16_t x, uint16_t y);

#endif
