/* Chains of fused multiply-adds along lines: see chains.h. Plain loops, which the compiler vectorises. */
#include "../chains.h"

#include "../../lanes.h"
#include "../../levels.h"

INLINE double fma_f64(double x, double y, double z) {
#ifdef HAS_FMA
    return __builtin_fma(x, y, z);
#else
    return bitfast_software_fma(x, y, z);
#endif
}

/* Without the instruction: the product is exact in double; the sum is rounded to odd there (see software_fma.h), then
   to float32. Not inlined: GCC 12 puts two of them into one vector (-ftree-slp-vectorize) and rounds some wrongly. */
#ifdef HAS_FMA
INLINE float fma_f32(float x, float y, float z) { return __builtin_fmaf(x, y, z); }
#else
static __attribute__((noinline)) float fma_f32(float x, float y, float z) {
    double product = (double)x * y, sum = product + z, part = sum - product;
    double lost = (product - (sum - part)) + (z - part);
    int64_t b, lost_bits;
    memcpy(&b, &sum, sizeof b);
    memcpy(&lost_bits, &lost, sizeof lost_bits);
    int64_t inexact = -(int64_t)((lost < 0) | (lost > 0)), even = (b & 1) - 1;
    b += inexact & even & (((b ^ lost_bits) >> 63) | 1);
    memcpy(&sum, &b, sizeof sum);
    return (float)sum;
}
#endif

#define REAL float
#define FMA fma_f32
#define NOT_A_NUMBER __builtin_nanf("")
#define REAL_LETTER s
#define COMPLEX_LETTER c
#include "chains_of.h"

#define REAL double
#define FMA fma_f64
#define NOT_A_NUMBER __builtin_nan("")
#define REAL_LETTER d
#define COMPLEX_LETTER z
#include "chains_of.h"

#define KERNELS(letter) .update_##letter = update_##letter, .sum_##letter = sum_##letter, .rows_##letter = rows_##letter
const struct chain_kernels JOIN(bitfast_, BITFAST_LEVEL, chain, kernels) = {KERNELS(s), KERNELS(d), KERNELS(c),
                                                                             KERNELS(z)};
