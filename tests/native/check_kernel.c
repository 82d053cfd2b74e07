/* One kernel against MPFR, and how fast it is: the tool for writing a function.

   cc … -DBITFAST_LEVEL=v4 -DFUNCTION=exp tests/native/check_kernel.c native/elementary/exp.c -lmpfr -lm   (see check_kernel.sh)
       f32 [PART PARTS]          every float32 argument (of part PART of PARTS; two-argument functions: random pairs)
       f64 COUNT SEED LOW HIGH   random float64 arguments, spread evenly over the doubles between LOW and HIGH, both signs
       speed LOW HIGH            nanoseconds per element at 8192 elements, LOW <= x < HIGH uniform

   The accurate path is stood in for by MPFR here, so that only the kernel's own answers are judged; how many lanes it leaves undecided
   is counted. To be fast, a result is first taken from the C library in the next wider format: if the neighbourhood of that result, wide enough for
   any error the library is known to make (64 ulp for double, 8 ulp for x87's extended format; Zimmermann et al., "Accuracy of Mathematical Functions
   in Single, Double, Double Extended, and Quadruple Precision"), rounds to one number, that number is expected; else MPFR decides. */
#define _GNU_SOURCE
#include <fenv.h>
#include <math.h>
#include <mpfr.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../../native/levels.h"

#define CONCATENATED(a, b, c) a##b##c
#define NAMED(a, b, c) CONCATENATED(a, b, c)
#define TEXT_(a) #a
#define TEXT(a) TEXT_(a)

static double rsqrt(double x) { return 1 / sqrt(x); }
static long double rsqrtl(long double x) { return 1 / sqrtl(x); }
static int mpfr_rsqrt(mpfr_t y, const mpfr_t x, mpfr_rnd_t r) { return mpfr_rec_sqrt(y, x, r); }

static unsigned long undecided;

static double subnormal_f64(mpfr_t y, int ternary) {
    mpfr_set_emin(-1073), mpfr_set_emax(1024);
    ternary = mpfr_check_range(y, ternary, MPFR_RNDN);
    mpfr_subnormalize(y, ternary, MPFR_RNDN);
    double result = mpfr_get_d(y, MPFR_RNDN);
    mpfr_set_emin(mpfr_get_emin_min()), mpfr_set_emax(mpfr_get_emax_max());
    return isnan(result) ? NAN : result;
}

static float subnormal_f32(mpfr_t y, int ternary) {
    mpfr_set_emin(-148), mpfr_set_emax(128);
    ternary = mpfr_check_range(y, ternary, MPFR_RNDN);
    mpfr_subnormalize(y, ternary, MPFR_RNDN);
    float result = mpfr_get_flt(y, MPFR_RNDN);
    mpfr_set_emin(mpfr_get_emin_min()), mpfr_set_emax(mpfr_get_emax_max());
    return isnan(result) ? NAN : result;
}

#ifdef TWO_ARGUMENTS
#define PARAMETERS(T) T x, T y
#define PASSED x, y
#define APPLIED(r, e) NAMED(mpfr_, FUNCTION, )(r, a, b, e)
#else
#define PARAMETERS(T) T x
#define PASSED x
#define APPLIED(r, e) NAMED(mpfr_, FUNCTION, )(r, a, e)
#endif

static double exact_f64(PARAMETERS(double)) {
    mpfr_t a, b, r;
    mpfr_init2(a, 53), mpfr_init2(b, 53), mpfr_init2(r, 53);
    mpfr_set_d(a, x, MPFR_RNDN);
#ifdef TWO_ARGUMENTS
    mpfr_set_d(b, y, MPFR_RNDN);
#endif
    int ternary = APPLIED(r, MPFR_RNDN);
    double result = subnormal_f64(r, ternary);
    mpfr_clear(a), mpfr_clear(b), mpfr_clear(r);
    return result;
}

