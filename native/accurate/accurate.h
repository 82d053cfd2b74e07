/* The accurate path: every function, correctly rounded for every input, in integer arithmetic. Slow (about a
   microsecond), the same on every chip by construction, and complete: special values, exact cases, overflow, subnormal
   results. Kernels use it for the lanes they leave undecided; a function without a kernel is only this.

   Status bits (levels.h) are added to *status as C23 Annex F asks; NaN results are the one canonical quiet NaN. */
#ifndef BITFAST_ACCURATE_H
#define BITFAST_ACCURATE_H

#include "../levels.h"

#define UNARY(name) \
    double bitfast_accurate_##name##_f64(double x, unsigned *status); \
    float bitfast_accurate_##name##_f32(float x, unsigned *status);
#define BINARY(name) \
    double bitfast_accurate_##name##_f64(double x, double y, unsigned *status); \
    float bitfast_accurate_##name##_f32(float x, float y, unsigned *status);
#include "../functions.h"

#endif
