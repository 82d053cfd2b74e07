/* The public face of the portable math library: bitfast_NAME for every function of portable_libm_functions.h.

   Beneath is musl's generic C. Its values are the same bits on every chip; what is not is made so here: a NaN result
   is the one quiet NaN (chips differ in its sign and payload), a conversion to an integer saturates and NaN gives 0
   (C leaves both open, C17 6.3.1.4), and frexp's exponent of an infinity or NaN is 0. */

#define _GNU_SOURCE
#include <limits.h>
#include <math.h>

#define PUBLIC __attribute__((visibility("default")))

/* Declared by other C libraries' math.h, or only defined and not declared by musl. */
double pow10(double);
float pow10f(float), j0f(float), j1f(float), jnf(int, float), y0f(float), y1f(float), ynf(int, float);
float scalbf(float, float), significandf(float);
double __lgamma_r(double, int *);
float __lgammaf_r(float, int *);

static double canonical(double x) { return x != x ? __builtin_nan("") : x; }
static float canonicalf(float x) { return x != x ? __builtin_nanf("") : x; }

static long long saturated(double x)
{
	if (x != x) return 0;
	if (x >= 0x1p63) return LLONG_MAX;
	if (x < -0x1p63) return LLONG_MIN;
	return (long long)x;
}

_Static_assert(sizeof(long) == sizeof(long long), "saturated() is for a 64-bit long");

#define UNARY(name) \
	PUBLIC double bitfast_##name(double x) { return canonical(name(x)); } \
	PUBLIC float bitfast_##name##f(float x) { return canonicalf(name##f(x)); }

#define BINARY(name) \
	PUBLIC double bitfast_##name(double x, double y) { return canonical(name(x, y)); } \
	PUBLIC float bitfast_##name##f(float x, float y) { return canonicalf(name##f(x, y)); }

#define TERNARY(name) \
	PUBLIC double bitfast_##name(double x, double y, double z) { return canonical(name(x, y, z)); } \
	PUBLIC float bitfast_##name##f(float x, float y, float z) { return canonicalf(name##f(x, y, z)); }

#define ORDER_FIRST(name) \
	PUBLIC double bitfast_##name(int n, double x) { return canonical(name(n, x)); } \
	PUBLIC float bitfast_##name##f(int n, float x) { return canonicalf(name##f(n, x)); }

#define SCALED(name, integer) \
	PUBLIC double bitfast_##name(double x, integer n) { return canonical(name(x, n)); } \
	PUBLIC float bitfast_##name##f(float x, integer n) { return canonicalf(name##f(x, n)); }

#define LOG_GAMMA(name) \
	PUBLIC double bitfast_##name(double x) { return canonical(__lgamma_r(x, &signgam)); } \
	PUBLIC float bitfast_##name##f(float x) { return canonicalf(__lgammaf_r(x, &signgam)); }

#define LOG_GAMMA_R(name) \
	PUBLIC double bitfast_##name##_r(double x, int *sign) { return canonical(__lgamma_r(x, sign)); } \
	PUBLIC float bitfast_##name##f_r(float x, int *sign) { return canonicalf(__lgammaf_r(x, sign)); }

#define SPLIT_EXPONENT(name) \
	PUBLIC double bitfast_##name(double x, int *exponent) \
	{ \
		*exponent = 0; \
		return x - x == 0 ? name(x, exponent) : canonical(x); \
	} \
	PUBLIC float bitfast_##name##f(float x, int *exponent) \
	{ \
		*exponent = 0; \
		return x - x == 0 ? name##f(x, exponent) : canonicalf(x); \
	}

#define SPLIT_INTEGER(name) \
	PUBLIC double bitfast_##name(double x, double *integer) \
	{ \
		double fraction = canonical(name(x, integer)); \
		*integer = canonical(*integer); \
		return fraction; \
	} \
	PUBLIC float bitfast_##name##f(float x, float *integer) \
	{ \
		float fraction = canonicalf(name##f(x, integer)); \
		*integer = canonicalf(*integer); \
		return fraction; \
	}

#define QUOTIENT(name) \
	PUBLIC double bitfast_##name(double x, double y, int *quotient) { return canonical(name(x, y, quotient)); } \
	PUBLIC float bitfast_##name##f(float x, float y, int *quotient) { return canonicalf(name##f(x, y, quotient)); }

#define SINE_COSINE(name) \
	PUBLIC void bitfast_##name(double x, double *sine, double *cosine) \
	{ \
		*sine = bitfast_sin(x); \
		*cosine = bitfast_cos(x); \
	} \
	PUBLIC void bitfast_##name##f(float x, float *sine, float *cosine) \
	{ \
		*sine = bitfast_sinf(x); \
		*cosine = bitfast_cosf(x); \
	}

#define TO_INTEGER(name, integer, rounded) \
	PUBLIC integer bitfast_##name(double x) { return saturated(rounded(x)); } \
	PUBLIC integer bitfast_##name##f(float x) { return saturated(rounded##f(x)); }

#include "portable_libm_functions.h"
