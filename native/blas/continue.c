/* Matrix products that go on with chains begun elsewhere. */
#include "continue.h"

#include "../dispatch.h"
#include "chains.h"
#include "kernels.h"

#define CONTINUE(letter, real, parts) \
    void bitfast_##letter##gemm_continue(size_t m, size_t n, size_t k, const real *a, ptrdiff_t a_row, \
        ptrdiff_t a_column, int conjugate_a, const real *b, ptrdiff_t b_row, ptrdiff_t b_column, int conjugate_b, \
        real *c, ptrdiff_t c_row, ptrdiff_t c_column) { \
        (void)conjugate_b; \
        const struct chain_kernels *chains = bitfast_chosen.products->chains; \
        if (a_row == 1 || n == 1) { \
            for (size_t j = 0; j < n; ++j) \
                for (size_t p = 0; p < k; ++p) { \
                    const real *at = b + parts * ((ptrdiff_t)p * b_row + (ptrdiff_t)j * b_column); \
                    real factor[2] = {at[0], parts == 1 ? 0 : conjugate_b ? -at[parts - 1] : at[parts - 1]}; \
                    chains->update_##letter(m, a + parts * (ptrdiff_t)p * a_column, a_row, 0, conjugate_a, factor, 0, \
                                            c + parts * (ptrdiff_t)j * c_column, c_row, 0); \
                } \
            return; \
        } \
        for (size_t i = 0; i < m; ++i) \
            for (size_t p = 0; p < k; ++p) { \
                const real *at = a + parts * ((ptrdiff_t)i * a_row + (ptrdiff_t)p * a_column); \
                real factor[2] = {at[0], parts == 1 ? 0 : conjugate_a ? -at[parts - 1] : at[parts - 1]}; \
                chains->update_##letter(n, b + parts * (ptrdiff_t)p * b_row, b_column, 0, conjugate_b, factor, 1, \
                                        c + parts * (ptrdiff_t)i * c_row, c_column, 0); \
            } \
    }
CONTINUE(s, float, 1)
CONTINUE(d, double, 1)
CONTINUE(c, float, 2)
CONTINUE(z, double, 2)
