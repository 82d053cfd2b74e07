/* Chains of fused multiply-adds along lines of a matrix, per level (kernels/chains.c): what BLAS does outside of gemm.

   A line is a first element, the stride to the second, and what every further stride is greater by: rows and columns of
   full, banded and packed matrices are all lines. `chain(s, a, b)` below is fma(a, b, s), for complex numbers the four
   operations of bitfast_arrays.h, a the first factor. */
#ifndef BITFAST_CHAINS_H
#define BITFAST_CHAINS_H

#include <stddef.h>

#define CHAIN_KERNELS(letter, real) \
    /* y[i] = chain(y[i], x[i], factor), or chain(y[i], factor, x[i]); canonical NaNs. x and y are apart. */ \
    void (*update_##letter)(size_t n, const real *x, ptrdiff_t x_stride, ptrdiff_t x_growth, int conjugate_x, \
                            const real *factor, int factor_first, real *y, ptrdiff_t y_stride, ptrdiff_t y_growth); \
    /* sum = chain(sum, a[i], x[i]) for i = 0 … n-1, or with -a[i]. */ \
    void (*sum_##letter)(size_t n, const real *a, ptrdiff_t a_stride, ptrdiff_t a_growth, int conjugate_a, \
                         int negate_a, const real *x, ptrdiff_t x_stride, real *sum); \
    /* The same for rows of a matrix, each with its own sum; canonical NaNs. */ \
    void (*rows_##letter)(size_t rows, size_t n, const real *a, ptrdiff_t a_row, ptrdiff_t a_column, int conjugate_a, \
                          const real *x, ptrdiff_t x_stride, int conjugate_x, real *sums, ptrdiff_t sums_stride);

struct chain_kernels {
    CHAIN_KERNELS(s, float)
    CHAIN_KERNELS(d, double)
    CHAIN_KERNELS(c, float)
    CHAIN_KERNELS(z, double)
};

#undef CHAIN_KERNELS

#endif
