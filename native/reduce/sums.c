/* Sums, dot products and norms of one array: into accumulators, by several threads where the array is big. */
#include "kernels.h"

#include "../dispatch.h"
#include "../environment.h"
#include "../threads.h"
#include "../two_sum.h"

#include <pthread.h>

struct call {
    enum what what;
    int is_f32;
    const void *x, *y;
    ptrdiff_t x_stride, y_stride;
    struct exact *sum;
    pthread_mutex_t *lock;  /* of `sum` */
};

enum { GATHERED = 1024 };  /* elements that are gathered at a time where they are not neighbours: two buffers in L1 */

#define DEFINE_ADD(format, real) \
    static void gather_##format(size_t n, const real *from, ptrdiff_t stride, real *to) { \
        for (size_t i = 0; i < n; ++i) to[i] = from[(ptrdiff_t)i * stride]; \
    } \
    static void add_elements_##format(struct window *w, const struct call *call, size_t first, size_t n) { \
        add_##format *add = bitfast_chosen.sums->add_##format[call->what]; \
        const ptrdiff_t x_stride = call->x_stride, y_stride = call->y_stride; \
        const real *x = (const real *)call->x + (ptrdiff_t)first * x_stride; \
        const real *y = call->what == PRODUCTS ? (const real *)call->y + (ptrdiff_t)first * y_stride : NULL; \
        if (x_stride == 1 && (!y || y_stride == 1)) { \
            add(w, n, x, y); \
            return; \
        } \
        _Alignas(64) real xs[GATHERED], ys[GATHERED]; \
        for (size_t done = 0; done < n; done += GATHERED) { \
            const size_t count = n - done < GATHERED ? n - done : GATHERED; \
            const real *x_here = x + (ptrdiff_t)done * x_stride, *y_here = y; \
            if (x_stride != 1) gather_##format(count, x_here, x_stride, xs), x_here = xs; \
            if (y) y_here = y + (ptrdiff_t)done * y_stride; \
            if (y && y_stride != 1) gather_##format(count, y_here, y_stride, ys), y_here = ys; \
            add(w, count, x_here, y_here); \
        } \
    }
DEFINE_ADD(f64, double)
DEFINE_ADD(f32, float)

static void add_elements(struct window *w, const struct call *call, size_t first, size_t n) {
    if (call->is_f32) add_elements_f32(w, call, first, n);
    else add_elements_f64(w, call, first, n);
}

static unsigned piece(const void *argument, size_t first, size_t n) {
    const struct call *call = argument;
    struct exact sum;
    struct window w;
    exact_clear(&sum);
    bitfast_window_begin(&w, &sum);
    add_elements(&w, call, first, n);
    bitfast_window_end(&w);
    pthread_mutex_lock(call->lock);
    bitfast_exact_merge(call->sum, &sum);
    pthread_mutex_unlock(call->lock);
    return 0;
}

static void add_shared(struct call call, size_t n) {
    pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    call.lock = &lock;
    bitfast_shared_work(piece, &call, n);
}

enum { SMALL = 1 << 14 };  /* no array of this size is shared among threads */

static void add(struct call call, size_t n) {
    struct environment caller;
    if (n == 0) return;
    bitfast_environment_begin(&caller);
    if (n <= SMALL) {
        struct window w;
        bitfast_window_begin(&w, call.sum);
        add_elements(&w, &call, 0, n);
        bitfast_window_end(&w);
    } else {
        add_shared(call, n);
    }
    bitfast_environment_end(&caller);
}

enum { FEW = 24 };  /* as many elements are added one by one in less time than a window is set up */

/* Σx of float64 in twice the precision, if the sum of the errors' errors leaves its rounding certain: the value is
   hi + lo + δ, |δ| <= `error` but for the rounding of `error` itself. */
static int sum_of_few(const struct call *call, size_t n, double *result) {
    const double *x = call->x;
    double sum = 0, rest = 0, error = 0, lost, lo;
    for (size_t i = 0; i < n; ++i) {
        sum = two_sum(sum, x[(ptrdiff_t)i * call->x_stride], &lost);
        rest = two_sum(rest, lost, &lost);
        error += __builtin_fabs(lost);
    }
    const double hi = two_sum(sum, rest, &lo), margin = error == 0 ? 0 : 2 * error + __builtin_fabs(lo) * 0x1p-50;
    *result = hi + (lo + margin);
    return hi != 0 && hi - hi == 0 && *result == hi + (lo - margin);
}

