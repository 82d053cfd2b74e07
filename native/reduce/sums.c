/* Sums, dot products and norms of one array: into accumulators, by several threads where the array is big. */
#include "accumulator.h"

#include "../environment.h"
#include "../threads.h"

#include <pthread.h>

enum what { SUM, ABSOLUTE, SQUARES, PRODUCTS };

struct call {
    enum what what;
    int is_f32;
    const void *x, *y;
    ptrdiff_t x_stride, y_stride;
    struct exact *sum;
    pthread_mutex_t *lock;  /* of `sum` */
};

static double element(const struct call *call, const void *from, ptrdiff_t index) {
    return call->is_f32 ? (double)((const float *)from)[index] : ((const double *)from)[index];
}

static void add_elements(const struct call *call, struct exact *sum, size_t first, size_t n) {
    for (size_t i = first; i < first + n; ++i) {
        double x = element(call, call->x, (ptrdiff_t)i * call->x_stride);
        switch (call->what) {
        case SUM: bitfast_exact_add_f64(sum, x); break;
        case ABSOLUTE: bitfast_exact_add_f64(sum, __builtin_fabs(x)); break;
        case SQUARES: bitfast_exact_add_product(sum, x, x); break;
        case PRODUCTS: bitfast_exact_add_product(sum, x, element(call, call->y, (ptrdiff_t)i * call->y_stride)); break;
        }
    }
}

static unsigned piece(const void *argument, size_t first, size_t n) {
    const struct call *call = argument;
    struct exact sum;
    exact_clear(&sum);
    add_elements(call, &sum, first, n);
    pthread_mutex_lock(call->lock);
    bitfast_exact_merge(call->sum, &sum);
    pthread_mutex_unlock(call->lock);
    return 0;
}

static void add(struct call call, size_t n) {
    if (n == 0) return;
    pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    call.lock = &lock;
    struct environment caller;
    bitfast_environment_begin(&caller);
    bitfast_shared_work(piece, &call, n);
    bitfast_environment_end(&caller);
}

#define DEFINE(suffix, real, is_f32) \
    void bitfast_accumulator_add##suffix(bitfast_accumulator *a, size_t n, const real *x, ptrdiff_t x_stride) { \
        add((struct call){SUM, is_f32, x, 0, x_stride, 0, exact(a), 0}, n); \
    } \
    void bitfast_accumulator_add_absolute##suffix(bitfast_accumulator *a, size_t n, const real *x, ptrdiff_t x_stride) { \
        add((struct call){ABSOLUTE, is_f32, x, 0, x_stride, 0, exact(a), 0}, n); \
    } \
    void bitfast_accumulator_add_squares##suffix(bitfast_accumulator *a, size_t n, const real *x, ptrdiff_t x_stride) { \
        add((struct call){SQUARES, is_f32, x, 0, x_stride, 0, exact(a), 0}, n); \
    } \
    void bitfast_accumulator_add_products##suffix(bitfast_accumulator *a, size_t n, const real *x, ptrdiff_t x_stride, \
                                                  const real *y, ptrdiff_t y_stride) { \
        add((struct call){PRODUCTS, is_f32, x, y, x_stride, y_stride, exact(a), 0}, n); \
    } \
    real bitfast_sum##suffix(size_t n, const real *x, ptrdiff_t x_stride) { \
        bitfast_accumulator a; \
        bitfast_accumulator_clear(&a); \
        bitfast_accumulator_add##suffix(&a, n, x, x_stride); \
        return bitfast_accumulator_value##suffix(&a); \
    } \
    real bitfast_dot##suffix(size_t n, const real *x, ptrdiff_t x_stride, const real *y, ptrdiff_t y_stride) { \
        bitfast_accumulator a; \
        bitfast_accumulator_clear(&a); \
        bitfast_accumulator_add_products##suffix(&a, n, x, x_stride, y, y_stride); \
        return bitfast_accumulator_value##suffix(&a); \
    }
DEFINE(, double, 0)
DEFINE(f, float, 1)

double bitfast_dotf_to_double(size_t n, const float *x, ptrdiff_t x_stride, const float *y, ptrdiff_t y_stride) {
    bitfast_accumulator a;
    bitfast_accumulator_clear(&a);
    bitfast_accumulator_add_productsf(&a, n, x, x_stride, y, y_stride);
    return bitfast_accumulator_value(&a);
}

/* √ of what was added, which is not negative. */
static int root(const struct exact *e, struct leading *l) {
    uint64_t magnitude[LIMBS];
    int count, exponent;
    if (e->seen & SPECIALS || !bitfast_exact_magnitude(e, magnitude, &count, &exponent)) return 0;
    *l = bitfast_leading_root(magnitude, count, exponent);
    return 1;
}

double bitfast_norm(size_t n, const double *x, ptrdiff_t x_stride) {
    bitfast_accumulator a;
    struct leading l;
    bitfast_accumulator_clear(&a);
    bitfast_accumulator_add_squares(&a, n, x, x_stride);
    return root(exact(&a), &l) ? bitfast_round_f64(l, 0) : exact_special(exact(&a)->seen);
}

float bitfast_normf(size_t n, const float *x, ptrdiff_t x_stride) {
    bitfast_accumulator a;
    struct leading l;
    bitfast_accumulator_clear(&a);
    bitfast_accumulator_add_squaresf(&a, n, x, x_stride);
    return root(exact(&a), &l) ? bitfast_round_f32(l, 0) : (float)exact_special(exact(&a)->seen);
}
