/* The level's table of kernels for matrix products. */
#include "../kernels.h"
#include "../chains.h"
#include "../integers.h"
#include "../unpacked_kernels.h"
#include "../tiles.h"

#include "../../lanes.h"
#include "../../levels.h"

extern const struct chain_kernels JOIN(bitfast_, BITFAST_LEVEL, chain, kernels);
extern const struct unpacked_kernels JOIN(bitfast_, BITFAST_LEVEL, unpacked, kernels);
extern const struct integer_kernels JOIN(bitfast_, BITFAST_LEVEL, integer, kernels);
extern const struct tile_kernels
    JOIN(bitfast_, BITFAST_LEVEL, tiles, f64), JOIN(bitfast_, BITFAST_LEVEL, tiles, f32),
    JOIN(bitfast_, BITFAST_LEVEL, complex_tiles, f64), JOIN(bitfast_, BITFAST_LEVEL, complex_tiles, f32);

const struct product_kernels JOIN(bitfast_, BITFAST_LEVEL, product, kernels) = {
    .lanes = LANES,
    .unpacked = &JOIN(bitfast_, BITFAST_LEVEL, unpacked, kernels),
    .chains = &JOIN(bitfast_, BITFAST_LEVEL, chain, kernels),
    .integers = &JOIN(bitfast_, BITFAST_LEVEL, integer, kernels),
    .tiles_f64 = &JOIN(bitfast_, BITFAST_LEVEL, tiles, f64), .tiles_f32 = &JOIN(bitfast_, BITFAST_LEVEL, tiles, f32),
    .complex_tiles_f64 = &JOIN(bitfast_, BITFAST_LEVEL, complex_tiles, f64),
    .complex_tiles_f32 = &JOIN(bitfast_, BITFAST_LEVEL, complex_tiles, f32),
};
