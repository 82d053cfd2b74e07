/* The level's table of kernels for matrix products. */
#include "../kernels.h"
#include "../integers.h"

#include "../../lanes.h"
#include "../../levels.h"

extern const struct integer_kernels JOIN(bitfast_, BITFAST_LEVEL, integer, kernels);

const struct product_kernels JOIN(bitfast_, BITFAST_LEVEL, product, kernels) = {
    .lanes = LANES,
    .integers = &JOIN(bitfast_, BITFAST_LEVEL, integer, kernels),
};
