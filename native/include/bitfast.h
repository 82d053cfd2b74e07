/* bitfast: elementary functions with the same bits on every chip.

   Every function is correctly rounded (to nearest, ties to even) for every argument, as C23 Annex F defines it; every
   NaN it returns is the one canonical quiet NaN (positive, no payload). The library chooses the fastest code that this
   processor has; the answers do not depend on it.

   For each function `name` of one argument there are
       double bitfast_name(double x);
       float  bitfast_namef(float x);
       void   bitfast_name_array(size_t n, const double *x, ptrdiff_t x_stride,
                                 double *result, ptrdiff_t result_stride);
       void   bitfast_namef_array(size_t n, const float *x, ptrdiff_t x_stride,
                                  float *result, ptrdiff_t result_stride);
   and for two arguments the same with y after x. Strides count elements; they may be negative, and 0 for an argument
   that is the same for all. A result may be stored where its argument is (same address, same stride, same type); any
   other overlap is not allowed, and two results of one call never overlap.

   Floating-point environment. Arrays work under any environment of the caller's: within, rounding is to nearest and
   subnormals are kept; afterwards the environment is as before, and the flags invalid, divide-by-zero, overflow and
   underflow are raised if an element calls for it (underflow: except where a float32 result is a subnormal argument
   itself, as in sin). Scalar functions expect the default environment and do not set it;
   they raise the flags, and may raise inexact or underflow without cause.

   Threads. Calls may come from several threads at once. Arrays of 2^17 elements and more are shared among threads,
   without a change of any bit; see bitfast_set_num_threads. */
#ifndef BITFAST_H
#define BITFAST_H

#include <stddef.h>
#include <stdint.h>

#if defined __GNUC__
#define BITFAST_API __attribute__((visibility("default")))
#else
#define BITFAST_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* Of this header; bitfast_version and bitfast_contract say the same of the library that a program runs with. The
   contract (docs/contract.md) is what the bits are: a change of any bit is a new contract. Before version 1.0 a program
   is linked anew for a new minor version. */
#define BITFAST_VERSION "0.1.0"
#define BITFAST_CONTRACT 1
BITFAST_API const char *bitfast_version(void);
BITFAST_API int bitfast_contract(void);

#define BITFAST_UNARY(name) \
    BITFAST_API double bitfast_##name(double x); \
    BITFAST_API float bitfast_##name##f(float x); \
    BITFAST_API void bitfast_##name##_array(size_t n, const double *x, ptrdiff_t x_stride, double *result, \
                                            ptrdiff_t result_stride); \
    BITFAST_API void bitfast_##name##f_array(size_t n, const float *x, ptrdiff_t x_stride, float *result, \
                                             ptrdiff_t result_stride);

#define BITFAST_BINARY_OF(name, x, y) \
    BITFAST_API double bitfast_##name(double x, double y); \
    BITFAST_API float bitfast_##name##f(float x, float y); \
    BITFAST_API void bitfast_##name##_array(size_t n, const double *x, ptrdiff_t x##_stride, const double *y, \
                                            ptrdiff_t y##_stride, double *result, ptrdiff_t result_stride); \
    BITFAST_API void bitfast_##name##f_array(size_t n, const float *x, ptrdiff_t x##_stride, const float *y, \
                                             ptrdiff_t y##_stride, float *result, ptrdiff_t result_stride);
#define BITFAST_BINARY(name) BITFAST_BINARY_OF(name, x, y)

BITFAST_UNARY(exp)         /* e^x */
BITFAST_UNARY(exp2)        /* 2^x */
BITFAST_UNARY(exp10)       /* 10^x */
BITFAST_UNARY(expm1)       /* e^x - 1 */
BITFAST_UNARY(log)         /* natural logarithm */
BITFAST_UNARY(log2)        /* logarithm to base 2 */
BITFAST_UNARY(log10)       /* logarithm to base 10 */
BITFAST_UNARY(log1p)       /* log(1 + x) */
BITFAST_BINARY(pow)        /* x^y */
BITFAST_UNARY(sin)         /* x in radians, of any size */
BITFAST_UNARY(cos)
BITFAST_UNARY(tan)
BITFAST_UNARY(sinh)
BITFAST_UNARY(cosh)
BITFAST_UNARY(tanh)
BITFAST_UNARY(asinh)       /* inverse of sinh */
BITFAST_UNARY(acosh)
BITFAST_UNARY(atanh)
BITFAST_UNARY(asin)
BITFAST_UNARY(acos)
BITFAST_UNARY(atan)
BITFAST_BINARY_OF(atan2, y, x) /* the angle of the point (y, x): the first argument is the ordinate */
BITFAST_UNARY(cbrt)        /* cube root */
BITFAST_BINARY(hypot)      /* √(x² + y²) */
BITFAST_UNARY(rsqrt)       /* 1/√x */
BITFAST_UNARY(erf)         /* error function */

