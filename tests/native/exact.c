/* The exact functions against the C library's, whose results have no rounding either, and fma against the processor's
   instruction: every level, one value and arrays, nasty arguments. Prints a line per function that differs.
   Usage: exact [COUNT] */
#define _GNU_SOURCE
#include "nasty.h"

#include <bitfast.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { BLOCK = 1000 };
static int failures;
static const uint64_t nan64 = UINT64_C(0x7ff8000000000000);
static const uint32_t nan32 = UINT32_C(0x7fc00000);

/* Every comparison canonicalises what the C library gives. */
static uint64_t want64(double x) { return x == x ? bits64(x) : nan64; }
static uint32_t want32(float x) { return x == x ? bits32(x) : nan32; }

static void differs(const char *name, double x, double y, double z, double got, double want) {
    if (++failures < 40) printf("%s %s: %a %a %a: got %a want %a\n", bitfast_level(), name, x, y, z, got, want);
}

#if defined __x86_64__
__attribute__((target("fma"))) static double hardware_fma(double x, double y, double z) { return __builtin_fma(x, y, z); }
__attribute__((target("fma"))) static float hardware_fmaf(float x, float y, float z) { return __builtin_fmaf(x, y, z); }
#else
static double hardware_fma(double x, double y, double z) { return __builtin_fma(x, y, z); }
static float hardware_fmaf(float x, float y, float z) { return __builtin_fmaf(x, y, z); }
#endif

static double minimum_f64(double x, double y) {
    if (x != x || y != y) return NAN;
    return x < y || (x == y && signbit(x)) ? x : y;
}
static double maximum_f64(double x, double y) { return -minimum_f64(-x, -y); }
static double fmin_f64(double x, double y) { return x != x ? y : y != y ? x : minimum_f64(x, y); }
static double fmax_f64(double x, double y) { return x != x ? y : y != y ? x : maximum_f64(x, y); }
static float minimum_f32(float x, float y) { return (float)minimum_f64(x, y); }
static float maximum_f32(float x, float y) { return (float)maximum_f64(x, y); }
static float fmin_f32(float x, float y) { return (float)fmin_f64(x, y); }
static float fmax_f32(float x, float y) { return (float)fmax_f64(x, y); }

/* A remainder of 0 has the sign of x (IEEE 754-2019, 5.3.1); glibc 2.36 loses it for some negative x. */
static double remainder_f64(double x, double y) {
    double r = remainder(x, y);
    return r == 0 ? copysign(r, x) : r;
}
static float remainder_f32(float x, float y) {
    float r = remainderf(x, y);
    return r == 0 ? copysignf(r, x) : r;
}

static double xd[BLOCK], yd[BLOCK], zd[BLOCK], rd[BLOCK], sd[BLOCK];
static float xf[BLOCK], yf[BLOCK], zf[BLOCK], rf[BLOCK], sf[BLOCK];
static int32_t exponents[BLOCK], got_exponents[BLOCK];

