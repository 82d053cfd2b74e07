/* Array calls and the floating-point environment: flags raised for a cause and only then, and any rounding mode and
   flushing of the caller's neither used nor lost. */
#include "nasty.h"

#include <bitfast.h>

#include <fenv.h>
#include <math.h>
#include <stdio.h>
#if defined __x86_64__
#include <immintrin.h>
#endif

static const int flags = FE_INVALID | FE_DIVBYZERO | FE_OVERFLOW | FE_UNDERFLOW;
static int failures;

static const struct { const char *name; void (*f)(size_t, const double *, ptrdiff_t, double *, ptrdiff_t); double x; int raised; } cases[] = {
    {"exp", bitfast_exp_array, 1, 0},
    {"exp", bitfast_exp_array, 1000, FE_OVERFLOW},
    {"exp", bitfast_exp_array, -1000, FE_UNDERFLOW},
    {"exp", bitfast_exp_array, -740, FE_UNDERFLOW},
    {"exp", bitfast_exp_array, -INFINITY, 0},
    {"exp", bitfast_exp_array, NAN, 0},
    {"log", bitfast_log_array, 0, FE_DIVBYZERO},
    {"log", bitfast_log_array, -1, FE_INVALID},
    {"log", bitfast_log_array, 0x1p-1074, 0},
    {"sqrt", bitfast_sqrt_array, -1, FE_INVALID},
    {"sqrt", bitfast_sqrt_array, -0.0, 0},
    {"sin", bitfast_sin_array, INFINITY, FE_INVALID},
    {"sin", bitfast_sin_array, 0x1p-1074, FE_UNDERFLOW},
    {"sin", bitfast_sin_array, 0, 0},
    {"rint", bitfast_rint_array, 0.5, 0},
};
static const struct { const char *name; void (*f)(size_t, const float *, ptrdiff_t, float *, ptrdiff_t); float x; int raised; } cases_f[] = {
    {"expf", bitfast_expf_array, 1, 0},
    {"expf", bitfast_expf_array, 100, FE_OVERFLOW},
    {"expf", bitfast_expf_array, -200, FE_UNDERFLOW},
    {"expf", bitfast_expf_array, -90, FE_UNDERFLOW},
    {"expf", bitfast_expf_array, -INFINITY, 0},
    {"logf", bitfast_logf_array, 0, FE_DIVBYZERO},
    {"logf", bitfast_logf_array, -1, FE_INVALID},
    {"logf", bitfast_logf_array, 0x1p-149f, 0},
    {"sqrtf", bitfast_sqrtf_array, -1, FE_INVALID},
};

/* One special element among ordinary ones, at several places. */
#define CHECK(table, real) \
    for (size_t c = 0; c < sizeof table / sizeof table[0]; ++c) \
        for (int place = 0; place < 19; place += 6) { \
            real x[19], r[19]; \
            for (int i = 0; i < 19; ++i) x[i] = i == place ? table[c].x : (real)0.75; \
            feclearexcept(FE_ALL_EXCEPT); \
            table[c].f(19, x, 1, r, 1); \
            int raised = fetestexcept(flags); \
            if (raised != table[c].raised) \
                ++failures, printf("%s %s(%a): flags %#x, not %#x\n", bitfast_level(), table[c].name, (double)table[c].x, \
                                   (unsigned)raised, (unsigned)table[c].raised); \
            feclearexcept(FE_ALL_EXCEPT); \
            feraiseexcept(FE_DIVBYZERO); \
            table[c].f(19, x, -1 + 1, r, 1); \
            if (!fetestexcept(FE_DIVBYZERO)) ++failures, printf("%s: an earlier flag is lost\n", table[c].name); \
        }

static void other_environments(void) {
    static const int modes[] = {FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO};
    double x[200], want[200], got[200];
    for (int i = 0; i < 200; ++i) x[i] = i < 150 ? nasty_f64(8) : -700.0 - i / 4.0;
    bitfast_exp_array(200, x, 1, want, 1);
    for (int m = 0; m < 3; ++m) {
        fesetround(modes[m]);
        bitfast_exp_array(200, x, 1, got, 1);
        if (fegetround() != modes[m]) ++failures, printf("rounding mode %d is lost\n", modes[m]);
        fesetround(FE_TONEAREST);
        if (memcmp(got, want, sizeof got) != 0) ++failures, printf("%s: rounding mode %d is used\n", bitfast_level(), modes[m]);
    }
#if defined __x86_64__
    _mm_setcsr(_mm_getcsr() | 0x8040);  /* flush to zero, denormals are zero */
    bitfast_exp_array(200, x, 1, got, 1);
    if ((_mm_getcsr() & 0x8040) != 0x8040) ++failures, printf("flush to zero is lost\n");
    _mm_setcsr(_mm_getcsr() & ~0x8040u);
    if (memcmp(got, want, sizeof got) != 0) ++failures, printf("%s: flush to zero is used\n", bitfast_level());
#endif
}

