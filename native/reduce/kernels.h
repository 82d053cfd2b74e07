/* What sums do in vectors: one table per level (kernels/table.c), chosen by dispatch.c. */
#ifndef BITFAST_REDUCE_KERNELS_H
#define BITFAST_REDUCE_KERNELS_H

#include <stddef.h>
#include <stdint.h>

struct reduce_kernels {
    int lanes;
};

#endif
