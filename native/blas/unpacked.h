/* Products that are computed from a and b where they are, without packing (unpacked.c): by a vector, and small ones. */
#ifndef BITFAST_UNPACKED_H
#define BITFAST_UNPACKED_H

#include <stddef.h>

/* As bitfast_dgemm and its kin, within their environment. Return 1 when c is done, 0 when the product is better packed
   (nothing has been written then). m, n and k are not 0. */
#define BITFAST_UNPACKED(letter, real) \
    int bitfast_##letter##gemm_unpacked(size_t m, size_t n, size_t k, real alpha, \
        const real *a, ptrdiff_t a_row, ptrdiff_t a_column, const real *b, ptrdiff_t b_row, ptrdiff_t b_column, \
        real beta, real *c, ptrdiff_t c_row, ptrdiff_t c_column);
#define BITFAST_UNPACKED_COMPLEX(letter, real) \
    int bitfast_##letter##gemm_unpacked(size_t m, size_t n, size_t k, const real alpha[2], \
        const real *a, ptrdiff_t a_row, ptrdiff_t a_column, int conjugate_a, \
        const real *b, ptrdiff_t b_row, ptrdiff_t b_column, int conjugate_b, \
        const real beta[2], real *c, ptrdiff_t c_row, ptrdiff_t c_column);
BITFAST_UNPACKED(d, double)
BITFAST_UNPACKED(s, float)
BITFAST_UNPACKED_COMPLEX(z, double)
BITFAST_UNPACKED_COMPLEX(c, float)

#endif
