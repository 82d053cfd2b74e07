/* Matrix products that go on with chains begun elsewhere: of few columns along the lines of a, else by packed panels. */
#include "continue.h"

#include "../dispatch.h"
#include "chains.h"
#include "kernels.h"
#include "packed.h"

enum { FEW = 4 };  /* columns that are not worth packing a */

#define CONTINUE(letter, real, parts, tiles_of) \
    static void letter##gemm_column(size_t m, size_t k, const real *a, ptrdiff_t a_row, ptrdiff_t a_column, \
                                int conjugate_a, const real *b, ptrdiff_t b_row, int conjugate_b, real *c, \
                                ptrdiff_t c_row) { \
        const struct chain_kernels *chains = bitfast_chosen.products->chains; \
        if (a_row != 1) { \
            chains->rows_##letter(m, k, a, a_row, a_column, conjugate_a, b, b_row, conjugate_b, c, c_row); \
            return; \
        } \
        for (size_t p = 0; p < k; ++p, a += parts * a_column, b += parts * b_row) { \
            real factor[2] = {b[0], conjugate_b ? -b[parts - 1] : b[parts - 1]}; \
            chains->update_##letter(m, a, a_row, 0, conjugate_a, factor, 0, c, c_row, 0); \
        } \
    } \
    void bitfast_##letter##gemm_continue(size_t m, size_t n, size_t k, const real *a, ptrdiff_t a_row, \
        ptrdiff_t a_column, int conjugate_a, const real *b, ptrdiff_t b_row, ptrdiff_t b_column, int conjugate_b, \
        real *c, ptrdiff_t c_row, ptrdiff_t c_column) { \
        if (n < FEW) { \
            for (size_t j = 0; j < n; ++j) \
                letter##gemm_column(m, k, a, a_row, a_column, conjugate_a, b + parts * (ptrdiff_t)j * b_column, b_row, \
                                conjugate_b, c + parts * (ptrdiff_t)j * c_column, c_row); \
            return; \
        } \
        static const real one[2] = {1, 0}, zero[2] = {0, 0}; \
        bitfast_packed_product(&(struct product){ \
            .kernels = bitfast_chosen.products->tiles_of, .m = m, .n = n, .k = k, \
            .a = {a, a_row, a_column, conjugate_a}, .b = {b, b_row, b_column, conjugate_b}, \
            .c = c, .c_row = c_row, .c_column = c_column, .alpha = one, .beta = zero, \
            .alpha_is_1 = 1, .beta_is_0 = 1, .continues = 1}); \
    }
CONTINUE(s, float, 1, tiles_f32)
CONTINUE(d, double, 1, tiles_f64)
CONTINUE(c, float, 2, complex_tiles_f32)
CONTINUE(z, double, 2, complex_tiles_f64)
