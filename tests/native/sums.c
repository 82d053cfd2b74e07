/* Exact sums against MPFR with more bits than any sum has: every length to 1000, alignments, strides, threads, orders of
   merging, specials, at every level. */
#include "nasty.h"

#include <bitfast_arrays.h>

#include <fenv.h>
#include <math.h>
#include <mpfr.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 1000, LONG = 12000, BIG = 300000, EXACT = 4500, ROOT = 9500 };
static int failures;

static void wrong(const char *what, const char *data, size_t n, double got, double want) {
    if (++failures < 30) printf("%s %s, %s, n=%zu: got %a want %a\n", bitfast_level(), what, data, n, got, want);
}
static int same(double a, double b) { return isnan(b) ? bits64(a) == UINT64_C(0x7ff8000000000000) : bits64(a) == bits64(b); }

/* What IEEE 754 and exact arithmetic say of a sum. */
struct oracle {
    mpfr_t sum;
    int not_a_number, plus, minus, not_minus_zero, count;
};
static void oracle_start(struct oracle *o) {
    mpfr_init2(o->sum, EXACT);
    mpfr_set_zero(o->sum, 1);
    o->not_a_number = o->plus = o->minus = o->not_minus_zero = o->count = 0;
}
static void oracle_add(struct oracle *o, double x, double y) {
    static mpfr_t term;
    if (!term->_mpfr_d) mpfr_init2(term, 106);
    mpfr_set_d(term, x, MPFR_RNDN);
    mpfr_mul_d(term, term, y, MPFR_RNDN);
    o->count = 1;
    if (!mpfr_zero_p(term) || !mpfr_signbit(term)) o->not_minus_zero = 1;
    if (mpfr_nan_p(term)) o->not_a_number = 1;
    else if (mpfr_inf_p(term)) *(mpfr_signbit(term) ? &o->minus : &o->plus) = 1;
    else if (mpfr_add(o->sum, o->sum, term, MPFR_RNDN) != 0) abort();  /* inexact */
}
static int oracle_special(const struct oracle *o, double *value) {
    if (o->not_a_number || (o->plus && o->minus)) *value = NAN;
    else if (o->plus || o->minus) *value = o->plus ? INFINITY : -INFINITY;
    else if (mpfr_zero_p(o->sum)) *value = o->count && !o->not_minus_zero ? -0.0 : 0.0;
    else return 0;
    return 1;
}
static double oracle_f64(const struct oracle *o) { double v; return oracle_special(o, &v) ? v : mpfr_get_d(o->sum, MPFR_RNDN); }
static double oracle_f32(const struct oracle *o) { double v; return oracle_special(o, &v) ? v : (double)mpfr_get_flt(o->sum, MPFR_RNDN); }
static double oracle_root(const struct oracle *o, int is_f32) {
    double v;
    if (oracle_special(o, &v)) return v;
    mpfr_t root;
    mpfr_init2(root, ROOT);
    mpfr_sqrt(root, o->sum, MPFR_RNDN);
    v = is_f32 ? (double)mpfr_get_flt(root, MPFR_RNDN) : mpfr_get_d(root, MPFR_RNDN);
    mpfr_clear(root);
    return v;
}

static double uniform(void) { return (double)(splitmix64() >> 11) * 0x1p-53; }

/* Kinds of data; what float32 cannot hold becomes what its rounding makes of it. */
static const char *const kinds[] = {
    "uniform", "normal", "integers", "all exponents", "a few exponents", "all exponents with specials", "zeros", "minus zeros",
    "subnormal", "largest", "one giant", "cancelling", "scales that change", "ties", "half zeros", "tiny products", "wide" };
