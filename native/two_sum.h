/* a + b exactly, of two doubles: the rounded sum, and what its rounding left out (Knuth's; NaN where something
   overflows). double_double.h has the same in vectors. */
#ifndef BITFAST_TWO_SUM_H
#define BITFAST_TWO_SUM_H

static inline double two_sum(double a, double b, double *rest) {
    const double sum = a + b, part = sum - a;
    *rest = (a - (sum - part)) + (b - part);
    return sum;
}

#endif
