/* Many products of one shape. Where several share their right factor they are one product; else threads share the
   products of a big batch, or each big product is shared. */
#include "batch.h"

#include "bitfast_arrays.h"
#include "../dispatch.h"
#include "../environment.h"
#include "../threads.h"
#include "integers.h"
#include "kernels.h"
#include "unpacked.h"

static const size_t
    WORTH_WAKING = (size_t)1 << 19,  /* multiplications that take about as long as waking threads, 20 µs */
    WORTH_SHARING = (size_t)1 << 24; /* of one product: from here on its own threads are the better ones */

static size_t times(size_t a, size_t b) { return b && a > SIZE_MAX / b ? SIZE_MAX : a * b; }

static integer_product *integers_of(enum product_kind kind) {
    const struct integer_kernels *kernels = bitfast_chosen.products->integers;
    switch (kind) {
    case PRODUCT_8_BITS: return kernels->of_8_bits;
    case PRODUCT_16_BITS: return kernels->of_16_bits;
    case PRODUCT_32_BITS: return kernels->of_32_bits;
    case PRODUCT_64_BITS: return kernels->of_64_bits;
    case PRODUCT_TRUTH_VALUES: return kernels->of_truth_values;
    default: return kernels->of_int8_to_int32;
    }
}

static ptrdiff_t bytes_of(enum product_kind kind, int is_c) {
    switch (kind) {
    case PRODUCT_F32: case PRODUCT_32_BITS: return 4;
    case PRODUCT_F64: case PRODUCT_64_BITS: case PRODUCT_C32: return 8;
    case PRODUCT_C64: return 16;
    case PRODUCT_16_BITS: return 2;
    case PRODUCT_INT8_TO_INT32: return is_c ? 4 : 1;
    default: return 1;
    }
}

/* Rows of one product, or columns where those are more: integers' only. */
struct piece_of_integers { const struct batch *batch; size_t item, rows; };

static unsigned some_rows(const void *call, size_t first, size_t n) {
    const struct piece_of_integers *piece = call;
    const struct batch *t = piece->batch;
    size_t from = first * piece->rows, m = t->m - from;
    if (m > n * piece->rows) m = n * piece->rows;
    ptrdiff_t item = (ptrdiff_t)piece->item, row = (ptrdiff_t)from;
    integers_of(t->kind)(m, t->n, t->k,
                         t->a.first + item * t->a.item_bytes + row * t->a.row * bytes_of(t->kind, 0), t->a.row,
                         t->a.column, t->b.first + item * t->b.item_bytes, t->b.row, t->b.column,
                         t->c.first + item * t->c.item_bytes + row * t->c.row * bytes_of(t->kind, 1), t->c.row,
                         t->c.column);
    return 0;
}

static void one_of_integers(const struct batch *t, size_t item) {
    size_t work = times(t->m, times(t->n, t->k));
    struct piece_of_integers piece = {t, item, t->m};
    if (work > WORTH_WAKING && t->m > 8) piece.rows = (t->m / 16 + 3) / 4 * 4 + 4;
    bitfast_shared_tasks(some_rows, &piece, t->m ? (t->m + piece.rows - 1) / piece.rows : 0);
}

#define REAL_ITEM(letter, real) { \
    const real *a = (const real *)(t->a.first + at * t->a.item_bytes); \
    const real *b = (const real *)(t->b.first + at * t->b.item_bytes); \
    real *c = (real *)(t->c.first + at * t->c.item_bytes); \
    if (!tiny || !bitfast_##letter##gemm_unpacked(t->m, t->n, t->k, 1, a, t->a.row, t->a.column, b, t->b.row, \
                                                  t->b.column, 0, c, t->c.row, t->c.column)) \
        bitfast_##letter##gemm(t->m, t->n, t->k, 1, a, t->a.row, t->a.column, b, t->b.row, t->b.column, 0, c, \
                               t->c.row, t->c.column); \
    break; \
}
#define COMPLEX_ITEM(letter, real) { \
    static const real one[2] = {1, 0}, zero[2] = {0, 0}; \
    const real *a = (const real *)(t->a.first + at * t->a.item_bytes); \
    const real *b = (const real *)(t->b.first + at * t->b.item_bytes); \
    real *c = (real *)(t->c.first + at * t->c.item_bytes); \
    if (!tiny || !bitfast_##letter##gemm_unpacked(t->m, t->n, t->k, one, a, t->a.row, t->a.column, t->conjugate_a, b, \
                                                  t->b.row, t->b.column, 0, zero, c, t->c.row, t->c.column)) \
        bitfast_##letter##gemm(t->m, t->n, t->k, one, a, t->a.row, t->a.column, t->conjugate_a, b, t->b.row, \
                               t->b.column, 0, zero, c, t->c.row, t->c.column); \
    break; \
}

