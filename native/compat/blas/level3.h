/* Products with symmetric and triangular matrices and triangular systems over blocks (level3.c), for vectors too. */
#ifndef BITFAST_BLAS_LEVEL3_H
#define BITFAST_BLAS_LEVEL3_H

#include "blas.h"
#include "lines.h"

#include <stddef.h>
#include <string.h>

/* C = fma(beta, C, alpha·(A B)) with C and B of n columns; B = alpha·(A B); A X = alpha·B, X in the place of B. The
   elements of A are the first factors. Numbers are told as their real parts are, `alpha` as an element. */
#define BLOCKS(letter, real, element) \
    HIDDEN_BLOCKS void bitfast_blas_symmetric_##letter(const struct triangle *t, int hermitian, ptrdiff_t n, \
                                                       element alpha, \
        const real *a, const real *b, ptrdiff_t b_row, ptrdiff_t b_column, element beta, real *c, ptrdiff_t c_row, \
        ptrdiff_t c_column); \
    HIDDEN_BLOCKS void bitfast_blas_multiply_##letter(const struct triangle *t, int conjugate, int unit, ptrdiff_t n, \
        element alpha, const real *a, real *b, ptrdiff_t b_row, ptrdiff_t b_column); \
    HIDDEN_BLOCKS void bitfast_blas_solve_##letter(const struct triangle *t, int conjugate, int unit, ptrdiff_t n, \
        element alpha, const real *a, real *b, ptrdiff_t b_row, ptrdiff_t b_column);
#define HIDDEN_BLOCKS __attribute__((visibility("hidden")))
BLOCKS(s, float, float)
BLOCKS(d, double, double)
BLOCKS(c, float, element_c)
BLOCKS(z, double, element_z)

#endif
