/* Matrix products by their public names. */
#include "bitfast_arrays.h"
#include "../dispatch.h"
#include "../environment.h"
#include "kernels.h"
#include "packed.h"
#include "unpacked.h"

#define GEMM(letter, real, tiles_of) \
    void bitfast_##letter##gemm(size_t m, size_t n, size_t k, real alpha, const real *a, ptrdiff_t a_row, \
        ptrdiff_t a_column, const real *b, ptrdiff_t b_row, ptrdiff_t b_column, real beta, real *c, ptrdiff_t c_row, \
        ptrdiff_t c_column) { \
        struct environment e; \
        bitfast_environment_begin(&e); \
        if (m == 0 || n == 0 || k == 0 || alpha == 0 || \
            !bitfast_##letter##gemm_unpacked(m, n, k, alpha, a, a_row, a_column, b, b_row, b_column, beta, c, c_row, \
                                             c_column)) \
            bitfast_packed_product(&(struct product){ \
                .kernels = bitfast_chosen.products->tiles_of, .m = m, .n = n, .k = k, \
                .a = {a, a_row, a_column, 0}, .b = {b, b_row, b_column, 0}, \
                .c = c, .c_row = c_row, .c_column = c_column, .alpha = &alpha, .beta = &beta, \
                .alpha_is_0 = alpha == 0, .alpha_is_1 = alpha == 1, .beta_is_0 = beta == 0}); \
        bitfast_environment_end(&e); \
    }
GEMM(d, double, tiles_f64)
GEMM(s, float, tiles_f32)

#define GEMM_COMPLEX(letter, real, tiles_of) \
    void bitfast_##letter##gemm(size_t m, size_t n, size_t k, const real alpha[2], const real *a, ptrdiff_t a_row, \
        ptrdiff_t a_column, int conjugate_a, const real *b, ptrdiff_t b_row, ptrdiff_t b_column, int conjugate_b, \
        const real beta[2], real *c, ptrdiff_t c_row, ptrdiff_t c_column) { \
        struct environment e; \
        bitfast_environment_begin(&e); \
        const int alpha_is_0 = alpha[0] == 0 && alpha[1] == 0; \
        if (m == 0 || n == 0 || k == 0 || alpha_is_0 || \
            !bitfast_##letter##gemm_unpacked(m, n, k, alpha, a, a_row, a_column, conjugate_a, b, b_row, b_column, \
                                             conjugate_b, beta, c, c_row, c_column)) \
            bitfast_packed_product(&(struct product){ \
                .kernels = bitfast_chosen.products->tiles_of, .m = m, .n = n, .k = k, \
                .a = {a, a_row, a_column, conjugate_a}, .b = {b, b_row, b_column, conjugate_b}, \
                .c = c, .c_row = c_row, .c_column = c_column, .alpha = alpha, .beta = beta, \
                .alpha_is_0 = alpha_is_0, .alpha_is_1 = alpha[0] == 1 && alpha[1] == 0, \
                .beta_is_0 = beta[0] == 0 && beta[1] == 0}); \
        bitfast_environment_end(&e); \
    }
GEMM_COMPLEX(z, double, complex_tiles_f64)
GEMM_COMPLEX(c, float, complex_tiles_f32)