static float exact_f32(PARAMETERS(float)) {
    mpfr_t a, b, r;
    mpfr_init2(a, 24), mpfr_init2(b, 24), mpfr_init2(r, 24);
    mpfr_set_flt(a, x, MPFR_RNDN);
#ifdef TWO_ARGUMENTS
    mpfr_set_flt(b, y, MPFR_RNDN);
#endif
    int ternary = APPLIED(r, MPFR_RNDN);
    float result = subnormal_f32(r, ternary);
    mpfr_clear(a), mpfr_clear(b), mpfr_clear(r);
    return result;
}

double NAMED(bitfast_accurate_, FUNCTION, _f64)(PARAMETERS(double), unsigned *status) { (void)status, ++undecided; return exact_f64(PASSED); }
float NAMED(bitfast_accurate_, FUNCTION, _f32)(PARAMETERS(float), unsigned *status) { (void)status, ++undecided; return exact_f32(PASSED); }
void bitfast_raise(unsigned status) { (void)status; }

static float expected_f32(PARAMETERS(float)) {
    double near = FUNCTION(PASSED), margin = fabs(near) * 0x1p-46;
    float low = (float)(near - margin), high = (float)(near + margin);
    if (isnan(near)) return NAN;
    return low == high ? low : exact_f32(PASSED);
}

static double expected_f64(PARAMETERS(double)) {
    long double near = NAMED(, FUNCTION, l)(PASSED), margin = fabsl(near) * 0x1p-60L;
    double low = (double)(near - margin), high = (double)(near + margin);
    return low == high && fabs(low) > 0x1p-1000 && isfinite(low) ? low : exact_f64(PASSED);
}