/* In the environment that products need. */
static unsigned some_items(const void *call, size_t first, size_t n) {
    const struct batch *t = call;
    int tiny = t->m && t->n && t->k;
    for (size_t item = first; item < first + n; ++item) {
        ptrdiff_t at = (ptrdiff_t)item;
        switch (t->kind) {
        case PRODUCT_F32: REAL_ITEM(s, float)
        case PRODUCT_F64: REAL_ITEM(d, double)
        case PRODUCT_C32: COMPLEX_ITEM(c, float)
        case PRODUCT_C64: COMPLEX_ITEM(z, double)
        default: one_of_integers(t, item);
        }
    }
    return 0;
}

/* Groups of items, so that a task is worth its handing out. */
struct groups { const struct batch *batch; size_t size; };

static unsigned some_groups(const void *call, size_t first, size_t n) {
    const struct groups *groups = call;
    size_t from = first * groups->size, items = groups->batch->count - from;
    return some_items(groups->batch, from, items < n * groups->size ? items : n * groups->size);
}

/* Whether item after item continues in the rows of the one before. */
static int continues(const struct matrices *matrices, size_t m, ptrdiff_t bytes) {
    return matrices->item_bytes == (ptrdiff_t)m * matrices->row * bytes;
}

void bitfast_product_batch(const struct batch *batch) {
    struct batch t = *batch;
    if (t.m == 1 && t.count > 1 && t.a.item_bytes % bytes_of(t.kind, 0) == 0 &&
        t.c.item_bytes % bytes_of(t.kind, 1) == 0) {
        t.a.row = t.a.item_bytes / bytes_of(t.kind, 0);
        t.c.row = t.c.item_bytes / bytes_of(t.kind, 1);
    }
    if (t.count > 1 && t.b.item_bytes == 0 && continues(&t.a, t.m, bytes_of(t.kind, 0)) &&
        continues(&t.c, t.m, bytes_of(t.kind, 1))) {
        t.m *= t.count;
        t.count = 1;
    }
    struct environment caller;
    bitfast_environment_begin(&caller);
    size_t work = times(t.m, times(t.n, t.k)), all = times(work, t.count);
    if (t.count > 1 && work < WORTH_SHARING && all >= WORTH_WAKING) {
        struct groups groups = {&t, 1};
        if (work < WORTH_WAKING / 4) groups.size = work ? WORTH_WAKING / 4 / work : t.count;
        bitfast_shared_tasks(some_groups, &groups, (t.count + groups.size - 1) / groups.size);
    } else {
        some_items(&t, 0, t.count);
    }
    bitfast_environment_end(&caller);
}

void bitfast_gemm_int8(size_t m, size_t n, size_t k, const int8_t *a, ptrdiff_t a_row, ptrdiff_t a_column,
                       const int8_t *b, ptrdiff_t b_row, ptrdiff_t b_column, int32_t *c, ptrdiff_t c_row,
                       ptrdiff_t c_column) {
    bitfast_product_batch(&(struct batch){
        PRODUCT_INT8_TO_INT32, 0, 1, m, n, k, {(char *)a, 0, a_row, a_column}, {(char *)b, 0, b_row, b_column},
        {(char *)c, 0, c_row, c_column}});
}
