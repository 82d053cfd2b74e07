/* The level's table of kernels for matrix products. */
#include "../kernels.h"

#include "../../lanes.h"
#include "../../levels.h"

const struct product_kernels JOIN(bitfast_, BITFAST_LEVEL, product, kernels) = {
    .lanes = LANES,
};
