/* Products that are computed from a and b where they are: by a vector, and small ones.

   By a vector: every row's chain goes on column by column, many rows at a time. Where rows are neighbours the columns are
   read as they are; else a panel of few rows is transposed into the first-level cache. Threads share the rows. */
#include "unpacked.h"

#include "bitfast.h"
#include "../dispatch.h"
#include "../threads.h"
#include "kernels.h"
#include "unpacked_kernels.h"

#include <stdint.h>
#include <string.h>

enum {
    ROWS_AT_ONCE = 2048,  /* chains that stay in the first-level cache while columns pass by */
    PANEL_ROWS = 32,
    PANEL_BYTES = 512,    /* of each row: several lines, so that the memory sees long reads */
    SMALL_BUFFER = 4096,  /* numbers of a small matrix that is copied */
};
static const size_t
    SMALL = (size_t)64 * 64 * 64,    /* multiplications up to which packing does not pay */
    WORTH_SHARING = (size_t)1 << 17; /* elements of a matrix from which on threads read it faster */

static size_t smaller(size_t a, size_t b) { return a < b ? a : b; }

/* Rows for each of the tasks that threads share. */
static size_t rows_per_task(size_t rows, size_t k) {
    if (rows < 128 || k == 0 || rows < WORTH_SHARING / k) return rows;
    size_t tasks = 2 * (size_t)bitfast_get_num_threads(), each = (rows + tasks - 1) / tasks;
    return (each + 63) / 64 * 64;
}

#define FUSED_f64 bitfast_chosen.shapes.fma_f64
#define FUSED_f32 bitfast_chosen.shapes.fma_f32
#define NAN_f64 __builtin_nan("")
#define NAN_f32 __builtin_nanf("")

#define DEFINE_REAL(letter, type, real, transpose) \
    struct letter##gemv { \
        size_t rows, k, each; \
        real alpha, beta; \
        const real *matrix, *x; \
        real *y; \
        ptrdiff_t row, column, x_stride, y_stride; \
    }; \
    \
    static void letter##finish(const real *s, size_t n, real alpha, real beta, real *y, ptrdiff_t y_stride) { \
        for (size_t i = 0; i < n; ++i, y += y_stride) { \
            real value = alpha * s[i]; \
            if (beta != 0) value = FUSED_##type(beta, *y, value); \
            *y = value == value ? value : NAN_##type; \
        } \
    } \
    \
    static unsigned letter##gemv_rows(const void *call, size_t first, size_t n) { \
        const struct letter##gemv *t = call; \
        const struct unpacked_kernels *kernels = bitfast_chosen.products->unpacked; \
        enum { PANEL_COLUMNS = PANEL_BYTES / sizeof(real) }; \
        _Alignas(64) real s[ROWS_AT_ONCE], panel[PANEL_ROWS * PANEL_COLUMNS]; \
        size_t end = smaller(t->rows, (first + n) * t->each); \
        for (size_t i = first * t->each, rows; i < end; i += rows) { \
            const real *here = t->matrix + (ptrdiff_t)i * t->row; \
            rows = smaller(end - i, t->row == 1 ? ROWS_AT_ONCE : PANEL_ROWS); \
            memset(s, 0, rows * sizeof *s); \
            if (t->row == 1) { \
                kernels->columns_##type(rows, t->k, here, t->column, t->x, t->x_stride, s); \
            } else { \
                for (size_t p = 0; p < t->k; p += PANEL_COLUMNS) { \
                    size_t columns = smaller(t->k - p, PANEL_COLUMNS); \
                    kernels->transpose(rows, columns, here + (ptrdiff_t)p * t->column, t->row, t->column, panel, rows); \
                    kernels->columns_##type(rows, columns, panel, (ptrdiff_t)rows, t->x + (ptrdiff_t)p * t->x_stride, \
                                            t->x_stride, s); \
                } \
            } \
            letter##finish(s, rows, t->alpha, t->beta, t->y + (ptrdiff_t)i * t->y_stride, t->y_stride); \
        } \
        return 0; \
    } \
    \
    static void letter##gemv(struct letter##gemv t) { \
        t.each = rows_per_task(t.rows, t.k); \
        bitfast_shared_tasks(letter##gemv_rows, &t, (t.rows + t.each - 1) / t.each); \
    } \
    \
    int bitfast_##letter##gemm_unpacked( \
        size_t m, size_t n, size_t k, real alpha, const real *a, ptrdiff_t a_row, ptrdiff_t a_column, const real *b, \
        ptrdiff_t b_row, ptrdiff_t b_column, real beta, real *c, ptrdiff_t c_row, ptrdiff_t c_column) { \
        if (n == 1) { \
            letter##gemv((struct letter##gemv){m, k, 0, alpha, beta, a, b, c, a_row, a_column, b_row, c_row}); \
            return 1; \
        } \
        if (m == 1) { \
            letter##gemv((struct letter##gemv){n, k, 0, alpha, beta, b, a, c, b_column, b_row, a_column, c_column}); \
            return 1; \
        } \
        if (m > SMALL / n || k > SMALL / (m * n)) return 0; \
        const struct unpacked_kernels *kernels = bitfast_chosen.products->unpacked; \
        int plain = alpha == 1 && beta == 0, copied = b_column != 1 && a_row != 1; \
        if ((!plain && m * n > SMALL_BUFFER) || (copied && k * n > SMALL_BUFFER)) return 0; \
        real copy[SMALL_BUFFER], product[SMALL_BUFFER], *to = plain ? c : product; \
        ptrdiff_t to_row = plain ? c_row : (ptrdiff_t)n, to_column = plain ? c_column : 1; \
        if (copied) { \
            kernels->transpose(n, k, b, b_column, b_row, copy, n); \
            b = copy; \
            b_row = (ptrdiff_t)n; \
            b_column = 1; \
        } \
        if (b_column == 1) kernels->small_##type(m, n, k, a, a_row, a_column, b, b_row, to, to_row, to_column); \
        else kernels->small_##type(n, m, k, b, b_column, b_row, a, a_column, to, to_column, to_row); \
        for (size_t i = 0; !plain && i < m; ++i) \
            letter##finish(product + i * n, n, alpha, beta, c + (ptrdiff_t)i * c_row, c_column); \
        return 1; \
    }