enum { KINDS = sizeof kinds / sizeof *kinds };
static double made(int kind, size_t i, int is_f32) {
    static double before[64];
    double sign = splitmix64() & 1 ? 1 : -1, x;
    uint64_t r = splitmix64() >> 8;
    int least = is_f32 ? -149 : -1074, most = is_f32 ? 128 : 1024;
    switch (kind) {
    case 0: return uniform();
    case 1: return sqrt(-2 * log(uniform() + 0x1p-60)) * cos(6.283185307179586 * uniform());
    case 2: return sign * (double)(r % 1000);
    case 3: do x = is_f32 ? nasty_f32(0) : nasty_f64(0); while (!isfinite(x)); return x;
    case 4: do x = is_f32 ? nasty_f32(8) : nasty_f64(12); while (!isfinite(x)); return x;
    case 5: return r % 300 ? is_f32 ? nasty_f32(60) : nasty_f64(400) : is_f32 ? nasty_f32(0) : nasty_f64(0);
    case 6: return r % 20 ? 0.0 : -0.0;
    case 7: return i < 990 ? -0.0 : 0.0;
    case 8: return sign * ldexp((double)(r & 0xff), least);
    case 9: return sign * ldexp(is_f32 ? 0x1.fffffep-1 : 0x1.fffffffffffffp-1, most);
    case 10: return i == 300 ? ldexp(1, most - 2) : i == 800 ? -ldexp(1, most - 2) : uniform() - 0.5;
    case 11: return i / 64 % 2 ? -before[i % 64] : (before[i % 64] = is_f32 ? nasty_f32(20) : nasty_f64(60));
    case 12: return sign * ldexp(1 + uniform(), is_f32 ? (int)(i / 150 * 37 % 200) - 100 : (int)(i / 150 * 311 % 1800) - 900);
    case 13: return i == 0 ? 1 : i == 1 ? ldexp(1, is_f32 ? -24 : -53) : r % 3 ? 0 : sign * ldexp(1, is_f32 ? -100 : -300);
    case 14: return r & 256 ? 0 : sign * uniform();
    case 15: return sign * ldexp(1 + uniform(), r % 3 ? 0 : is_f32 ? -75 : -538);
    default: return sign * ldexp(1 + uniform(), (int)(r % 180) - 90);
    }
}

