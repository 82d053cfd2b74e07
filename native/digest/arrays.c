#include "arrays.h"

#include <stdlib.h>
#include <string.h>

#include "../include/bitfast_arrays.h"
#include "../include/bitfast_complex.h"
#include "../reduce/cumulative.h"
#include "../reduce/reductions.h"

/* What the numbers of an array are like. */
enum kind { MODERATE, WIDE, CANCELLING, ANY, SUBNORMAL, WHOLE, LARGE, TIES, KINDS };
enum { SUM, DOT, NORM };
#define CUMULATIVE_SUM ((enum reduce_operation)99)  /* beside those that a reduction has */

#define REAL double
#define COMPLEX bitfast_complex
#define PATTERN uint64_t
#define FORMAT bitfast_float64
#define ELEMENT ELEMENT_F64
#define NAME(f) f##_64
#define CALL(function) bitfast_##function
#define CALL_ARRAY(function) bitfast_##function##_array
#define CALL_GEMM(kind) CALL_GEMM_64_##kind
#define CALL_GEMM_64_real bitfast_dgemm
#define CALL_GEMM_64_complex bitfast_zgemm
#include "arrays_of.h"

#define REAL float
#define COMPLEX bitfast_complexf
#define PATTERN uint32_t
#define FORMAT bitfast_float32
#define ELEMENT ELEMENT_F32
#define NAME(f) f##_32
#define CALL(function) bitfast_##function##f
#define CALL_ARRAY(function) bitfast_##function##f_array
#define CALL_GEMM(kind) CALL_GEMM_32_##kind
#define CALL_GEMM_32_real bitfast_sgemm
#define CALL_GEMM_32_complex bitfast_cgemm
#include "arrays_of.h"

static int int8_products(int is_core, struct generator *generator, struct sha256 *hash) {
    for (int i = 0; i < (is_core ? 64 : 8); ++i) {
        size_t m = bitfast_next(generator) % 33, n = bitfast_next(generator) % 33, k = bitfast_next(generator) % 65;
        if (!is_core) m += 90, n += 90, k += 600;
        int8_t *a = malloc(m * k + 1), *b = malloc(k * n + 1);
        int32_t *c = malloc((m * n + 1) * sizeof *c);
        if (!a || !b || !c) { free(a), free(b), free(c); return -1; }
        for (size_t j = 0; j < m * k; ++j) a[j] = (int8_t)(bitfast_next(generator) >> 56);
        for (size_t j = 0; j < k * n; ++j) b[j] = (int8_t)(bitfast_next(generator) >> 56);
        bitfast_gemm_int8(m, n, k, a, (ptrdiff_t)k, 1, b, (ptrdiff_t)n, 1, c, (ptrdiff_t)n, 1);
        for (size_t j = 0; j < m * n; ++j) bitfast_hash_pattern(hash, (uint32_t)c[j], 4);
        free(a), free(b), free(c);
    }
    return 0;
}

const struct array_function bitfast_array_functions[] = {
    {"sum", sum_64, sum_32}, {"dot", dot_64, dot_32}, {"norm", norm_64, norm_32},
    {"mean", mean_64, mean_32}, {"var", var_64, var_32}, {"std", std_64, std_32}, {"average", average_64, average_32},
    {"prod", prod_64, prod_32}, {"cumulative_sum", cumulative_sum_64, cumulative_sum_32},
    {"gemm", gemm_64, gemm_32}, {"gemm_complex", complex_64, complex_32}, {"gemm_int8", NULL, int8_products},
#define ENTRY(name) {"c" #name, c##name##_64, c##name##_32},
#define COMPLEX_UNARY ENTRY
#define COMPLEX_BINARY ENTRY
#define COMPLEX_TO_REAL ENTRY
#define COMPLEX_ARITHMETIC_1 ENTRY
#define COMPLEX_ARITHMETIC_2 ENTRY
#include "../complex/functions.h"
#undef ENTRY
    {NULL, NULL, NULL},
};