/* Σx or Σx·y of float32, if double holds every partial sum. */
static int f32_sum_of_few(const struct call *call, size_t n, double *result) {
    const float *x = call->x, *y = call->y;
    double sum = 0, error = 0, lost;
    for (size_t i = 0; i < n; ++i) {
        const double element = (double)x[(ptrdiff_t)i * call->x_stride];
        sum = two_sum(sum, y ? element * (double)y[(ptrdiff_t)i * call->y_stride] : element, &lost);
        error += __builtin_fabs(lost);
    }
    *result = sum;
    return sum != 0 && error == 0;
}

static int value_of_few(const struct call *call, size_t n, double *result) {
    if (call->is_f32) return f32_sum_of_few(call, n, result);
    return call->what == SUM && sum_of_few(call, n, result);
}

/* The rounded value of one sum: of a small array without an accumulator, if its window was enough. */
#define DEFINE_VALUE(suffix, real) \
    static real value##suffix(struct call call, size_t n) { \
        struct exact sum; \
        struct environment caller; \
        real result = 0; \
        exact_clear(&sum); \
        call.sum = &sum; \
        if (n == 0) return result; \
        bitfast_environment_begin(&caller); \
        double few; \
        if (n <= FEW && value_of_few(&call, n, &few)) { \
            result = (real)few; \
        } else if (n <= SMALL) { \
            struct window w; \
            bitfast_window_begin(&w, &sum); \
            add_elements(&w, &call, 0, n); \
            result = bitfast_window_value##suffix(&w); \
        } else { \
            add_shared(call, n); \
            result = bitfast_exact_value##suffix(&sum); \
        } \
        bitfast_environment_end(&caller); \
        return result; \
    }
DEFINE_VALUE(, double)
DEFINE_VALUE(f, float)

#define TO_SUM bitfast_accumulator *a, size_t n
#define DEFINE(suffix, real, is_f32) \
    void bitfast_accumulator_add##suffix(TO_SUM, const real *x, ptrdiff_t x_stride) { \
        add((struct call){SUM, is_f32, x, 0, x_stride, 0, exact(a), 0}, n); \
    } \
    void bitfast_accumulator_add_absolute##suffix(TO_SUM, const real *x, ptrdiff_t x_stride) { \
        add((struct call){ABSOLUTE, is_f32, x, 0, x_stride, 0, exact(a), 0}, n); \
    } \
    void bitfast_accumulator_add_squares##suffix(TO_SUM, const real *x, ptrdiff_t x_stride) { \
        add((struct call){SQUARES, is_f32, x, 0, x_stride, 0, exact(a), 0}, n); \
    } \
    void bitfast_accumulator_add_products##suffix(TO_SUM, const real *x, ptrdiff_t x_stride, \
                                                  const real *y, ptrdiff_t y_stride) { \
        add((struct call){PRODUCTS, is_f32, x, y, x_stride, y_stride, exact(a), 0}, n); \
    } \
    real bitfast_sum##suffix(size_t n, const real *x, ptrdiff_t x_stride) { \
        return value##suffix((struct call){SUM, is_f32, x, 0, x_stride, 0, 0, 0}, n); \
    } \
    real bitfast_dot##suffix(size_t n, const real *x, ptrdiff_t x_stride, const real *y, ptrdiff_t y_stride) { \
        return value##suffix((struct call){PRODUCTS, is_f32, x, y, x_stride, y_stride, 0, 0}, n); \
    }
DEFINE(, double, 0)
DEFINE(f, float, 1)

double bitfast_dotf_to_double(size_t n, const float *x, ptrdiff_t x_stride, const float *y, ptrdiff_t y_stride) {
    return value((struct call){PRODUCTS, 1, x, y, x_stride, y_stride, 0, 0}, n);
}

#define DEFINE_NORM(suffix, real) \
    real bitfast_norm##suffix(size_t n, const real *x, ptrdiff_t x_stride) { \
        bitfast_accumulator a; \
        struct environment caller; \
        bitfast_environment_begin(&caller); \
        bitfast_accumulator_clear(&a); \
        bitfast_accumulator_add_squares##suffix(&a, n, x, x_stride); \
        const real root = bitfast_exact_root##suffix(exact(&a)); \
        bitfast_environment_end(&caller); \
        return root; \
    }
DEFINE_NORM(, double)
DEFINE_NORM(f, float)
