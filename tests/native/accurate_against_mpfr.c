/* A function against MPFR, bit for bit: the oracle of the accurate path, and of whole libraries.

       accurate_against_mpfr NAME f64|f32 COUNT SEED [--through accurate | --library FILE [--flags]] [--speed]

   Arguments are special values, landmarks where functions change their ways with their neighbours, pairs of those for
   two arguments, and COUNT random ones: any bits, the function's interesting range, few significant bits (exact and
   midpoint cases), and pairs with a structure. MPFR rounds to nearest with the format's own range of exponents. The
   bits must agree, a NaN must be the canonical one, and the accurate path must report what C23 Annex F signals (from
   a library: with --flags). Wrong answers are printed as arguments, got, want; the exit status is 1 if there are any,
   2 if the function is not there. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fenv.h>
#include <inttypes.h>
#include <math.h>
#include <mpfr.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../../native/accurate/accurate.h"

/* A function that is not linked in is a null pointer. */
#define UNARY(name) \
    extern __typeof__(bitfast_accurate_##name##_f64) bitfast_accurate_##name##_f64 __attribute__((weak)); \
    extern __typeof__(bitfast_accurate_##name##_f32) bitfast_accurate_##name##_f32 __attribute__((weak));
#define BINARY(name) UNARY(name)
#include "../../native/functions.h"

typedef double accurate_unary_f64(double, unsigned *);
typedef float accurate_unary_f32(float, unsigned *);
typedef double accurate_binary_f64(double, double, unsigned *);
typedef float accurate_binary_f32(float, float, unsigned *);

static int mpfr_rsqrt(mpfr_t r, const mpfr_t x, mpfr_rnd_t rounding) {
    int ternary = mpfr_rec_sqrt(r, x, rounding);
    if (mpfr_zero_p(x))
        mpfr_setsign(r, r, mpfr_signbit(x), rounding); /* C23 F.10.4.9: rsqrt(-0) is -inf; MPFR's is +inf */
    return ternary;
}

static const struct function {
    const char *name;
    int arguments;
    int (*unary)(mpfr_t, const mpfr_t, mpfr_rnd_t);
    int (*binary)(mpfr_t, const mpfr_t, const mpfr_t, mpfr_rnd_t);
    accurate_unary_f64 *unary_f64;
    accurate_unary_f32 *unary_f32;
    accurate_binary_f64 *binary_f64;
    accurate_binary_f32 *binary_f32;
} FUNCTIONS[] = {
#define UNARY(f)                                                                                                       \
    {.name = #f,                                                                                                       \
     .arguments = 1,                                                                                                   \
     .unary = mpfr_##f,                                                                                                \
     .unary_f64 = bitfast_accurate_##f##_f64,                                                                          \
     .unary_f32 = bitfast_accurate_##f##_f32},
#define BINARY(f)                                                                                                      \
    {.name = #f,                                                                                                       \
     .arguments = 2,                                                                                                   \
     .binary = mpfr_##f,                                                                                               \
     .binary_f64 = bitfast_accurate_##f##_f64,                                                                         \
     .binary_f32 = bitfast_accurate_##f##_f32},
#include "../../native/functions.h"
};

/* Binary exponents of the magnitudes where a function has most to do. */
static const struct { const char *name; int low, high; } RANGES[] = {
    {"exp", -20, 9},    {"exp2", -20, 10},  {"exp10", -20, 8},  {"expm1", -60, 9},  {"log", -60, 60},
    {"log2", -60, 60},  {"log10", -60, 60}, {"log1p", -60, 60}, {"pow", -8, 8},     {"sin", -30, 60},
    {"cos", -30, 60},   {"tan", -30, 60},   {"sinh", -30, 9},   {"cosh", -30, 9},   {"tanh", -30, 5},
    {"asin", -30, -1},  {"acos", -30, -1},  {"atan", -30, 60},  {"atan2", -30, 30}, {"cbrt", -60, 60},
    {"hypot", -30, 30}, {"rsqrt", -60, 60}, {"erf", -30, 2},
    {"asinh", -110, 60}, {"acosh", 0, 60}, {"atanh", -110, -1},
};

static const struct function *function;
static bool narrow; /* float32 */
static int precision, largest, range_low, range_high;
static bool check_status = true, from_flags;
static void *symbol; /* of a library */
static uint64_t checked, wrong;
static mpfr_t first, second, result;

/* Encodings. An argument is its bits in the format that is tested. */

static double f64_of(uint64_t bits) { double x; memcpy(&x, &bits, sizeof x); return x; }
static float f32_of(uint64_t bits) { uint32_t b = (uint32_t)bits; float x; memcpy(&x, &b, sizeof x); return x; }
static uint64_t bits_of_f64(double x) { uint64_t bits; memcpy(&bits, &x, sizeof bits); return bits; }
static uint64_t bits_of_f32(float x) { uint32_t bits; memcpy(&bits, &x, sizeof bits); return bits; }
static uint64_t encoded(double x) { return narrow ? bits_of_f32((float)x) : bits_of_f64(x); }
static uint64_t sign_bit(void) { return (uint64_t)1 << (narrow ? 31 : 63); }
static uint64_t infinity(void) { return (uint64_t)(2 * largest + 1) << (precision - 1); }
static uint64_t magnitude(uint64_t bits) { return bits & (sign_bit() - 1); }
static bool is_nan(uint64_t bits) { return magnitude(bits) > infinity(); }
static bool is_signalling(uint64_t bits) { return is_nan(bits) && !(bits >> (precision - 2) & 1); }

/* ±significand·2^exponent; what does not fit the format becomes what conversion makes of it. */
static uint64_t number(bool negative, uint64_t significand, int exponent) {
    double x = ldexp((double)significand, exponent);
    return encoded(negative ? -x : x);
}

static void set(mpfr_t to, uint64_t bits) {
    if (is_nan(bits)) mpfr_set_nan(to);
    else if (narrow) mpfr_set_flt(to, f32_of(bits), MPFR_RNDN);
    else mpfr_set_d(to, f64_of(bits), MPFR_RNDN);
}

static uint64_t wanted(uint64_t x, uint64_t y, unsigned *status) {
    uint64_t nan = infinity() | (uint64_t)1 << (precision - 2);
    bool two = function->arguments == 2;
    *status = STATUS_INVALID;
    if (is_signalling(x) || (two && is_signalling(y))) return nan;
    *status = 0;
    set(first, x);
    set(second, y);
    mpfr_clear_flags();
    int ternary = two ? function->binary(result, first, second, MPFR_RNDN) : function->unary(result, first, MPFR_RNDN);
    ternary = mpfr_check_range(result, ternary, MPFR_RNDN);
    ternary = mpfr_subnormalize(result, ternary, MPFR_RNDN);
    if (mpfr_nan_p(result)) {
        if (!is_nan(x) && !(two && is_nan(y))) *status = STATUS_INVALID;
        return nan;
    }
    uint64_t bits = narrow ? bits_of_f32(mpfr_get_flt(result, MPFR_RNDN)) : bits_of_f64(mpfr_get_d(result, MPFR_RNDN));
    if (mpfr_divby0_p()) *status |= STATUS_DIVIDE_BY_ZERO;
    else if (mpfr_inf_p(result) && ternary) *status |= STATUS_OVERFLOW;
    if (ternary && magnitude(bits) >> (precision - 1) == 0) *status |= STATUS_UNDERFLOW;
    return bits;
}

static unsigned raised(void) {
    int flags = fetestexcept(FE_ALL_EXCEPT);
    return (flags & FE_INVALID ? STATUS_INVALID : 0) | (flags & FE_DIVBYZERO ? STATUS_DIVIDE_BY_ZERO : 0)
         | (flags & FE_OVERFLOW ? STATUS_OVERFLOW : 0) | (flags & FE_UNDERFLOW ? STATUS_UNDERFLOW : 0);
}

static uint64_t computed(uint64_t x, uint64_t y, unsigned *status) {
    uint64_t bits;
    *status = 0;
    if (symbol) {
        feclearexcept(FE_ALL_EXCEPT);
        if (function->arguments == 2)
            bits = narrow ? bits_of_f32(((scalar_binary_f32 *)symbol)(f32_of(x), f32_of(y)))
                          : bits_of_f64(((scalar_binary_f64 *)symbol)(f64_of(x), f64_of(y)));
        else
            bits = narrow ? bits_of_f32(((scalar_unary_f32 *)symbol)(f32_of(x)))
                          : bits_of_f64(((scalar_unary_f64 *)symbol)(f64_of(x)));
        *status = raised();
    } else if (function->arguments == 2) {
        bits = narrow ? bits_of_f32(function->binary_f32(f32_of(x), f32_of(y), status))
                      : bits_of_f64(function->binary_f64(f64_of(x), f64_of(y), status));
    } else {
        bits = narrow ? bits_of_f32(function->unary_f32(f32_of(x), status))
                      : bits_of_f64(function->unary_f64(f64_of(x), status));
    }
    return bits;
}

static void check(uint64_t x, uint64_t y) {
    unsigned got_status, want_status;
    uint64_t got = computed(x, y, &got_status), want = wanted(x, y, &want_status);
    ++checked;
    if (got == want && (!check_status || got_status == want_status)) return;
    if (++wrong > 20) return;
    int digits = narrow ? 8 : 16;
    printf("%s(0x%0*" PRIx64, function->name, digits, x);
    if (function->arguments == 2) printf(", 0x%0*" PRIx64, digits, y);
    printf(") got 0x%0*" PRIx64 " want 0x%0*" PRIx64, digits, got, digits, want);
    printf("  (%a", narrow ? (double)f32_of(x) : f64_of(x));
    if (function->arguments == 2) printf(", %a", narrow ? (double)f32_of(y) : f64_of(y));
    printf(")");
    if (check_status) printf(" status got %u want %u", got_status, want_status);
    printf("\n");
}

static void check_signs(uint64_t x) {
    check(x, 0);
    check(x ^ sign_bit(), 0);
}

/* Random numbers: Vigna's splitmix64. */
static uint64_t state;
static uint64_t draw(void) {
    uint64_t z = state += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}
static uint64_t below(uint64_t n) { return draw() % n; }
static int between(int low, int high) { return low + (int)below((uint64_t)(high - low + 1)); }

static const double LANDMARKS[] = {
    /* exp: overflow, 0, subnormal */
    0x1.62e42fefa39efp9, -0x1.74910d52d3051p9, -0x1.6232bdd7abcd2p9, 0x1.62e42ep6, -0x1.9fe368p6, -0x1.5d589ep6,
    /* exp2, exp10 */
    1024, -1022, -1074, -1075, 128, -126, -149, -150, 0x1.34413509f79fep8, -0x1.439b746e36b52p8, -0x1.33a7146f72a42p8,
    38.53184, -44.8534698,
    /* sinh, cosh, tanh, expm1 */
    0x1.633ce8fb9f87dp9, 89.415985, 0x1.2b708872320e2p4, 22, 9.01, 37.4, 17.3, 36.7,
    1, 0.5, 0.25, 0.75, 2, 3, 0.7071067811865476, 0.8660254037844386, 1.4142135623730951, 2.718281828459045,
    0.36787944117144233, 0.7853981633974483, 1.5707963267948966, 2.356194490192345, 3.141592653589793,
    4.71238898038469, 6.283185307179586, 11, 22, 33, 355, 710, 0x1.6ac5b262ca1ffp849, 0x1.921fb54442d18p1000, 1e5,
    1e15, 1e16, 1e22, 1e-8, 1e-16, 0x1p-1022, 0x1p-126, 0x1.7afb48dc96626p2, 0x1.f5a888p1, 0x1p-26, 0x1p-27, 0x1p-28,
    0x1p-52, 0x1p-53, 0x1p-54, 0x1p-11, 0x1p-12, 0x1p-13, 0x1p-24, 0x1p-25,
};
#define LENGTH(array) (sizeof(array) / sizeof *(array))

/* The encodings that have a name: zeros, infinities, NaNs quiet and signalling, and the ends of the subnormal and
   normal numbers. */
static uint64_t special(int index) {
    uint64_t quiet = (uint64_t)1 << (precision - 2), normal = (uint64_t)1 << (precision - 1);
    const uint64_t all[] = {
        0, infinity(), infinity() | quiet, infinity() | quiet | 5, infinity() | 1, infinity() | (quiet >> 1), 1,
        2, 3, normal - 1, normal, normal + 1, normal >> 1, infinity() - 1, infinity() - 2, infinity() - normal,
        encoded(1), encoded(1) + 1, encoded(1) - 1, encoded(0.5), encoded(1.5), encoded(2), encoded(3),
        encoded(4), encoded(0.75)
    };
    index %= (int)(2 * LENGTH(all));
    return all[index / 2] | (index % 2 ? sign_bit() : 0);
}
enum { SPECIALS = 50 };

static uint64_t near_landmark(void) {
    uint64_t bits = encoded(LANDMARKS[below(LENGTH(LANDMARKS))]);
    if (magnitude(bits) && magnitude(bits) < infinity()) bits += (uint64_t)(int64_t)between(-3, 3);
    return below(2) ? bits : bits ^ sign_bit();
}

/* A number with random significand, or one of few bits, and an exponent between two. */
static uint64_t in_range(int low, int high, int bits) {
    uint64_t significand = (uint64_t)1 << (bits - 1) | below((uint64_t)1 << (bits - 1));
    return number(below(2), significand, between(low, high) - bits + 1);
}

static uint64_t any_argument(void) {
    switch (below(8)) {
    case 0: return near_landmark();
    case 1: return draw() & (2 * sign_bit() - 1);
    case 2: return in_range(-largest - precision + 2, largest, between(1, precision));
    case 3: return in_range(range_low, range_high, between(1, 20));
    case 4: return number(below(2), below(2000), -(int)below(3));
    default: return in_range(range_low, range_high, precision);
    }
}

/* Pairs with a structure: what makes exact results, midpoints, cancellations and ends of the range likely. */
static void pair(uint64_t *x, uint64_t *y) {
    *x = any_argument(), *y = any_argument();
    uint64_t kind = below(8);
    if (!strcmp(function->name, "pow")) {
        int k = between(1, 40), root = between(0, 4);
        uint64_t base = 1 + 2 * below(1 << (48 / k < 20 ? 48 / k : 20)), power = 1;
        switch (kind) {
        case 0: *y = number(below(2), below(200), -(int)below(5)); break;
        case 1: *x = in_range(-1, 0, between(1, 12)), *y = number(below(2), below(64), -(int)below(4)); break;
        case 2:
            *x = encoded(1) + (uint64_t)(int64_t)between(-1000, 1000),
            *y = in_range(precision - 16, precision + 8, precision);
            break;
        case 3: /* a power of two to a power that is exact or a midpoint, also near the ends */
            *x = number(below(2), 1, between(-largest, largest)), *y = number(below(2), below(300), -between(0, 8));
            break;
        case 4: /* base^(2^root) to the power k/2^root */
            for (int i = 0; i < 1 << root; ++i) power *= base;
            if (power < (uint64_t)1 << precision)
                *x = number(false, power, between(-3, 3) * (1 << root)), *y = number(below(2), (uint64_t)k, -root);
            break;
        case 5: *x = in_range(-largest, largest, precision), *y = encoded(below(2) ? 0.5 : 2.0); break;
        case 6: { /* results about the ends of the range */
            double e = narrow ? (below(2) ? 128.0 : -149.5) : (below(2) ? 1024.0 : -1074.5),
                   l = log2(fabs(narrow ? (double)f32_of(*x) : f64_of(*x)));
            *y = encoded(e / l) + (uint64_t)(int64_t)between(-4, 4); break;
        }
        default: break;
        }
        return;
    }
    int apart = between(0, precision + 12), bits = between(1, precision);
    switch (kind) {
    case 0: *x = in_range(0, 1, precision), *y = in_range(0, 1, precision); break;
    case 1: *x = in_range(0, 0, precision), *y = in_range(-apart, -apart, precision); break;
    case 2: *x = in_range(-apart, -apart, bits), *y = in_range(0, 0, precision); break;
    case 3: { /* Pythagorean triples and their neighbours, over the whole range of exponents */
        uint64_t m = 2 + below((uint64_t)1 << (precision / 2 - 1)), n = 1 + below(m - 1);
        int e = between(-largest - precision, largest - precision - 1);
        *x = number(below(2), m * m - n * n, e), *y = number(below(2), 2 * m * n, e);
        if (below(2)) *x += 1;
        break;
    }
    case 4:
        *x = in_range(-largest - precision + 2, -largest, bits),
        *y = in_range(-largest - precision + 2, -largest, precision);
        break;
    case 5: *x = in_range(largest - 2, largest, precision), *y = in_range(largest - apart, largest, precision); break;
    case 6: /* quotients that are subnormal, exact or midpoints */
        *x = in_range(-largest - 2, -largest + precision, bits),
        *y = number(below(2), 1 + 2 * below(4), between(-3, precision));
        break;
    default: break;
    }
}

static void check_all(uint64_t count) {
    if (function->arguments == 2) {
        for (int i = 0; i < SPECIALS; ++i)
            for (int j = 0; j < SPECIALS; ++j) check(special(i), special(j));
        for (uint64_t i = 0; i < count; ++i) {
            uint64_t x, y;
            pair(&x, &y);
            if (below(16) == 0) x = special((int)below(SPECIALS));
            if (below(16) == 0) y = special((int)below(SPECIALS));
            check(x, y);
        }
        return;
    }
    for (int i = 0; i < SPECIALS; ++i) check(special(i), 0);
    for (size_t i = 0; i < LENGTH(LANDMARKS); ++i)
        for (int step = -3; step <= 3; ++step)
            if (magnitude(encoded(LANDMARKS[i])) > 3) check_signs(encoded(LANDMARKS[i]) + (uint64_t)(int64_t)step);
    for (int exponent = -largest - precision + 2; exponent <= largest; ++exponent)
        for (int step = -1; step <= 1; ++step) check_signs(number(false, 1, exponent) + (uint64_t)(int64_t)step);
    for (uint64_t i = 0; i < 400; ++i) check_signs(number(false, i, -1));
    for (uint64_t i = 0; i < count; ++i) check(any_argument(), 0);
}

static void speed(void) {
    enum { N = 2048, ROUNDS = 20 };
    static uint64_t x[N], y[N];
    for (int i = 0; i < N; ++i)
        x[i] = in_range(range_low, range_high, precision), y[i] = in_range(range_low, range_high, precision);
    double best = INFINITY;
    for (int round = 0; round < ROUNDS; ++round) {
        struct timespec start, end;
        unsigned status;
        volatile uint64_t sink;
        clock_gettime(CLOCK_MONOTONIC, &start);
        for (int i = 0; i < N; ++i) sink = computed(x[i], y[i], &status);
        clock_gettime(CLOCK_MONOTONIC, &end);
        (void)sink;
        best = fmin(best, ((double)(end.tv_sec - start.tv_sec) * 1e9 + (double)(end.tv_nsec - start.tv_nsec)) / N);
    }
    printf("%s %s: %.0f ns\n", function->name, narrow ? "f32" : "f64", best);
}

int main(int argc, char **argv) {
    if (argc < 5)
        return fprintf(stderr, "usage: %s NAME f64|f32 COUNT SEED [--library FILE [--flags]] [--speed]\n", argv[0]), 2;
    for (size_t i = 0; i < LENGTH(FUNCTIONS); ++i)
        if (!strcmp(argv[1], FUNCTIONS[i].name)) function = &FUNCTIONS[i];
    for (size_t i = 0; i < LENGTH(RANGES); ++i)
        if (!strcmp(argv[1], RANGES[i].name)) range_low = RANGES[i].low, range_high = RANGES[i].high;
    if (!function) return fprintf(stderr, "no function %s\n", argv[1]), 2;
    narrow = !strcmp(argv[2], "f32");
    precision = narrow ? 24 : 53, largest = narrow ? 127 : 1023;
    state = strtoull(argv[4], NULL, 0);
    const char *file = NULL;
    bool timed = false;
    for (int i = 5; i < argc; ++i) {
        if (!strcmp(argv[i], "--library") && i + 1 < argc) file = argv[++i];
        else if (!strcmp(argv[i], "--through") && i + 1 < argc && !strcmp(argv[i + 1], "accurate")) ++i;
        else if (!strcmp(argv[i], "--flags")) from_flags = true;
        else if (!strcmp(argv[i], "--speed")) timed = true;
        else return fprintf(stderr, "unknown option %s\n", argv[i]), 2;
    }
    if (file) {
        char name[64];
        void *library = dlopen(file, RTLD_NOW);
        if (!library) return fprintf(stderr, "%s\n", dlerror()), 2;
        snprintf(name, sizeof name, "bitfast_%s%s", function->name, narrow ? "f" : "");
        if (!(symbol = dlsym(library, name))) return fprintf(stderr, "%s\n", dlerror()), 2;
        check_status = from_flags;
    } else if (function->arguments == 2 ? !function->binary_f64 : !function->unary_f64) {
        return fprintf(stderr, "the accurate %s is not linked in\n", function->name), 2;
    }
    if (timed) return speed(), 0;
    mpfr_set_emin(3 - largest - precision), mpfr_set_emax(largest + 1);
    mpfr_inits2(precision, first, second, result, (mpfr_ptr)0);
    check_all(strtoull(argv[3], NULL, 0));
    printf("%s %s: %" PRIu64 " arguments, %" PRIu64 " wrong\n", function->name, argv[2], checked, wrong);
    return wrong != 0;
}
