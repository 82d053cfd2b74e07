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

int main(void) {
    for (int level = 0; bitfast_level_name(level); ++level) {
        bitfast_use_level(bitfast_level_name(level));
        CHECK(cases, double)
        CHECK(cases_f, float)
        other_environments();
    }
    printf("%d wrong\n", failures);
    return failures != 0;
}
