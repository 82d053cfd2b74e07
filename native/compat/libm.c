/* libm's own names: a program takes these functions by linking libbitfast_m before -lm, or by LD_PRELOAD.

   errno is set as the C library sets it: EDOM where a result is invalid, ERANGE at poles, where a result overflows and
   where it underflows to 0. Which of them it is the accurate path says; it is asked only about results that are 0,
   infinite or NaN. Compiled with -fno-builtin: the compiler must not make a call of sincos out of sincos's body. */
#include "../accurate/accurate.h"
#include "../dispatch.h"

#include <errno.h>

#define PUBLIC __attribute__((visibility("default")))
#define COLD static __attribute__((noinline, cold))
#define RARELY(condition) __builtin_expect(condition, 0)

COLD void set_errno(unsigned status, int is_zero) {
    if (status & STATUS_INVALID) errno = EDOM;
    else if (status & (STATUS_DIVIDE_BY_ZERO | STATUS_OVERFLOW)) errno = ERANGE;
    else if ((status & STATUS_UNDERFLOW) && is_zero) errno = ERANGE;
}

/* Results whose errno has to be looked at. Functions of one argument that give 0 for another argument in [-1, 1] than 0
   do so exactly (log(1), acos(1)). */
#define NOT_FINITE(r) (!((r) - (r) == 0))

#define DEFINE_UNARY(name, suffix, real, kind) \
    COLD void name##suffix##_error(real x, real r) { \
        unsigned status = 0; \
        bitfast_accurate_##name##_##kind(x, &status); \
        set_errno(status, r == 0); \
    } \
    PUBLIC real name##suffix(real x) { \
        real r = bitfast_chosen.level.name.scalar_##kind(x); \
        if (RARELY(NOT_FINITE(r) || (r == 0 && (x > 1 || x < -1)))) name##suffix##_error(x, r); \
        return r; \
    }
#define DEFINE_BINARY(name, suffix, real, kind) \
    COLD void name##suffix##_error(real x, real y, real r) { \
        unsigned status = 0; \
        bitfast_accurate_##name##_##kind(x, y, &status); \
        set_errno(status, r == 0); \
    } \
    PUBLIC real name##suffix(real x, real y) { \
        real r = bitfast_chosen.level.name.scalar_##kind(x, y); \
        if (RARELY(NOT_FINITE(r) || (r == 0 && x != 0))) name##suffix##_error(x, y, r); \
        return r; \
    }
#define UNARY(name) DEFINE_UNARY(name, , double, f64) DEFINE_UNARY(name, f, float, f32)
#define BINARY(name) DEFINE_BINARY(name, , double, f64) DEFINE_BINARY(name, f, float, f32)
#define LIBM_HAS_IT
#include "../functions.h"

#define EXACT_1(c_name, name, suffix, real, kind) \
    PUBLIC real c_name##suffix(real x) { return bitfast_chosen.level.name.scalar_##kind(x); }
#define EXACT_2(c_name, name, suffix, real, kind) \
    PUBLIC real c_name##suffix(real x, real y) { return bitfast_chosen.level.name.scalar_##kind(x, y); }
#define REMAINDER(name, suffix, real, kind) \
    PUBLIC real name##suffix(real x, real y) { \
        real r = bitfast_chosen.level.name.scalar_##kind(x, y); \
        if (RARELY(r != r) && x == x && y == y) errno = EDOM; \
        return r; \
    }

/* A power of two times x; scalbn is the same, FLT_RADIX being 2, and scalbln with a long. */
#define SCALED(suffix, real, kind) \
    PUBLIC real ldexp##suffix(real x, int exponent) { \
        real r = bitfast_chosen.shapes.ldexp_##kind(x, exponent); \
        if (RARELY(NOT_FINITE(r) || r == 0) && x - x == 0 && x != 0) errno = ERANGE; \
        return r; \
    } \
    PUBLIC real scalbn##suffix(real x, int exponent) { return ldexp##suffix(x, exponent); } \
    PUBLIC real scalbln##suffix(real x, long exponent) { \
        return ldexp##suffix(x, exponent > 100000 ? 100000 : exponent < -100000 ? -100000 : (int)exponent); \
    }

#define EXACT(suffix, real, kind, smallest_normal) \
    EXACT_1(floor, floor, suffix, real, kind) \
    EXACT_1(ceil, ceil, suffix, real, kind) \
    EXACT_1(trunc, trunc, suffix, real, kind) \
    EXACT_1(rint, rint, suffix, real, kind) \
    EXACT_2(fmin, fmin, suffix, real, kind) \
    EXACT_2(fmax, fmax, suffix, real, kind) \
    EXACT_2(fminimum, minimum, suffix, real, kind) \
    EXACT_2(fmaximum, maximum, suffix, real, kind) \
    REMAINDER(fmod, suffix, real, kind) \
    REMAINDER(remainder, suffix, real, kind) \
    SCALED(suffix, real, kind) \
    PUBLIC real sqrt##suffix(real x) { \
        if (RARELY(x < 0)) errno = EDOM; \
        return bitfast_chosen.level.sqrt.scalar_##kind(x); \
    } \
    PUBLIC real nextafter##suffix(real x, real y) { \
        real r = bitfast_chosen.level.nextafter.scalar_##kind(x, y); \
        real size = r < 0 ? -r : r; \
        int overflows = r - r != 0 && x - x == 0 && y == y; \
        if (RARELY((size < smallest_normal && x != y && x != 0) || overflows)) errno = ERANGE; \
        return r; \
    } \
    PUBLIC real fma##suffix(real x, real y, real z) { return bitfast_chosen.shapes.fma_##kind(x, y, z); } \
    PUBLIC real modf##suffix(real x, real *whole) { return bitfast_chosen.shapes.modf_##kind(x, whole); } \
    PUBLIC real frexp##suffix(real x, int *exponent) { return bitfast_chosen.shapes.frexp_##kind(x, exponent); } \
    PUBLIC void sincos##suffix(real x, real *sine, real *cosine) { \
        *sine = sin##suffix(x); \
        *cosine = cos##suffix(x); \
    }
EXACT(, double, f64, 0x1p-1022)
EXACT(f, float, f32, 0x1p-126f)

/* C's copysign keeps a NaN, as compilers do that expand it in place. */
PUBLIC double copysign(double x, double y) { return __builtin_copysign(x, y); }
PUBLIC float copysignf(float x, float y) { return __builtin_copysignf(x, y); }
