/* What matrix products do in vectors: one table per level (kernels/table.c), chosen by dispatch.c. */
#ifndef BITFAST_PRODUCT_KERNELS_H
#define BITFAST_PRODUCT_KERNELS_H

#include <stddef.h>
#include <stdint.h>

struct integer_kernels;  /* integers.h */
struct chain_kernels;    /* chains.h */
struct unpacked_kernels; /* unpacked_kernels.h */
struct tile_kernels;     /* tiles.h */

struct product_kernels {
    int lanes;
    const struct integer_kernels *integers;
    const struct chain_kernels *chains;
    const struct unpacked_kernels *unpacked;
    const struct tile_kernels *tiles_f64, *tiles_f32, *complex_tiles_f64, *complex_tiles_f32;
};

#endif