DEFINE_REAL(d, f64, double, transpose_8)
DEFINE_REAL(s, f32, float, transpose_4)

#define DEFINE_COMPLEX(letter, type, complex, real, transpose) \
    struct letter##gemv { \
        size_t rows, k, each; \
        const real *alpha, *beta, *matrix, *x; \
        real *y; \
        ptrdiff_t row, column, x_stride, y_stride; \
        struct complex_roles roles; \
    }; \
    \
    static void letter##chain(real s[2], const real x[2], const real y[2]) { \
        s[0] = FUSED_##type(x[0], y[0], s[0]); \
        s[0] = FUSED_##type(-x[1], y[1], s[0]); \
        s[1] = FUSED_##type(x[0], y[1], s[1]); \
        s[1] = FUSED_##type(x[1], y[0], s[1]); \
    } \
    \
    static void letter##finish(const real *s, size_t n, const real alpha[2], const real beta[2], real *y, \
                               ptrdiff_t y_stride) { \
        for (size_t i = 0; i < n; ++i, y += 2 * y_stride, s += 2) { \
            real value[2] = {s[0], s[1]}; \
            if (alpha[0] != 1 || alpha[1] != 0) { \
                value[0] = value[1] = 0; \
                letter##chain(value, alpha, s); \
            } \
            if (beta[0] != 0 || beta[1] != 0) letter##chain(value, beta, y); \
            y[0] = value[0] == value[0] ? value[0] : NAN_##type; \
            y[1] = value[1] == value[1] ? value[1] : NAN_##type; \
        } \
    } \
    \
    static unsigned letter##gemv_rows(const void *call, size_t first, size_t n) { \
        const struct letter##gemv *t = call; \
        const struct unpacked_kernels *kernels = bitfast_chosen.products->unpacked; \
        enum { MOST = ROWS_AT_ONCE / 2, PANEL_COLUMNS = PANEL_BYTES / (2 * sizeof(real)) }; \
        _Alignas(64) real s[2 * MOST], panel[2 * PANEL_ROWS * PANEL_COLUMNS]; \
        size_t end = smaller(t->rows, (first + n) * t->each); \
        for (size_t i = first * t->each, rows; i < end; i += rows) { \
            const real *here = t->matrix + 2 * (ptrdiff_t)i * t->row; \
            rows = smaller(end - i, t->row == 1 ? MOST : PANEL_ROWS); \
            memset(s, 0, 2 * rows * sizeof *s); \
            if (t->row == 1) { \
                kernels->columns_##complex(rows, t->k, here, t->column, t->x, t->x_stride, s, t->roles); \
            } else { \
                for (size_t p = 0; p < t->k; p += PANEL_COLUMNS) { \
                    size_t columns = smaller(t->k - p, PANEL_COLUMNS); \
                    kernels->transpose(rows, columns, here + 2 * (ptrdiff_t)p * t->column, t->row, t->column, panel, \
                                       rows); \
                    kernels->columns_##complex(rows, columns, panel, (ptrdiff_t)rows, \
                                               t->x + 2 * (ptrdiff_t)p * t->x_stride, t->x_stride, s, t->roles); \
                } \
            } \
            letter##finish(s, rows, t->alpha, t->beta, t->y + 2 * (ptrdiff_t)i * t->y_stride, t->y_stride); \
        } \
        return 0; \
    } \
    \
    static void letter##gemv(struct letter##gemv t) { \
        t.each = rows_per_task(t.rows, t.k); \
        bitfast_shared_tasks(letter##gemv_rows, &t, (t.rows + t.each - 1) / t.each); \
    } \
    \
    int bitfast_##letter##gemm_unpacked( \
        size_t m, size_t n, size_t k, const real alpha[2], const real *a, ptrdiff_t a_row, ptrdiff_t a_column, \
        int conjugate_a, const real *b, ptrdiff_t b_row, ptrdiff_t b_column, int conjugate_b, const real beta[2], \
        real *c, ptrdiff_t c_row, ptrdiff_t c_column) { \
        if (n == 1) { \
            letter##gemv((struct letter##gemv){m, k, 0, alpha, beta, a, b, c, a_row, a_column, b_row, c_row, \
                                               {conjugate_a, conjugate_b, 1}}); \
            return 1; \
        } \
        if (m == 1) { \
            letter##gemv((struct letter##gemv){n, k, 0, alpha, beta, b, a, c, b_column, b_row, a_column, c_column, \
                                               {conjugate_b, conjugate_a, 0}}); \
            return 1; \
        } \
        if (m > SMALL / n || k > SMALL / (m * n)) return 0; \
        const struct unpacked_kernels *kernels = bitfast_chosen.products->unpacked; \
        int plain = alpha[0] == 1 && alpha[1] == 0 && beta[0] == 0 && beta[1] == 0, copied = b_column != 1; \
        if ((!plain && m * n > SMALL_BUFFER / 2) || (copied && k * n > SMALL_BUFFER)) return 0; \
        real copy[2 * SMALL_BUFFER], product[SMALL_BUFFER], *to = plain ? c : product; \
        ptrdiff_t to_row = plain ? c_row : (ptrdiff_t)n, to_column = plain ? c_column : 1; \
        if (copied) { \
            kernels->transpose(n, k, b, b_column, b_row, copy, n); \
            b = copy; \
            b_row = (ptrdiff_t)n; \
        } \
        kernels->small_##complex(m, n, k, a, a_row, a_column, conjugate_a, b, b_row, conjugate_b, to, to_row, \
                                 to_column); \
        for (size_t i = 0; !plain && i < m; ++i) \
            letter##finish(product + 2 * i * n, n, alpha, beta, c + 2 * (ptrdiff_t)i * c_row, c_column); \
        return 1; \
    }
DEFINE_COMPLEX(z, f64, c64, double, transpose_16)
DEFINE_COMPLEX(c, f32, c32, float, transpose_8)
