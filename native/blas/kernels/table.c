/* The level's table of kernels for matrix products. */
#include "../kernels.h"
#include "../chains.h"
#include "../integers.h"

#include "../../lanes.h"
#include "../../levels.h"

extern const struct chain_kernels JOIN(bitfast_, BITFAST_LEVEL, chain, kernels);
extern const struct integer_kernels JOIN(bitfast_, BITFAST_LEVEL, integer, kernels);

const struct product_kernels JOIN(bitfast_, BITFAST_LEVEL, product, kernels) = {
    .lanes = LANES,
    .chains = &JOIN(bitfast_, BITFAST_LEVEL, chain, kernels),
    .integers = &JOIN(bitfast_, BITFAST_LEVEL, integer, kernels),
};