#define DEFINE_TESTS(suffix, real, is_f32, oracle_value, oracle_value_f64) \
    static void prefixes##suffix(int kind) { \
        static _Alignas(64) real xs[MOST + 16], ys[MOST + 16]; \
        struct oracle o[4]; \
        size_t offset = splitmix64() % 8; \
        real *x = xs + offset, *y = ys + 7 - offset; \
        for (size_t i = 0; i < MOST; ++i) x[i] = (real)made(kind, i, is_f32), y[i] = (real)made(kind, i, is_f32); \
        for (int k = 0; k < 4; ++k) oracle_start(&o[k]); \
        for (size_t n = 0; n <= MOST; ++n) { \
            bitfast_accumulator a; \
            bitfast_accumulator_clear(&a); \
            double got, want; \
            if (!same(got = bitfast_sum##suffix(n, x, 1), want = oracle_value(&o[0]))) wrong("sum" #suffix, kinds[kind], n, got, want); \
            if (!same(got = bitfast_dot##suffix(n, x, 1, y, 1), want = oracle_value(&o[1]))) wrong("dot" #suffix, kinds[kind], n, got, want); \
            if (is_f32 && !same(got = bitfast_dotf_to_double(n, (float *)x, 1, (float *)y, 1), want = oracle_value_f64(&o[1]))) \
                wrong("dotf_to_double", kinds[kind], n, got, want); \
            if (n % 5 == 0 && !same(got = bitfast_norm##suffix(n, x, 1), want = oracle_root(&o[2], is_f32))) \
                wrong("norm" #suffix, kinds[kind], n, got, want); \
            bitfast_accumulator_add_squares##suffix(&a, n, x, 1); \
            if (!same(got = bitfast_accumulator_value##suffix(&a), want = oracle_value(&o[2]))) wrong("squares" #suffix, kinds[kind], n, got, want); \
            bitfast_accumulator_clear(&a); \
            bitfast_accumulator_add_absolute##suffix(&a, n, x, 1); \
            if (!same(got = bitfast_accumulator_value##suffix(&a), want = oracle_value(&o[3]))) wrong("absolute" #suffix, kinds[kind], n, got, want); \
            if (n < MOST) { \
                oracle_add(&o[0], x[n], 1), oracle_add(&o[1], x[n], y[n]); \
                oracle_add(&o[2], x[n], x[n]), oracle_add(&o[3], fabs((double)x[n]), 1); \
            } \
        } \
        for (int k = 0; k < 4; ++k) mpfr_clear(o[k].sum); \
    } \
    /* Long arrays, strides; partitions merged in any order have the same value and the same bytes. */ \
    static void partitions##suffix(int kind, size_t n, ptrdiff_t x_stride, ptrdiff_t y_stride) { \
        static real xs[3 * LONG], ys[3 * LONG]; \
        real *x = x_stride < 0 ? xs + 3 * LONG - 1 : xs, *y = y_stride < 0 ? ys + 3 * LONG - 1 : ys; \
        struct oracle sum, dot; \
        oracle_start(&sum), oracle_start(&dot); \
        for (size_t i = 0; i < 3 * LONG; ++i) xs[i] = (real)made(kind, i, is_f32), ys[i] = (real)made(kind, i, is_f32); \
        for (size_t i = 0; i < n; ++i) { \
            ptrdiff_t k = (ptrdiff_t)i; \
            oracle_add(&sum, x[k * x_stride], 1), oracle_add(&dot, x[k * x_stride], y[k * y_stride]); \
        } \
        double got, want; \
        if (!same(got = bitfast_sum##suffix(n, x, x_stride), want = oracle_value(&sum))) wrong("long sum" #suffix, kinds[kind], n, got, want); \
        if (!same(got = bitfast_dot##suffix(n, x, x_stride, y, y_stride), want = oracle_value(&dot))) \
            wrong("long dot" #suffix, kinds[kind], n, got, want); \
        bitfast_accumulator whole, part[8], all; \
        unsigned char bytes[BITFAST_ACCUMULATOR_BYTES], other[BITFAST_ACCUMULATOR_BYTES]; \
        bitfast_accumulator_clear(&whole); \
        bitfast_accumulator_add_products##suffix(&whole, n, x, x_stride, y, y_stride); \
        bitfast_accumulator_add##suffix(&whole, n, x, x_stride); \
        bitfast_accumulator_store(&whole, bytes); \
        mpfr_add(sum.sum, sum.sum, dot.sum, MPFR_RNDN); \
        sum.not_a_number |= dot.not_a_number, sum.plus |= dot.plus, sum.minus |= dot.minus, sum.not_minus_zero |= dot.not_minus_zero; \
        if (!same(got = bitfast_accumulator_value##suffix(&whole), want = oracle_value(&sum))) wrong("both" #suffix, kinds[kind], n, got, want); \
        for (int round = 0; round < 4; ++round) { \
            int parts = 1 + (int)(splitmix64() % 8); \
            for (int p = 0; p < parts; ++p) bitfast_accumulator_clear(&part[p]); \
            for (size_t done = 0; done < n;) { \
                size_t count = 1 + splitmix64() % (round & 1 ? 40 : 3000); \
                if (count > n - done) count = n - done; \
                bitfast_accumulator *p = &part[splitmix64() % (unsigned)parts]; \
                real *x_here = x + (ptrdiff_t)done * x_stride; \
                bitfast_accumulator_add_products##suffix(p, count, x_here, x_stride, y + (ptrdiff_t)done * y_stride, y_stride); \
                bitfast_accumulator_add##suffix(p, count, x_here, x_stride); \
                done += count; \
            } \
            bitfast_accumulator_clear(&all); \
            for (int p = parts; p-- > 0;) { \
                if (p & 1) {  /* by way of bytes, and of its negative */ \
                    bitfast_accumulator_negate(&part[p]); \
                    bitfast_accumulator_store(&part[p], other); \
                    memset(&part[p], 1, sizeof part[p]); \
                    if (bitfast_accumulator_load(&part[p], other)) wrong("load", kinds[kind], n, 0, 0); \
                    bitfast_accumulator_negate(&part[p]); \
                } \
                bitfast_accumulator_merge(&all, &part[p]); \
            } \
            bitfast_accumulator_store(&all, other); \
            if (memcmp(bytes, other, sizeof bytes)) wrong("bytes" #suffix, kinds[kind], n, round, parts); \
            bitfast_accumulator_negate(&all); \
            if (!same(got = bitfast_accumulator_value##suffix(&all), want == 0 ? want : -want) && !(got == 0 && want == 0)) \
                wrong("negative" #suffix, kinds[kind], n, got, -want); \
            bitfast_accumulator_merge(&all, &whole); \
            if (isfinite(want) && bitfast_accumulator_value##suffix(&all) != 0) wrong("a - a", kinds[kind], n, 1, 0); \
            bitfast_accumulator_merge(&whole, &whole);  /* itself: doubled */ \
            mpfr_mul_2ui(sum.sum, sum.sum, 1, MPFR_RNDN); \
            if (!same(got = bitfast_accumulator_value##suffix(&whole), oracle_value(&sum))) wrong("doubled", kinds[kind], n, got, want); \
            mpfr_div_2ui(sum.sum, sum.sum, 1, MPFR_RNDN); \
            if (bitfast_accumulator_load(&whole, bytes)) wrong("load", kinds[kind], n, 0, 0); \
        } \
        mpfr_clear(sum.sum), mpfr_clear(dot.sum); \
    } \
    static void threads##suffix(int kind) { \
        real *x = malloc(2 * BIG * sizeof *x); \
        for (size_t i = 0; i < 2 * BIG; ++i) x[i] = (real)made(kind, i, is_f32); \
        double sum = 0, dot = 0, norm = 0; \
        for (int count = 1; count <= 8; count += count < 4 ? 1 : 4) { \
            bitfast_set_num_threads(count); \
            double s = bitfast_sum##suffix(BIG, x, 2), d = bitfast_dot##suffix(BIG, x, 1, x + BIG, 1); \
            double r = bitfast_norm##suffix(BIG, x, 1); \
            if (count == 1) { \
                sum = s, dot = d, norm = r; \
                struct oracle o[3]; \
                for (int k = 0; k < 3; ++k) oracle_start(&o[k]); \
                for (size_t i = 0; i < BIG; ++i) \
                    oracle_add(&o[0], x[2 * i], 1), oracle_add(&o[1], x[i], x[BIG + i]), oracle_add(&o[2], x[i], x[i]); \
                if (!same(s, oracle_value(&o[0]))) wrong("big sum", kinds[kind], BIG, s, oracle_value(&o[0])); \
                if (!same(d, oracle_value(&o[1]))) wrong("big dot", kinds[kind], BIG, d, oracle_value(&o[1])); \
                if (!same(r, oracle_root(&o[2], is_f32))) wrong("big norm", kinds[kind], BIG, r, oracle_root(&o[2], is_f32)); \
                for (int k = 0; k < 3; ++k) mpfr_clear(o[k].sum); \
            } \
            if (!same(s, sum) || !same(d, dot) || !same(r, norm)) wrong("threads", kinds[kind], (size_t)count, s, sum); \
        } \
        bitfast_set_num_threads(1); \
        free(x); \
    }
DEFINE_TESTS(, double, 0, oracle_f64, oracle_f64)
DEFINE_TESTS(f, float, 1, oracle_f32, oracle_f64)

/* Bytes that no accumulator stores are told, not taken. */
static void bad_bytes(void) {
    bitfast_accumulator a;
    unsigned char good[BITFAST_ACCUMULATOR_BYTES], bytes[BITFAST_ACCUMULATOR_BYTES];
    double x = 3;
    bitfast_accumulator_clear(&a);
    bitfast_accumulator_add(&a, 1, &x, 1);
    bitfast_accumulator_store(&a, good);
    for (int at = 0; at < 8; ++at)
        for (int value = 0; value < 256; ++value) {
            memcpy(bytes, good, sizeof bytes);
            bytes[at] = (unsigned char)value;
            if ((bitfast_accumulator_load(&a, bytes) == 0) != (value == good[at])) wrong("bad bytes", "", (size_t)at, value, 0);
        }
}

int main(void) {
    static const ptrdiff_t strides[] = {1, 2, 3, -1, -2, -3, 0};
    bad_bytes();
    for (int level = 0; bitfast_level_name(level); ++level) {
        bitfast_use_level(bitfast_level_name(level));
        for (int kind = 0; kind < KINDS; ++kind) {
            static const int roundings[] = {FE_TONEAREST, FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO};
            splitmix_state = (uint64_t)(1000 * level + kind);
            prefixes(kind);
            prefixesf(kind);
            for (int k = 0; k < 3; ++k) {
                ptrdiff_t first = strides[(kind + k) % 7], second = strides[(kind + 3 * k) % 7];
                size_t n = k == 0 ? LONG : 1 + splitmix64() % LONG;
                partitions(kind, n, first, second);
                partitionsf(kind, n, second, first);
            }
            if (kind % 4 == 0) threads(kind), threadsf(kind);
            double x[40], want_sum, want_norm;  /* the caller's rounding is the caller's */
            for (size_t i = 0; i < 40; ++i) x[i] = made(kind, i, 0);
            want_sum = bitfast_sum(40, x, 1), want_norm = bitfast_norm(40, x, 1);
            for (int k = 0; k < 4; ++k) {
                fesetround(roundings[k]);
                double sum = bitfast_sum(40, x, 1), norm = bitfast_norm(40, x, 1);
                int kept = fegetround() == roundings[k];
                fesetround(FE_TONEAREST);
                if (!same(sum, want_sum) || !same(norm, want_norm) || !kept) wrong("rounding", kinds[kind], (size_t)k, sum, want_sum);
            }
        }
        printf("%s: %d wrong\n", bitfast_level(), failures);
    }
    return failures != 0;
}
