/* The level's table of kernels for sums. */
#include "../kernels.h"

#include "../../lanes.h"
#include "../../levels.h"

#define NAME(what, format) JOIN(bitfast_, BITFAST_LEVEL, add_##what, format)

add_f64 NAME(sum, f64), NAME(absolute, f64), NAME(squares, f64), NAME(products, f64);
add_f32 NAME(sum, f32), NAME(absolute, f32), NAME(squares, f32), NAME(products, f32);

const struct reduce_kernels JOIN(bitfast_, BITFAST_LEVEL, reduce, kernels) = {
    .lanes = LANES,
    .add_f64 = {NAME(sum, f64), NAME(absolute, f64), NAME(squares, f64), NAME(products, f64)},
    .add_f32 = {NAME(sum, f32), NAME(absolute, f32), NAME(squares, f32), NAME(products, f32)},
};
