/* The functions whose results need no rounding test but have shapes of their own, products and quotients of complex
   numbers among them, and what exact.c shares with the rest.

   For the status that is returned see levels.h; every NaN that a function makes or passes on is the canonical one. */
#ifndef BITFAST_EXACT_H
#define BITFAST_EXACT_H

#include "../include/bitfast_complex.h"
#include "../levels.h"

#include <stddef.h>
#include <stdint.h>

#define CANONICAL_NAN_F64 UINT64_C(0x7ff8000000000000)
#define CANONICAL_NAN_F32 UINT32_C(0x7fc00000)

/* The integer types of the casts. */
#ifndef CASTS
#define CASTS(X) X(int8) X(int16) X(int32) X(int64) X(uint8) X(uint16) X(uint32) X(uint64)
#endif

typedef unsigned ternary_array_f64(const double *x, const double *y, const double *z, double *result, size_t n);
typedef unsigned ternary_array_f32(const float *x, const float *y, const float *z, float *result, size_t n);
typedef unsigned frexp_array_f64(const double *x, double *fraction, int32_t *exponent, size_t n);
typedef unsigned frexp_array_f32(const float *x, float *fraction, int32_t *exponent, size_t n);
typedef unsigned ldexp_array_f64(const double *x, const int32_t *exponent, double *result, size_t n);
typedef unsigned ldexp_array_f32(const float *x, const int32_t *exponent, float *result, size_t n);
typedef unsigned modf_array_f64(const double *x, double *fraction, double *whole, size_t n);
typedef unsigned modf_array_f32(const float *x, float *fraction, float *whole, size_t n);

typedef unsigned complex_array_f64(const bitfast_complex *x, const bitfast_complex *y, bitfast_complex *result,
                                   size_t n);
typedef unsigned complex_array_f32(const bitfast_complexf *x, const bitfast_complexf *y, bitfast_complexf *result,
                                   size_t n);

/* One level's functions of these shapes. */
struct own_shapes {
    double (*fma_f64)(double, double, double);
    float (*fma_f32)(float, float, float);
    double (*frexp_f64)(double, int32_t *);
    float (*frexp_f32)(float, int32_t *);
    double (*ldexp_f64)(double, int32_t);
    float (*ldexp_f32)(float, int32_t);
    double (*modf_f64)(double, double *);
    float (*modf_f32)(float, float *);
    ternary_array_f64 *fma_array_f64;
    ternary_array_f32 *fma_array_f32;
    frexp_array_f64 *frexp_array_f64;
    frexp_array_f32 *frexp_array_f32;
    ldexp_array_f64 *ldexp_array_f64;
    ldexp_array_f32 *ldexp_array_f32;
    modf_array_f64 *modf_array_f64;
    modf_array_f32 *modf_array_f32;
    bitfast_complex (*cmultiply_f64)(bitfast_complex, bitfast_complex);
    bitfast_complexf (*cmultiply_f32)(bitfast_complexf, bitfast_complexf);
    bitfast_complex (*cdivide_f64)(bitfast_complex, bitfast_complex);
    bitfast_complexf (*cdivide_f32)(bitfast_complexf, bitfast_complexf);
    complex_array_f64 *cmultiply_array_f64;
    complex_array_f32 *cmultiply_array_f32;
    complex_array_f64 *cdivide_array_f64;
    complex_array_f32 *cdivide_array_f32;
#define CAST(type) \
    type##_t (*type##_f64)(double); \
    type##_t (*type##_f32)(float); \
    unsigned (*type##_array_f64)(const double *, type##_t *, size_t); \
    unsigned (*type##_array_f32)(const float *, type##_t *, size_t);
    CASTS(CAST)
#undef CAST
};

/* |x/y| below 2^52 times what a subnormal y lacks of precision, y not 0, and no end of the range near: x / y raises no
   flag without cause. */
#define QUOTIENT_IS_FINITE(x, y) \
    (different(y, all(0)) & less(absolute(y), all(0x1p1022)) & \
     less_bits(bits(absolute(x)) - bits(absolute(y)), all_bits((int64_t)51 << 52)))

/* software_fma.c */
double bitfast_software_fma(double a, double b, double c);
float bitfast_software_fmaf(float a, float b, float c);
double bitfast_software_fma_status(double a, double b, double c, unsigned *status);

/* accurate/remainders.c: x - n·y for every x and y, n being x/y truncated, rounded to nearest even, or floored; and
   floor(x/y), rounded. */
double bitfast_accurate_floor_remainder_f64(double x, double y, unsigned *status);
float bitfast_accurate_floor_remainder_f32(float x, float y, unsigned *status);
double bitfast_accurate_floor_divide_f64(double x, double y, unsigned *status);
float bitfast_accurate_floor_divide_f32(float x, float y, unsigned *status);
double bitfast_accurate_fmod_f64(double x, double y, unsigned *status);
float bitfast_accurate_fmod_f32(float x, float y, unsigned *status);
double bitfast_accurate_remainder_f64(double x, double y, unsigned *status);
float bitfast_accurate_remainder_f32(float x, float y, unsigned *status);

#endif
