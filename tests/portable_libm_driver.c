/* Prints for every function of the portable math library a hash of its answers' bits on COUNT inputs:
   special values, random bit patterns (all exponents, infinities, NaNs, subnormals), and moderate values.
   Usage: driver COUNT */

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double specials[] = {
	0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 2.0, 3.0, -3.0, 2.5, -2.5, 1e-300, -1e-300, 5e-324, -5e-324, 2.2250738585072014e-308,
	1.7976931348623157e308, -1.7976931348623157e308, 1e22, 709.782712893384, -745.1332191019412, 88.72283935546875,
	1.5707963267948966, 3.141592653589793, 6381956970095103.0 * 0x1p797, 1.401298464324817e-45, 3.4028234663852886e38,
	9.223372036854775807e18, -9.223372036854775808e18, 2147483648.0, -2147483649.0, 170.62, -170.5, 0x1.fffffep-1,
	1.0 / 0.0, -1.0 / 0.0, 0.0 / 0.0, -(0.0 / 0.0),
};
enum { SPECIALS = sizeof specials / sizeof *specials };

static uint64_t state;
static uint64_t next_random(void)  /* splitmix64 */
{
	uint64_t z = state += 0x9e3779b97f4a7c15;
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

static double input(long i)
{
	uint64_t random = next_random();
	double x;
	if (i < SPECIALS * SPECIALS) return specials[random % SPECIALS];
	if (i % 3 == 0) memcpy(&x, &random, sizeof x);
	else x = ((double)(random >> 11) * 0x1p-53 - 0.5) * (i % 3 == 1 ? 8.0 : 400.0);
	return x;
}

static float inputf(long i)
{
	uint32_t random = next_random() >> 32;
	float x;
	if (i % 3) return input(i);
	memcpy(&x, &random, sizeof x);
	return x;
}

static uint64_t hash;
static void mix(uint64_t bits) { hash = (hash ^ bits) * 0x100000001b3 ^ hash >> 29; }
static void mix_double(double x) { uint64_t bits; memcpy(&bits, &x, sizeof bits); mix(bits); }
static void mix_float(float x) { uint32_t bits; memcpy(&bits, &x, sizeof bits); mix(bits); }

static long count;
extern int signgam;

#define EACH(name, statement) \
	state = 1, hash = 0xcbf29ce484222325; \
	for (long i = 0; i < count; i++) { statement; } \
	printf("%s %016llx\n", #name, (unsigned long long)hash);

#define UNARY(n) double bitfast_##n(double); float bitfast_##n##f(float);
#define BINARY(n) double bitfast_##n(double, double); float bitfast_##n##f(float, float);
#define TERNARY(n) double bitfast_##n(double, double, double); float bitfast_##n##f(float, float, float);
#define ORDER_FIRST(n) double bitfast_##n(int, double); float bitfast_##n##f(int, float);
#define SCALED(n, integer) double bitfast_##n(double, integer); float bitfast_##n##f(float, integer);
#define LOG_GAMMA(n) UNARY(n)
#define LOG_GAMMA_R(n) double bitfast_##n##_r(double, int *); float bitfast_##n##f_r(float, int *);
#define SPLIT_EXPONENT(n) double bitfast_##n(double, int *); float bitfast_##n##f(float, int *);
#define SPLIT_INTEGER(n) double bitfast_##n(double, double *); float bitfast_##n##f(float, float *);
#define QUOTIENT(n) double bitfast_##n(double, double, int *); float bitfast_##n##f(float, float, int *);
#define SINE_COSINE(n) void bitfast_##n(double, double *, double *); void bitfast_##n##f(float, float *, float *);
#define TO_INTEGER(n, integer, rounded) integer bitfast_##n(double); integer bitfast_##n##f(float);
#include "portable_libm_functions.h"
#undef UNARY
#undef BINARY
#undef TERNARY
#undef ORDER_FIRST
#undef SCALED
#undef LOG_GAMMA
#undef LOG_GAMMA_R
#undef SPLIT_EXPONENT
#undef SPLIT_INTEGER
#undef QUOTIENT
#undef SINE_COSINE
#undef TO_INTEGER

#define UNARY(n) EACH(n, mix_double(bitfast_##n(input(i)))) EACH(n##f, mix_float(bitfast_##n##f(inputf(i))))
#define BINARY(n) \
	EACH(n, double x = input(i); mix_double(bitfast_##n(x, input(i)))) \
	EACH(n##f, float x = inputf(i); mix_float(bitfast_##n##f(x, inputf(i))))
#define TERNARY(n) \
	EACH(n, double x = input(i); double y = input(i); mix_double(bitfast_##n(x, y, input(i)))) \
	EACH(n##f, float x = inputf(i); float y = inputf(i); mix_float(bitfast_##n##f(x, y, inputf(i))))
#define ORDER_FIRST(n) \
	EACH(n, mix_double(bitfast_##n((int)(i % 61) - 30, input(i)))) \
	EACH(n##f, mix_float(bitfast_##n##f((int)(i % 61) - 30, inputf(i))))
#define SCALED(n, integer) \
	EACH(n, mix_double(bitfast_##n(input(i), (integer)(i * 7 % 4801) - 2400))) \
	EACH(n##f, mix_float(bitfast_##n##f(inputf(i), (integer)(i * 7 % 801) - 400)))
#define LOG_GAMMA(n) \
	EACH(n, mix_double(bitfast_##n(input(i))); mix(signgam)) EACH(n##f, mix_float(bitfast_##n##f(inputf(i))); mix(signgam))
#define LOG_GAMMA_R(n) \
	EACH(n##_r, int sign; mix_double(bitfast_##n##_r(input(i), &sign)); mix(sign)) \
	EACH(n##f_r, int sign; mix_float(bitfast_##n##f_r(inputf(i), &sign)); mix(sign))
#define SPLIT_EXPONENT(n) \
	EACH(n, int e; mix_double(bitfast_##n(input(i), &e)); mix(e)) \
	EACH(n##f, int e; mix_float(bitfast_##n##f(inputf(i), &e)); mix(e))
#define SPLIT_INTEGER(n) \
	EACH(n, double whole; mix_double(bitfast_##n(input(i), &whole)); mix_double(whole)) \
	EACH(n##f, float whole; mix_float(bitfast_##n##f(inputf(i), &whole)); mix_float(whole))
#define QUOTIENT(n) \
	EACH(n, int q; double x = input(i); mix_double(bitfast_##n(x, input(i), &q)); mix(q)) \
	EACH(n##f, int q; float x = inputf(i); mix_float(bitfast_##n##f(x, inputf(i), &q)); mix(q))
#define SINE_COSINE(n) \
	EACH(n, double s; double c; bitfast_##n(input(i), &s, &c); mix_double(s); mix_double(c)) \
	EACH(n##f, float s; float c; bitfast_##n##f(inputf(i), &s, &c); mix_float(s); mix_float(c))
#define TO_INTEGER(n, integer, rounded) EACH(n, mix(bitfast_##n(input(i)))) EACH(n##f, mix(bitfast_##n##f(inputf(i))))

int main(int argc, char **argv)
{
	count = argc > 1 ? atol(argv[1]) : 3000;
#include "portable_libm_functions.h"
	return 0;
}
