/* One kernel against MPFR, and how fast it is: the tool for writing a function.

   cc … -DBITFAST_LEVEL=v4 -DFUNCTION=exp tests/native/check_kernel.c native/elementary/exp.c -lmpfr -lm   (see check_kernel.sh)
       f32 [PART PARTS]          every float32 argument (of part PART of PARTS; two-argument functions: random pairs)
       f64 COUNT SEED LOW HIGH   random float64 arguments, spread evenly over the doubles between LOW and HIGH, both signs
       list                      float64 arguments from the standard input, against MPFR alone, both signs
       near COUNT SEED LOW HIGH  the same of float32, every fourth block of whole numbers: for functions of two arguments
       speed LOW HIGH            nanoseconds per element at 8192 elements, LOW <= x < HIGH uniform

   The accurate path is stood in for by the oracle, so that the kernel's own answers are judged; how many lanes it leaves
   undecided is counted. */
#include "oracle.h"

#include <time.h>

#include "../../native/levels.h"

#define CONCATENATED(a, b, c) a##b##c
#define NAMED(a, b, c) CONCATENATED(a, b, c)
#define TEXT_(a) #a
#define TEXT(a) TEXT_(a)
#ifdef TWO_ARGUMENTS
#define PARAMETERS(T) T x, T y
#define PASSED x, y
#define BOTH x, y
#else
#define PARAMETERS(T) T x
#define PASSED x
#define BOTH x, 0
#endif

static const struct function *tested;
static unsigned long undecided;

double NAMED(bitfast_accurate_, FUNCTION, _f64)(PARAMETERS(double), unsigned *status) {
    (void)status, ++undecided;
    return mpfr_f64(tested, BOTH);
}

float NAMED(bitfast_accurate_, FUNCTION, _f32)(PARAMETERS(float), unsigned *status) {
    (void)status, ++undecided;
    return expected_f32(tested, BOTH);
}

void bitfast_raise(unsigned status) { (void)status; }

static uint64_t state;

static double between(double low, double high) {
    uint64_t a, b;
    memcpy(&a, &low, 8), memcpy(&b, &high, 8);
    uint64_t bits = a + (uint64_t)(((unsigned __int128)random_bits(&state) * (b - a + 1)) >> 64);
    double x;
    memcpy(&x, &bits, 8);
    return random_bits(&state) & 1 ? x : -x;
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
        double want = expected_f64(tested, x64[i], y64[i]);
        if (memcmp(&want, got64 + i, 8) && ++wrong <= 20) printf("%a %a got %a want %a\n", x64[i], y64[i], got64[i], want);
    }
}

static int read_f64(size_t i) {
#ifdef TWO_ARGUMENTS
    return scanf("%la %la", x64 + i, y64 + i) == 2;
#else
    return scanf("%la", x64 + i) == 1;
#endif
}

/* One block of arguments from the standard input; false at its end. */
static int judge_listed(void) {
    size_t n = 0;
    while (n + 2 <= BLOCK && read_f64(n)) x64[n + 1] = -x64[n], y64[n + 1] = y64[n], n += 2;
    run_f64(n);
    for (size_t i = 0; i < n; ++i, ++done) {
        double want = by_mpfr(tested, x64[i], y64[i], 53, -1073, 1024);
        if (memcmp(&want, got64 + i, 8) && ++wrong <= 20) printf("%a %a got %a want %a\n", x64[i], y64[i], got64[i], want);
    }
    return n != 0;
}

static void judge_f32(void) {
    run_f32(BLOCK);
    for (size_t i = 0; i < BLOCK; ++i, ++done) {
        float want = expected_f32(tested, x32[i], y32[i]);
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
    tested = function_named(TEXT(FUNCTION));
    if (!strcmp(command, "f32")) {
        uint64_t part = argc > 3 ? strtoull(argv[2], 0, 0) : 0, parts = argc > 3 ? strtoull(argv[3], 0, 0) : 1;
        for (uint64_t block = part; block < (1ull << 32) / BLOCK; block += parts) {
            state = block * 0x5851f42d4c957f2d;
            for (uint32_t i = 0; i < BLOCK; ++i) {
                uint32_t b = (uint32_t)(block * BLOCK + i), c = (uint32_t)random_bits(&state);
#ifdef TWO_ARGUMENTS
                b = (uint32_t)random_bits(&state);
#endif
                memcpy(x32 + i, &b, 4), memcpy(y32 + i, &c, 4);
            }
            judge_f32();
        }
    } else if (!strcmp(command, "f64") && argc == 6) {
        state = strtoull(argv[3], 0, 0);
        for (uint64_t left = strtoull(argv[2], 0, 0) / BLOCK + 1; left--;) {
            for (size_t i = 0; i < BLOCK; ++i) x64[i] = between(atof(argv[4]), atof(argv[5])), y64[i] = between(atof(argv[4]), atof(argv[5]));
            judge_f64();
        }
    } else if (!strcmp(command, "near") && argc == 6) {
        state = strtoull(argv[3], 0, 0);
        for (uint64_t left = strtoull(argv[2], 0, 0) / BLOCK + 1; left--;) {
            for (size_t i = 0; i < BLOCK; ++i) {
                x32[i] = (float)between(atof(argv[4]), atof(argv[5])), y32[i] = (float)between(atof(argv[4]), atof(argv[5]));
                if (left % 4 == 0) x32[i] = rintf(x32[i]), y32[i] = rintf(y32[i]);
            }
            judge_f32();
        }
    } else if (!strcmp(command, "list")) {
        while (judge_listed()) {}
    } else if (!strcmp(command, "speed") && argc == 4) {
        double low = atof(argv[2]), high = atof(argv[3]);
        for (size_t i = 0; i < BLOCK; ++i) {
            x32[i] = x64[i] = low + (high - low) * (random_bits(&state) >> 11) * 0x1p-53;
            y32[i] = y64[i] = low + (high - low) * (random_bits(&state) >> 11) * 0x1p-53;
        }
        double f64 = fastest(run_f64), f32 = fastest(run_f32), c64 = fastest(library_f64), c32 = fastest(library_f32);
        printf("%s at " TEXT(BITFAST_LEVEL) ": float64 %.2f ns (C library %.2f), float32 %.2f ns (C library %.2f)\n", TEXT(FUNCTION), f64, c64, f32, c32);
        return 0;
    } else {
        fprintf(stderr, "usage: %s f32 [PART PARTS] | f64 COUNT SEED LOW HIGH | near COUNT SEED LOW HIGH | list | speed LOW HIGH\n", argv[0]);
        return 2;
    }
    printf("%lu wrong of %lu, %lu undecided\n", wrong, done, undecided);
    return wrong != 0;
}
