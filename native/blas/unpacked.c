/* Products that are computed from a and b where they are: by a vector, and small ones. */
#include "unpacked.h"

#define NOT_YET(letter, real) \
    int bitfast_##letter##gemm_unpacked(size_t m, size_t n, size_t k, real alpha, \
        const real *a, ptrdiff_t a_row, ptrdiff_t a_column, const real *b, ptrdiff_t b_row, ptrdiff_t b_column, \
        real beta, real *c, ptrdiff_t c_row, ptrdiff_t c_column) { \
        (void)m, (void)n, (void)k, (void)alpha, (void)a, (void)a_row, (void)a_column, (void)b, (void)b_row; \
        (void)b_column, (void)beta, (void)c, (void)c_row, (void)c_column; \
        return 0; \
    }
#define NOT_YET_COMPLEX(letter, real) \
    int bitfast_##letter##gemm_unpacked(size_t m, size_t n, size_t k, const real alpha[2], \
        const real *a, ptrdiff_t a_row, ptrdiff_t a_column, int conjugate_a, \
        const real *b, ptrdiff_t b_row, ptrdiff_t b_column, int conjugate_b, \
        const real beta[2], real *c, ptrdiff_t c_row, ptrdiff_t c_column) { \
        (void)m, (void)n, (void)k, (void)alpha, (void)a, (void)a_row, (void)a_column, (void)b, (void)b_row; \
        (void)b_column, (void)beta, (void)c, (void)c_row, (void)c_column, (void)conjugate_a, (void)conjugate_b; \
        return 0; \
    }
NOT_YET(d, double)
NOT_YET(s, float)
NOT_YET_COMPLEX(z, double)
NOT_YET_COMPLEX(c, float)
