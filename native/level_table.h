/* The table of one level's entries; dispatch.c includes it once per level with
       #define LEVEL v3           whose arrays
       #define SCALAR_LEVEL v3    whose functions of one value: those of another level where the code is the same
       #define LEVEL_NAME "…"
       #define LEVEL_TABLE static const struct choice v3_table
   With BITFAST_ONE_VALUE the functions of arrays are left out, for a library that has libm's functions only. */

#define SCALAR(name, form) JOIN(bitfast_, SCALAR_LEVEL, name, scalar_##form)
#ifdef BITFAST_ONE_VALUE
#define ARRAY(name, form) 0
#else
#define ARRAY(name, form) JOIN(bitfast_, LEVEL, name, array_##form)
#endif

#define UNARY(name) \
    scalar_unary_f64 SCALAR(name, f64); \
    scalar_unary_f32 SCALAR(name, f32);
#define BINARY(name) \
    scalar_binary_f64 SCALAR(name, f64); \
    scalar_binary_f32 SCALAR(name, f32);
#define UNARY_EXACT UNARY
#define BINARY_EXACT BINARY
#include "functions.h"

double SCALAR(fma, f64)(double, double, double);
float SCALAR(fma, f32)(float, float, float);
double SCALAR(frexp, f64)(double, int32_t *);
float SCALAR(frexp, f32)(float, int32_t *);
double SCALAR(ldexp, f64)(double, int32_t);
float SCALAR(ldexp, f32)(float, int32_t);
double SCALAR(modf, f64)(double, double *);
float SCALAR(modf, f32)(float, float *);
#define CAST(type) \
    type##_t SCALAR(type, f64)(double); \
    type##_t SCALAR(type, f32)(float);
CASTS(CAST)
#undef CAST

#ifndef BITFAST_ONE_VALUE
#define UNARY(name) \
    array_unary_f64 ARRAY(name, f64); \
    array_unary_f32 ARRAY(name, f32);
#define BINARY(name) \
    array_binary_f64 ARRAY(name, f64); \
    array_binary_f32 ARRAY(name, f32);
#define UNARY_EXACT UNARY
#define BINARY_EXACT BINARY
#include "functions.h"

ternary_array_f64 ARRAY(fma, f64);
ternary_array_f32 ARRAY(fma, f32);
frexp_array_f64 ARRAY(frexp, f64);
frexp_array_f32 ARRAY(frexp, f32);
ldexp_array_f64 ARRAY(ldexp, f64);
ldexp_array_f32 ARRAY(ldexp, f32);
modf_array_f64 ARRAY(modf, f64);
modf_array_f32 ARRAY(modf, f32);
#define CAST(type) \
    unsigned ARRAY(type, f64)(const double *, type##_t *, size_t); \
    unsigned ARRAY(type, f32)(const float *, type##_t *, size_t);
CASTS(CAST)
#undef CAST
#endif

LEVEL_TABLE = {
    {
        LEVEL_NAME,
#define UNARY(name) {SCALAR(name, f64), SCALAR(name, f32), ARRAY(name, f64), ARRAY(name, f32)},
#define BINARY UNARY
#define UNARY_EXACT UNARY
#define BINARY_EXACT UNARY
#include "functions.h"
    },
    {
#define OWN(name) .name##_f64 = SCALAR(name, f64), .name##_f32 = SCALAR(name, f32), \
    .name##_array_f64 = ARRAY(name, f64), .name##_array_f32 = ARRAY(name, f32),
        OWN(fma) OWN(frexp) OWN(ldexp) OWN(modf) CASTS(OWN)
#undef OWN
    },
};

#undef SCALAR
#undef ARRAY
#undef LEVEL
#undef SCALAR_LEVEL
#undef LEVEL_NAME
#undef LEVEL_TABLE
