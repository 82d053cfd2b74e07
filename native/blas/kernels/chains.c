/* Chains of fused multiply-adds along lines: see chains.h. Plain loops, which the compiler vectorises. */
#include "../chains.h"

#include "vectors.h"

#define REAL float
#define FMA fma_one_f32
#define NOT_A_NUMBER __builtin_nanf("")
#define REAL_LETTER s
#define COMPLEX_LETTER c
#include "chains_of.h"

#define REAL double
#define FMA fma_one_f64
#define NOT_A_NUMBER __builtin_nan("")
#define REAL_LETTER d
#define COMPLEX_LETTER z
#include "chains_of.h"

#define KERNELS(letter) .update_##letter = update_##letter, .sum_##letter = sum_##letter, .rows_##letter = rows_##letter
const struct chain_kernels JOIN(bitfast_, BITFAST_LEVEL, chain, kernels) = {KERNELS(s), KERNELS(d), KERNELS(c),
                                                                             KERNELS(z)};