#define CHECK_1(name, oracle, oracle_f) \
    bitfast_##name##_array(BLOCK, xd, 1, rd, 1); \
    bitfast_##name##f_array(BLOCK, xf, 1, rf, 1); \
    for (int i = 0; i < BLOCK; ++i) { \
        double d = oracle(xd[i]); \
        float f = oracle_f(xf[i]); \
        if (bits64(rd[i]) != want64(d)) differs(#name "_array", xd[i], 0, 0, rd[i], d); \
        if (bits32(rf[i]) != want32(f)) differs(#name "f_array", xf[i], 0, 0, rf[i], f); \
        if (bits64(bitfast_##name(xd[i])) != want64(d)) differs(#name, xd[i], 0, 0, bitfast_##name(xd[i]), d); \
        if (bits32(bitfast_##name##f(xf[i])) != want32(f)) differs(#name "f", xf[i], 0, 0, bitfast_##name##f(xf[i]), f); \
    }
#define CHECK_2(name, oracle, oracle_f) \
    bitfast_##name##_array(BLOCK, xd, 1, yd, 1, rd, 1); \
    bitfast_##name##f_array(BLOCK, xf, 1, yf, 1, rf, 1); \
    for (int i = 0; i < BLOCK; ++i) { \
        double d = oracle(xd[i], yd[i]); \
        float f = oracle_f(xf[i], yf[i]); \
        if (bits64(rd[i]) != want64(d)) differs(#name "_array", xd[i], yd[i], 0, rd[i], d); \
        if (bits32(rf[i]) != want32(f)) differs(#name "f_array", xf[i], yf[i], 0, rf[i], f); \
        if (bits64(bitfast_##name(xd[i], yd[i])) != want64(d)) \
            differs(#name, xd[i], yd[i], 0, bitfast_##name(xd[i], yd[i]), d); \
        if (bits32(bitfast_##name##f(xf[i], yf[i])) != want32(f)) \
            differs(#name "f", xf[i], yf[i], 0, bitfast_##name##f(xf[i], yf[i]), f); \
    }

static void check_shapes(void) {
    bitfast_fma_array(BLOCK, xd, 1, yd, 1, zd, 1, rd, 1);
    bitfast_fmaf_array(BLOCK, xf, 1, yf, 1, zf, 1, rf, 1);
    for (int i = 0; i < BLOCK; ++i) {
        double d = hardware_fma(xd[i], yd[i], zd[i]), got = bitfast_fma(xd[i], yd[i], zd[i]);
        float f = hardware_fmaf(xf[i], yf[i], zf[i]), gotf = bitfast_fmaf(xf[i], yf[i], zf[i]);
        if (bits64(rd[i]) != want64(d)) differs("fma_array", xd[i], yd[i], zd[i], rd[i], d);
        if (bits64(got) != want64(d)) differs("fma", xd[i], yd[i], zd[i], got, d);
        if (bits32(rf[i]) != want32(f)) differs("fmaf_array", xf[i], yf[i], zf[i], rf[i], f);
        if (bits32(gotf) != want32(f)) differs("fmaf", xf[i], yf[i], zf[i], gotf, f);
    }

    bitfast_frexp_array(BLOCK, xd, 1, rd, 1, got_exponents, 1);
    for (int i = 0; i < BLOCK; ++i) {
        int e = 0;
        int32_t got_e;
        double d = frexp(xd[i], &e), got = bitfast_frexp(xd[i], &got_e);
        if (bits64(rd[i]) != want64(d) || got_exponents[i] != e) differs("frexp_array", xd[i], 0, e, rd[i], d);
        if (bits64(got) != want64(d) || got_e != e) differs("frexp", xd[i], 0, e, got, d);
    }
    bitfast_frexpf_array(BLOCK, xf, 1, rf, 1, got_exponents, 1);
    for (int i = 0; i < BLOCK; ++i) {
        int e = 0;
        int32_t got_e;
        float f = frexpf(xf[i], &e), got = bitfast_frexpf(xf[i], &got_e);
        if (bits32(rf[i]) != want32(f) || got_exponents[i] != e) differs("frexpf_array", xf[i], 0, e, rf[i], f);
        if (bits32(got) != want32(f) || got_e != e) differs("frexpf", xf[i], 0, e, got, f);
    }

    bitfast_ldexp_array(BLOCK, xd, 1, exponents, 1, rd, 1);
    bitfast_ldexpf_array(BLOCK, xf, 1, exponents, 1, rf, 1);
    for (int i = 0; i < BLOCK; ++i) {
        double d = ldexp(xd[i], exponents[i]), got = bitfast_ldexp(xd[i], exponents[i]);
        float f = ldexpf(xf[i], exponents[i]), gotf = bitfast_ldexpf(xf[i], exponents[i]);
        if (bits64(rd[i]) != want64(d)) differs("ldexp_array", xd[i], exponents[i], 0, rd[i], d);
        if (bits64(got) != want64(d)) differs("ldexp", xd[i], exponents[i], 0, got, d);
        if (bits32(rf[i]) != want32(f)) differs("ldexpf_array", xf[i], exponents[i], 0, rf[i], f);
        if (bits32(gotf) != want32(f)) differs("ldexpf", xf[i], exponents[i], 0, gotf, f);
    }

    bitfast_modf_array(BLOCK, xd, 1, rd, 1, sd, 1);
    bitfast_modff_array(BLOCK, xf, 1, rf, 1, sf, 1);
    for (int i = 0; i < BLOCK; ++i) {
        double n, d = modf(xd[i], &n), got_n, got = bitfast_modf(xd[i], &got_n);
        float nf, f = modff(xf[i], &nf), got_nf, gotf = bitfast_modff(xf[i], &got_nf);
        if (bits64(rd[i]) != want64(d) || bits64(sd[i]) != want64(n)) differs("modf_array", xd[i], sd[i], n, rd[i], d);
        if (bits64(got) != want64(d) || bits64(got_n) != want64(n)) differs("modf", xd[i], got_n, n, got, d);
        if (bits32(rf[i]) != want32(f) || bits32(sf[i]) != want32(nf)) differs("modff_array", xf[i], sf[i], nf, rf[i], f);
        if (bits32(gotf) != want32(f) || bits32(got_nf) != want32(nf)) differs("modff", xf[i], got_nf, nf, gotf, f);
    }
}

#define CHECK_CAST(type, smallest, largest) { \
    static type##_t r[BLOCK], s[BLOCK]; \
    bitfast_to_##type##_array(BLOCK, xd, 1, r, 1); \
    bitfast_to_##type##f_array(BLOCK, xf, 1, s, 1); \
    for (int i = 0; i < BLOCK; ++i) { \
        long double t = truncl(xd[i]), u = truncl(xf[i]); \
        type##_t d = t != t ? 0 : t < (smallest) ? (smallest) : t > (largest) ? (largest) : (type##_t)t; \
        type##_t f = u != u ? 0 : u < (smallest) ? (smallest) : u > (largest) ? (largest) : (type##_t)u; \
        if (r[i] != d) differs("to_" #type "_array", xd[i], 0, 0, (double)r[i], (double)d); \
        if (s[i] != f) differs("to_" #type "f_array", xf[i], 0, 0, (double)s[i], (double)f); \
        if (bitfast_to_##type(xd[i]) != d) differs("to_" #type, xd[i], 0, 0, (double)bitfast_to_##type(xd[i]), (double)d); \
        if (bitfast_to_##type##f(xf[i]) != f) differs("to_" #type "f", xf[i], 0, 0, (double)bitfast_to_##type##f(xf[i]), (double)f); \
    } }

static void check_all(void) {
    CHECK_1(sqrt, sqrt, sqrtf)
    CHECK_1(floor, floor, floorf)
    CHECK_1(ceil, ceil, ceilf)
    CHECK_1(trunc, trunc, truncf)
    CHECK_1(rint, rint, rintf)
    CHECK_2(fmod, fmod, fmodf)
    CHECK_2(remainder, remainder_f64, remainder_f32)
    CHECK_2(copysign, copysign, copysignf)
    CHECK_2(nextafter, nextafter, nextafterf)
    CHECK_2(fmin, fmin_f64, fmin_f32)
    CHECK_2(fmax, fmax_f64, fmax_f32)
    CHECK_2(minimum, minimum_f64, minimum_f32)
    CHECK_2(maximum, maximum_f64, maximum_f32)
    check_shapes();
    CHECK_CAST(int8, INT8_MIN, INT8_MAX)
    CHECK_CAST(int16, INT16_MIN, INT16_MAX)
    CHECK_CAST(int32, INT32_MIN, INT32_MAX)
    CHECK_CAST(int64, INT64_MIN, INT64_MAX)
    CHECK_CAST(uint8, 0, UINT8_MAX)
    CHECK_CAST(uint16, 0, UINT16_MAX)
    CHECK_CAST(uint32, 0, UINT32_MAX)
    CHECK_CAST(uint64, 0, UINT64_MAX)
}

int main(int argc, char **argv) {
    long count = argc > 1 ? atol(argv[1]) : 100000;
    static const int spreads[] = {0, 2, 30, 60, 70, 300};
    for (int level = 0; bitfast_level_name(level); ++level) {
        bitfast_use_level(bitfast_level_name(level));
        splitmix_state = 1;
        for (long done = 0; done < count; done += BLOCK) {
            int spread = spreads[done / BLOCK % 6], spread_f = spread > 120 ? 120 : spread;
            for (int i = 0; i < BLOCK; ++i) {
                xd[i] = nasty_f64(spread);
                yd[i] = nasty_f64(spread);
                zd[i] = nasty_f64(spread);
                xf[i] = nasty_f32(spread_f);
                yf[i] = nasty_f32(spread_f);
                zf[i] = nasty_f32(spread_f);
                uint64_t r = splitmix64();
                exponents[i] = (int32_t)(r & 3 ? (int64_t)(r >> 8) % 2300 * (r & 4 ? 1 : -1) : (int64_t)(r >> 32));
                /* Sums that cancel, quotients that are ties, equal arguments. */
                if ((r & 0x70) == 0x10) zd[i] = -xd[i] * yd[i], zf[i] = -xf[i] * yf[i];
                if ((r & 0x70) == 0x20) yd[i] = xd[i] * 2, yf[i] = xf[i] * 2;
                if ((r & 0x70) == 0x30) yd[i] = xd[i], yf[i] = xf[i];
                if ((r & 0x70) == 0x40) yd[i] = xd[i] * ((double)(r >> 50) + 0.5), yf[i] = xf[i] * ((float)(r >> 52) + 0.5f);
            }
            check_all();
        }
        printf("%s: %d differ\n", bitfast_level(), failures);
    }
    return failures != 0;
}
