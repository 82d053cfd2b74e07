/* The level in use (dispatch.c). */
#ifndef BITFAST_DISPATCH_H
#define BITFAST_DISPATCH_H

#include "elementary/exact.h"
#include "levels.h"

struct reduce_kernels;   /* reduce/kernels.h */
struct column_kernels;   /* reduce/columns.h */
struct product_kernels;  /* blas/kernels.h */

struct choice {
    struct level level;
    struct own_shapes shapes;
    const struct reduce_kernels *sums;
    const struct column_kernels *columns;
    const struct product_kernels *products;
};

extern __attribute__((visibility("hidden"))) struct choice bitfast_chosen;

#endif
