/* Matrix products by packed panels and tiles (packed.c). */
#ifndef BITFAST_PACKED_H
#define BITFAST_PACKED_H

#include "tiles.h"

struct matrix { const void *first; ptrdiff_t row, column; int conjugate; };

/* c = fma(beta, c, alpha·(a·b)) as in bitfast_arrays.h; or, where `continues` is set (alpha = 1 and beta = 0 then),
   the chains begin with c. alpha and beta are numbers of the kernels' kind. Within an environment. */
struct product {
    const struct tile_kernels *kernels;
    size_t m, n, k;
    struct matrix a, b;
    void *c;
    ptrdiff_t c_row, c_column;
    const void *alpha, *beta;
    int alpha_is_0, alpha_is_1, beta_is_0, continues;
};

void bitfast_packed_product(const struct product *product);

#endif