BITFAST_UNARY(sqrt)        /* square root */
BITFAST_UNARY(floor)       /* the next integer at or below x */
BITFAST_UNARY(ceil)        /* the next integer at or above x */
BITFAST_UNARY(trunc)       /* the next integer towards zero */
BITFAST_UNARY(rint)        /* the nearest integer, ties to even */
BITFAST_BINARY(fmod)       /* x - n·y, n = x/y truncated; exact */
BITFAST_BINARY(remainder)  /* x - n·y, n = x/y rounded to nearest, ties to even; exact */
BITFAST_BINARY(copysign)   /* |x| with the sign of y; a NaN x gives the canonical NaN */
BITFAST_BINARY(nextafter)  /* the neighbour of x towards y */
BITFAST_BINARY(fmin)       /* IEEE 754-2019 minimumNumber: a NaN beside a number is dropped; -0 < +0 */
BITFAST_BINARY(fmax)       /* IEEE 754-2019 maximumNumber */
BITFAST_BINARY(minimum)    /* IEEE 754-2019 minimum: a NaN gives NaN; -0 < +0 */
BITFAST_BINARY(maximum)    /* IEEE 754-2019 maximum */
BITFAST_BINARY(add)        /* one IEEE operation each; every NaN is the canonical one */
BITFAST_BINARY(subtract)
BITFAST_BINARY(multiply)
BITFAST_BINARY(divide)
BITFAST_UNARY(square)      /* x·x */
BITFAST_UNARY(reciprocal)  /* 1/x */
BITFAST_BINARY(floor_divide)     /* floor(x/y), rounded where it has more bits; x/y where that is 0, infinite or NaN */
BITFAST_BINARY(floor_remainder)  /* x - n·y, n = x/y floored, rounded once; a zero has y's sign */
BITFAST_UNARY(absolute)
BITFAST_UNARY(negative)
BITFAST_UNARY(sign)        /* -1, +0 or 1 */

/* x·y + z, rounded once. */
BITFAST_API double bitfast_fma(double x, double y, double z);
BITFAST_API float bitfast_fmaf(float x, float y, float z);
BITFAST_API void bitfast_fma_array(size_t n, const double *x, ptrdiff_t x_stride, const double *y, ptrdiff_t y_stride,
                                   const double *z, ptrdiff_t z_stride, double *result, ptrdiff_t result_stride);
BITFAST_API void bitfast_fmaf_array(size_t n, const float *x, ptrdiff_t x_stride, const float *y, ptrdiff_t y_stride,
                                    const float *z, ptrdiff_t z_stride, float *result, ptrdiff_t result_stride);

/* x = fraction·2^exponent, 1/2 <= |fraction| < 1. Zeros, infinities and NaN are their own fraction, with exponent 0. */
BITFAST_API double bitfast_frexp(double x, int32_t *exponent);
BITFAST_API float bitfast_frexpf(float x, int32_t *exponent);
BITFAST_API void bitfast_frexp_array(size_t n, const double *x, ptrdiff_t x_stride, double *fraction,
                                     ptrdiff_t fraction_stride, int32_t *exponent, ptrdiff_t exponent_stride);
BITFAST_API void bitfast_frexpf_array(size_t n, const float *x, ptrdiff_t x_stride, float *fraction,
                                      ptrdiff_t fraction_stride, int32_t *exponent, ptrdiff_t exponent_stride);

/* x·2^exponent, rounded once. */
BITFAST_API double bitfast_ldexp(double x, int32_t exponent);
BITFAST_API float bitfast_ldexpf(float x, int32_t exponent);
BITFAST_API void bitfast_ldexp_array(size_t n, const double *x, ptrdiff_t x_stride, const int32_t *exponent,
                                     ptrdiff_t exponent_stride, double *result, ptrdiff_t result_stride);
BITFAST_API void bitfast_ldexpf_array(size_t n, const float *x, ptrdiff_t x_stride, const int32_t *exponent,
                                      ptrdiff_t exponent_stride, float *result, ptrdiff_t result_stride);

/* x = fraction + whole, both with the sign of x. */
BITFAST_API double bitfast_modf(double x, double *whole);
BITFAST_API float bitfast_modff(float x, float *whole);
BITFAST_API void bitfast_modf_array(size_t n, const double *x, ptrdiff_t x_stride, double *fraction,
                                    ptrdiff_t fraction_stride, double *whole, ptrdiff_t whole_stride);
BITFAST_API void bitfast_modff_array(size_t n, const float *x, ptrdiff_t x_stride, float *fraction,
                                     ptrdiff_t fraction_stride, float *whole, ptrdiff_t whole_stride);

/* Casts: towards zero; what does not fit becomes the nearest integer that does, NaN becomes 0, both signal invalid. */
#define BITFAST_CAST(type) \
    BITFAST_API type##_t bitfast_to_##type(double x); \
    BITFAST_API type##_t bitfast_to_##type##f(float x); \
    BITFAST_API void bitfast_to_##type##_array(size_t n, const double *x, ptrdiff_t x_stride, type##_t *result, \
                                               ptrdiff_t result_stride); \
    BITFAST_API void bitfast_to_##type##f_array(size_t n, const float *x, ptrdiff_t x_stride, type##_t *result, \
                                                ptrdiff_t result_stride);
BITFAST_CAST(int8)
BITFAST_CAST(int16)
BITFAST_CAST(int32)
BITFAST_CAST(int64)
BITFAST_CAST(uint8)
BITFAST_CAST(uint16)
BITFAST_CAST(uint32)
BITFAST_CAST(uint64)

#undef BITFAST_UNARY
#undef BITFAST_BINARY
#undef BITFAST_BINARY_OF
#undef BITFAST_CAST

/* The level in use: x86-64-v2, x86-64-v3, x86-64-v4, neon, sve256, sve512, rvv or generic. The environment variable
   BITFAST_LEVEL asks for one when the library is loaded. */
BITFAST_API const char *bitfast_level(void);
/* The levels that this processor has, the best last; NULL from index n on. */
BITFAST_API const char *bitfast_level_name(int index);
/* Uses a level from now on: for tests, while no other thread calls the library. 0, or -1 if this processor lacks it. */
BITFAST_API int bitfast_use_level(const char *name);

/* How many threads a big array may use. From the start BITFAST_NUM_THREADS, or the processors that this process may
   use, at most 8; n < 1 sets that again. */
BITFAST_API void bitfast_set_num_threads(int n);
BITFAST_API int bitfast_get_num_threads(void);

#ifdef __cplusplus
}
#endif
#endif
