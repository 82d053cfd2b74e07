/* bitfast: functions of complex numbers, with the same bits on every chip.

   Each is a fixed sequence of IEEE operations and of bitfast's correctly rounded real functions, which docs/complex.md
   writes down; parts are right to a few ulp of the larger one, mostly of their own. Special values are those of C23,
   Annex G, and of the array API standard. Every part that is NaN is the canonical NaN.

   A complex number is two neighbouring numbers, the real part first, as C's and Fortran's complex types have it; strides
   count complex numbers. Otherwise arrays behave as those of bitfast.h. float functions (…f) compute in double and round
   both parts, but for the sum, the difference and the product. */
#ifndef BITFAST_COMPLEX_H
#define BITFAST_COMPLEX_H

#include "bitfast.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct { double re, im; } bitfast_complex;
typedef struct { float re, im; } bitfast_complexf;

/* bitfast_cexp(z), bitfast_cexp_array(n, z, z_stride, result, result_stride), and with f. */
#define BITFAST_COMPLEX_UNARY(name, result_of) \
    BITFAST_API result_of(double) bitfast_c##name(bitfast_complex z); \
    BITFAST_API result_of(float) bitfast_c##name##f(bitfast_complexf z); \
    BITFAST_API void bitfast_c##name##_array(size_t n, const bitfast_complex *z, ptrdiff_t z_stride, \
                                             result_of(double) *result, ptrdiff_t result_stride); \
    BITFAST_API void bitfast_c##name##f_array(size_t n, const bitfast_complexf *z, ptrdiff_t z_stride, \
                                              result_of(float) *result, ptrdiff_t result_stride);
#define BITFAST_COMPLEX_BINARY(name) \
    BITFAST_API bitfast_complex bitfast_c##name(bitfast_complex z, bitfast_complex w); \
    BITFAST_API bitfast_complexf bitfast_c##name##f(bitfast_complexf z, bitfast_complexf w); \
    BITFAST_API void bitfast_c##name##_array(size_t n, const bitfast_complex *z, ptrdiff_t z_stride, \
                                             const bitfast_complex *w, ptrdiff_t w_stride, \
                                             bitfast_complex *result, ptrdiff_t result_stride); \
    BITFAST_API void bitfast_c##name##f_array(size_t n, const bitfast_complexf *z, ptrdiff_t z_stride, \
                                              const bitfast_complexf *w, ptrdiff_t w_stride, \
                                              bitfast_complexf *result, ptrdiff_t result_stride);
#define BITFAST_COMPLEX_OF_double bitfast_complex
#define BITFAST_COMPLEX_OF_float bitfast_complexf
#define BITFAST_COMPLEX_OF(real) BITFAST_COMPLEX_OF_##real
#define BITFAST_REAL_OF(real) real

BITFAST_COMPLEX_BINARY(add)
BITFAST_COMPLEX_BINARY(subtract)
BITFAST_COMPLEX_BINARY(multiply)
BITFAST_COMPLEX_BINARY(divide)
BITFAST_COMPLEX_BINARY(pow)                             /* e^(w·log z) */
BITFAST_COMPLEX_UNARY(absolute, BITFAST_REAL_OF)        /* hypot of the parts */
BITFAST_COMPLEX_UNARY(square, BITFAST_COMPLEX_OF)       /* z·z */
BITFAST_COMPLEX_UNARY(reciprocal, BITFAST_COMPLEX_OF)   /* 1/z */
BITFAST_COMPLEX_UNARY(sign, BITFAST_COMPLEX_OF)         /* z/|z|, 0 for 0 */
BITFAST_COMPLEX_UNARY(sqrt, BITFAST_COMPLEX_OF)
BITFAST_COMPLEX_UNARY(exp, BITFAST_COMPLEX_OF)
BITFAST_COMPLEX_UNARY(expm1, BITFAST_COMPLEX_OF)
BITFAST_COMPLEX_UNARY(log, BITFAST_COMPLEX_OF)
BITFAST_COMPLEX_UNARY(log2, BITFAST_COMPLEX_OF)
BITFAST_COMPLEX_UNARY(log10, BITFAST_COMPLEX_OF)
BITFAST_COMPLEX_UNARY(log1p, BITFAST_COMPLEX_OF)
BITFAST_COMPLEX_UNARY(sin, BITFAST_COMPLEX_OF)
BITFAST_COMPLEX_UNARY(cos, BITFAST_COMPLEX_OF)
BITFAST_COMPLEX_UNARY(tan, BITFAST_COMPLEX_OF)
BITFAST_COMPLEX_UNARY(sinh, BITFAST_COMPLEX_OF)
BITFAST_COMPLEX_UNARY(cosh, BITFAST_COMPLEX_OF)
BITFAST_COMPLEX_UNARY(tanh, BITFAST_COMPLEX_OF)
BITFAST_COMPLEX_UNARY(asin, BITFAST_COMPLEX_OF)
BITFAST_COMPLEX_UNARY(acos, BITFAST_COMPLEX_OF)
BITFAST_COMPLEX_UNARY(atan, BITFAST_COMPLEX_OF)
BITFAST_COMPLEX_UNARY(asinh, BITFAST_COMPLEX_OF)
BITFAST_COMPLEX_UNARY(acosh, BITFAST_COMPLEX_OF)
BITFAST_COMPLEX_UNARY(atanh, BITFAST_COMPLEX_OF)

#ifdef __cplusplus
}
#endif

#endif
