/* The level's table of kernels for sums. */
#include "../kernels.h"

#include "../../lanes.h"
#include "../../levels.h"

const struct reduce_kernels JOIN(bitfast_, BITFAST_LEVEL, reduce, kernels) = {
    .lanes = LANES,
};
