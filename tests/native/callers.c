/* Sums, products and BLAS in whatever floating-point environment a caller has: rounding to any side, subnormals flushed;
   one thread and several. The bits are those of the default one, and the caller's environment is as it was, its flags
   included. */
#include <bitfast_arrays.h>
#include <cblas.h>

#include <fenv.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#ifdef __x86_64__
#include <immintrin.h>
#endif

enum { N = 500, BIG = 300000 };
static double x[BIG], y[BIG], c[N * N];
static float xf[BIG], yf[BIG], cf[N * N];
static unsigned char results[1 << 20];
static size_t used;

static void keep(const void *from, size_t n) {
    memcpy(results + used, from, n);
    used += n;
}
#define KEEP(expression) \
    do { \
        __typeof__(expression) kept = (expression); \
        keep(&kept, sizeof kept); \
    } while (0)

static void call_all(size_t n) {
    const size_t m = n < 40 ? n : 40 + n % 7;
    const double two[2] = {2.5, -0.3}, some[2] = {0.7, 1.1};
    bitfast_accumulator a;
    unsigned char bytes[BITFAST_ACCUMULATOR_BYTES];
    double h[2] = {x[3], y[5]}, sine, cosine;
    used = 0;
    KEEP(bitfast_sum(n, x, 1));
    KEEP(bitfast_sumf(n, xf, 1));
    KEEP(bitfast_dot(n, x, 1, y, 1));
    KEEP(bitfast_dotf(n, xf, 1, yf, 1));
    KEEP(bitfast_dotf_to_double(n, xf, 1, yf, 1));
    KEEP(bitfast_norm(n, x, 1));
    KEEP(bitfast_normf(n, xf, 1));
    bitfast_accumulator_clear(&a);
    bitfast_accumulator_add(&a, n, x, 1);
    bitfast_accumulator_add_squaresf(&a, n, yf, 1);
    bitfast_accumulator_negate(&a);
    bitfast_accumulator_store(&a, bytes);
    keep(bytes, sizeof bytes);
    KEEP(bitfast_accumulator_value(&a));
    KEEP(bitfast_accumulator_valuef(&a));
    bitfast_dgemm(m, m + 1, m, 1.3, x, (ptrdiff_t)m, 1, y, (ptrdiff_t)m + 1, 1, 0.7, c, (ptrdiff_t)m + 1, 1);
    keep(c, m * m * sizeof *c);
    bitfast_sgemm(m, m + 1, m, 1.3f, xf, (ptrdiff_t)m, 1, yf, (ptrdiff_t)m + 1, 1, 0.7f, cf, (ptrdiff_t)m + 1, 1);
    keep(cf, m * m * sizeof *cf);
    bitfast_zgemm(m, 3, m, two, x, (ptrdiff_t)m, 1, 0, y, 1, (ptrdiff_t)m, 1, some, c, 3, 1);
    keep(c, m * 6 * sizeof *c);
    bitfast_dgemm(m, 1, m, 1, x, 1, (ptrdiff_t)m, y, 1, 1, 0, c, 1, 1);
    keep(c, m * sizeof *c);
    KEEP(cblas_idamax((int)n, x, 1));
    KEEP(cblas_isamax((int)n, xf, 1));
    KEEP(cblas_icamax((int)n / 2, xf, 1));
    KEEP(cblas_dnrm2((int)n, x, 1));
    KEEP(cblas_scnrm2((int)n / 2, xf, 1));
    KEEP(cblas_dasum((int)n, x, 1));
    KEEP(cblas_dcabs1(x));
    KEEP(cblas_scabs1(xf));
    cblas_drotg(&h[0], &h[1], &cosine, &sine);
    keep(h, sizeof h);
    KEEP(cosine);
    KEEP(sine);
    cblas_dscal((int)m, 0.3, c, 1);
    cblas_daxpy((int)m, 0.3, x, 1, c, 1);
    keep(c, m * sizeof *c);
}

static int failures;

static void compare(const char *environment, size_t n) {
    static unsigned char want[sizeof results];
    static double c_before[N * N];
    static float cf_before[N * N];
    memcpy(c_before, c, sizeof c);
    memcpy(cf_before, cf, sizeof cf);
    fesetenv(FE_DFL_ENV);
    call_all(n);
    memcpy(want, results, used);
    memcpy(c, c_before, sizeof c);
    memcpy(cf, cf_before, sizeof cf);
    int rounding = FE_TONEAREST;
    if (!strcmp(environment, "downward")) rounding = FE_DOWNWARD;
    if (!strcmp(environment, "upward")) rounding = FE_UPWARD;
    if (!strcmp(environment, "towards zero")) rounding = FE_TOWARDZERO;
    fesetround(rounding);
#ifdef __x86_64__
    enum { FLUSH = 0x8040 };
    if (!strcmp(environment, "flushing")) _mm_setcsr(_mm_getcsr() | FLUSH);
#endif
    feclearexcept(FE_ALL_EXCEPT);
    call_all(n);
    const int flags = fetestexcept(FE_ALL_EXCEPT), kept = fegetround() == rounding;
#ifdef __x86_64__
    const int flushes = (_mm_getcsr() & FLUSH) != 0;
#else
    const int flushes = !strcmp(environment, "flushing");
#endif
    fesetenv(FE_DFL_ENV);
    if (flags) printf("%s, %zu: flags %#x\n", environment, n, (unsigned)flags);
    if (!kept || flushes != !strcmp(environment, "flushing"))
        printf("%s: the environment is another\n", environment), ++failures;
    for (size_t i = 0; i < used; ++i)
        if (results[i] != want[i] && ++failures) {
            printf("%s, %zu numbers: byte %zu of the results differs\n", environment, n, i);
            break;
        }
    failures += flags != 0;
}

int main(void) {
    static const char *const environments[] = {"plain", "downward", "upward", "towards zero", "flushing"};
    static const size_t lengths[] = {3, 30, 700, BIG};
    uint64_t state = 1;
    for (int tiny = 0; tiny < 2; ++tiny) {
        for (size_t i = 0; i < BIG; ++i) {
            state = state * UINT64_C(6364136223846793005) + 1442695040888963407;
            const double number = (double)(int64_t)state * 0x1p-63;
            x[i] = tiny ? number * 0x1p-1030 : number;
            y[i] = (double)(int64_t)(state * 31) * 0x1p-63;
            xf[i] = (float)(tiny ? number * 0x1p-130 : number);
            yf[i] = (float)y[i];
        }
        for (int threads = 1; threads < 4; threads += 2) {
            bitfast_set_num_threads(threads);
            for (size_t e = 0; e < sizeof environments / sizeof *environments; ++e)
                for (size_t k = 0; k < sizeof lengths / sizeof *lengths; ++k) compare(environments[e], lengths[k]);
        }
    }
    return failures != 0;
}