static uint64_t random_state;
static uint64_t random_bits(void) {
    uint64_t z = random_state += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

static double between(double low, double high) {
    uint64_t a, b;
    memcpy(&a, &low, 8), memcpy(&b, &high, 8);
    uint64_t bits = a + (uint64_t)(((unsigned __int128)random_bits() * (b - a + 1)) >> 64);
    double x;
    memcpy(&x, &bits, 8);
    return random_bits() & 1 ? x : -x;
}

enum { BLOCK = 8192 };
#ifdef BITFAST_SCALAR
double ENTRY(scalar_f64)(PARAMETERS(double));
float ENTRY(scalar_f32)(PARAMETERS(float));
#elif defined TWO_ARGUMENTS
array_binary_f64 ENTRY(array_f64);
array_binary_f32 ENTRY(array_f32);
#else
array_unary_f64 ENTRY(array_f64);
array_unary_f32 ENTRY(array_f32);
#endif
static double x64[BLOCK], y64[BLOCK], got64[BLOCK];
static float x32[BLOCK], y32[BLOCK], got32[BLOCK];

static void run_f64(size_t n) {
#ifdef BITFAST_SCALAR
#ifdef TWO_ARGUMENTS
    for (size_t i = 0; i < n; ++i) got64[i] = ENTRY(scalar_f64)(x64[i], y64[i]);
#else
    for (size_t i = 0; i < n; ++i) got64[i] = ENTRY(scalar_f64)(x64[i]);
#endif
#elif defined TWO_ARGUMENTS
    ENTRY(array_f64)(x64, y64, got64, n);
#else
    ENTRY(array_f64)(x64, got64, n);
#endif
}

static void run_f32(size_t n) {
#ifdef BITFAST_SCALAR
#ifdef TWO_ARGUMENTS
    for (size_t i = 0; i < n; ++i) got32[i] = ENTRY(scalar_f32)(x32[i], y32[i]);
#else
    for (size_t i = 0; i < n; ++i) got32[i] = ENTRY(scalar_f32)(x32[i]);
#endif
#elif defined TWO_ARGUMENTS
    ENTRY(array_f32)(x32, y32, got32, n);
#else
    ENTRY(array_f32)(x32, got32, n);
#endif
}

static unsigned long wrong, done;

static void judge_f64(void) {
    run_f64(BLOCK);
    for (size_t i = 0; i < BLOCK; ++i, ++done) {
#ifdef TWO_ARGUMENTS
        double want = expected_f64(x64[i], y64[i]);
#else
        double want = expected_f64(x64[i]);
#endif
        if (memcmp(&want, got64 + i, 8) && ++wrong <= 20) printf("%a %a got %a want %a\n", x64[i], y64[i], got64[i], want);
    }
}

static void judge_f32(void) {
    run_f32(BLOCK);
    for (size_t i = 0; i < BLOCK; ++i, ++done) {
#ifdef TWO_ARGUMENTS
        float want = expected_f32(x32[i], y32[i]);
#else
        float want = expected_f32(x32[i]);
#endif
        if (memcmp(&want, got32 + i, 4) && ++wrong <= 20) printf("%a %a got %a want %a\n", x32[i], y32[i], got32[i], want);
    }
}

static double now(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return t.tv_sec + 1e-9 * t.tv_nsec; }

static double fastest(void run(size_t)) {
    double best = 1e9;
    for (int round = 0; round < 200; ++round) {
        double start = now();
        run(BLOCK);
        double took = (now() - start) / BLOCK * 1e9;
        if (took < best) best = took;
    }
    return best;
}

static void library_f64(size_t n) {
    for (size_t i = 0; i < n; ++i)
#ifdef TWO_ARGUMENTS
        got64[i] = FUNCTION(x64[i], y64[i]);
#else
        got64[i] = FUNCTION(x64[i]);
#endif
}

static void library_f32(size_t n) {
    for (size_t i = 0; i < n; ++i)
#ifdef TWO_ARGUMENTS
        got32[i] = NAMED(, FUNCTION, f)(x32[i], y32[i]);
#else
        got32[i] = NAMED(, FUNCTION, f)(x32[i]);
#endif
}

int main(int argc, char **argv) {
    const char *command = argc > 1 ? argv[1] : "";
    if (!strcmp(command, "f32")) {
        uint64_t part = argc > 3 ? strtoull(argv[2], 0, 0) : 0, parts = argc > 3 ? strtoull(argv[3], 0, 0) : 1;
        for (uint64_t block = part; block < (1ull << 32) / BLOCK; block += parts) {
            random_state = block * 0x5851f42d4c957f2d;
            for (uint32_t i = 0; i < BLOCK; ++i) {
                uint32_t b = (uint32_t)(block * BLOCK + i), c = (uint32_t)random_bits();
#ifdef TWO_ARGUMENTS
                b = (uint32_t)random_bits();
#endif
                memcpy(x32 + i, &b, 4), memcpy(y32 + i, &c, 4);
            }
            judge_f32();
        }
    } else if (!strcmp(command, "f64") && argc == 6) {
        random_state = strtoull(argv[3], 0, 0);
        for (uint64_t left = strtoull(argv[2], 0, 0) / BLOCK + 1; left--;) {
            for (size_t i = 0; i < BLOCK; ++i) x64[i] = between(atof(argv[4]), atof(argv[5])), y64[i] = between(atof(argv[4]), atof(argv[5]));
            judge_f64();
        }
    } else if (!strcmp(command, "speed") && argc == 4) {
        double low = atof(argv[2]), high = atof(argv[3]);
        for (size_t i = 0; i < BLOCK; ++i) {
            x32[i] = x64[i] = low + (high - low) * (random_bits() >> 11) * 0x1p-53;
            y32[i] = y64[i] = low + (high - low) * (random_bits() >> 11) * 0x1p-53;
        }
        double f64 = fastest(run_f64), f32 = fastest(run_f32), c64 = fastest(library_f64), c32 = fastest(library_f32);
        printf("%s at " TEXT(BITFAST_LEVEL) ": float64 %.2f ns (C library %.2f), float32 %.2f ns (C library %.2f)\n", TEXT(FUNCTION), f64, c64, f32, c32);
        return 0;
    } else {
        fprintf(stderr, "usage: %s f32 [PART PARTS] | f64 COUNT SEED LOW HIGH | speed LOW HIGH\n", argv[0]);
        return 2;
    }
    printf("%lu wrong of %lu, %lu undecided\n", wrong, done, undecided);
    return wrong != 0;
}