/* Scalar calls, by Annex F's rules: invalid where NaN comes from none, divide-by-zero at poles, overflow where infinity
   comes from finite numbers elsewhere, and never otherwise. Underflow and inexact may be raised without cause. */
static void check_scalar(const char *name, double x, double y, double result, int raised) {
    int wanted = 0, pole = x == 0 || y == 0 || (strncmp(name, "log1p", 5) == 0 && x == -1) ||
                           (strncmp(name, "atanh", 5) == 0 && fabs(x) == 1);
    if (isnan(result) && !isnan(x) && !isnan(y)) wanted = FE_INVALID;
    if (isinf(result) && isfinite(x) && (isfinite(y) || strncmp(name, "nextafter", 9) == 0)) wanted = pole ? FE_DIVBYZERO : FE_OVERFLOW;
    if (strncmp(name, "pow", 3) == 0 && x == 0 && isinf(y)) raised &= ~FE_DIVBYZERO;  /* F.10.4.4: may be raised */
    if (raised == wanted) return;
    ++failures;
    printf("%s %s(%a, %a) = %a: flags %#x, not %#x\n", bitfast_level(), name, x, y, result, (unsigned)raised,
           (unsigned)wanted);
}

static const double specials[] = {NAN, INFINITY, -INFINITY, 0.0, -0.0, 0x1.fffffffffffffp1023, -0x1.fffffffffffffp1023,
                                  0x1p-1074, -0x1p-1074, 0x1p1022, -0x1p1020, 0x1.fffffep127, -0x1.fffffep127, 0x1p-149,
                                  1, -1, 2, 0.5, -745.2, 709.8, 710.5, 1000, -1000, 89.5, -104, 1024, -1076, 3e15};
enum { SPECIALS = sizeof specials / sizeof *specials };

#define CALLED(name, real, call) { \
        feclearexcept(FE_ALL_EXCEPT); \
        volatile real result = call; \
        int raised = fetestexcept(FE_INVALID | FE_DIVBYZERO | FE_OVERFLOW); \
        check_scalar(name, (double)x, (double)y, (double)result, raised); \
    }
#define OF_ONE(name, function, real) \
    for (int i = 0; i < SPECIALS; ++i) { \
        volatile real x = (real)specials[i], y = 1; \
        CALLED(name, real, function(x)) \
    }
#define OF_TWO(name, function, real) \
    for (int i = 0; i < SPECIALS; ++i) \
        for (int k = 0; k < SPECIALS; ++k) { \
            volatile real x = (real)specials[i], y = (real)specials[k]; \
            CALLED(name, real, function(x, y)) \
        }

static void scalar_calls(void) {
#define UNARY(name) OF_ONE(#name, bitfast_##name, double) OF_ONE(#name "f", bitfast_##name##f, float)
#define BINARY(name) OF_TWO(#name, bitfast_##name, double) OF_TWO(#name "f", bitfast_##name##f, float)
#define UNARY_EXACT UNARY
#define BINARY_EXACT BINARY
#include "../../native/functions.h"
    for (int i = 0; i < SPECIALS; ++i) {
        volatile double x = specials[i], y = 1;
        double whole;
        int32_t exponent;
        CALLED("modf", double, bitfast_modf(x, &whole))
        CALLED("frexp", double, bitfast_frexp(x, &exponent))
    }
    volatile double x = 0x1.fffffffffffffp63, y = 1;
    CALLED("to_uint64", double, (double)bitfast_to_uint64(x))
}

/* What is exact does not underflow, whatever was computed before, by whom, and beside what. */
static void exact_subnormals(void) {
    enum { MOST = 1 << 18 };
    static double x[MOST], y[MOST], r[MOST];
    static const size_t sizes[] = {1, 9, MOST};
    for (size_t i = 0; i < MOST; ++i) x[i] = 0x1p-1074, y[i] = 1;
    for (int threads = 1; threads <= 4; ++threads)
        for (int s = 0; s < 3; ++s)
            for (int round = 0; round < 2; ++round) {
                bitfast_set_num_threads(threads);
                bitfast_pow_array(MOST, x, 1, (const double[]){1.5}, 0, r, 1);
                feclearexcept(FE_ALL_EXCEPT);
                bitfast_pow_array(sizes[s], x, 1, y, 1, r, 1);
                bitfast_exp2_array(sizes[s], (const double[]){-1074}, 0, r, 1);
                if (fetestexcept(flags))
                    ++failures, printf("%s: %zu exact subnormals on %d threads raise %#x\n", bitfast_level(), sizes[s],
                                       threads, (unsigned)fetestexcept(flags));
            }
    bitfast_set_num_threads(0);
}

int main(void) {
    for (int level = 0; bitfast_level_name(level); ++level) {
        bitfast_use_level(bitfast_level_name(level));
        CHECK(cases, double)
        CHECK(cases_f, float)
        other_environments();
        scalar_calls();
        exact_subnormals();
    }
    printf("%d wrong\n", failures);
    return failures != 0;
}
