/* Matrix products that go on with chains begun elsewhere: c = chain over k from c, for trmm and trsm (compat/blas). */
#ifndef BITFAST_CONTINUE_H
#define BITFAST_CONTINUE_H

#include <stddef.h>

/* c[i][j] = fma(a[i][p], b[p][j], c[i][j]) for p = 0 … k-1, complex as in bitfast_arrays.h; a and b are apart from c.
   Within an environment; NaN results are canonical. */
#define BITFAST_CONTINUE(letter, real) \
    void bitfast_##letter##gemm_continue(size_t m, size_t n, size_t k, const real *a, ptrdiff_t a_row, \
        ptrdiff_t a_column, int conjugate_a, const real *b, ptrdiff_t b_row, ptrdiff_t b_column, int conjugate_b, \
        real *c, ptrdiff_t c_row, ptrdiff_t c_column);
BITFAST_CONTINUE(s, float)
BITFAST_CONTINUE(d, double)
BITFAST_CONTINUE(c, float)
BITFAST_CONTINUE(z, double)

#endif
