/* Products of integers, one table per level (kernels/integers.c): exact, or modulo 2^bits where they do not fit. Strides
   count elements; c is written, not read. */
#ifndef BITFAST_INTEGER_PRODUCTS_H
#define BITFAST_INTEGER_PRODUCTS_H

#include <stddef.h>
#include <stdint.h>

typedef void integer_product(size_t m, size_t n, size_t k, const void *a, ptrdiff_t a_row, ptrdiff_t a_column,
                             const void *b, ptrdiff_t b_row, ptrdiff_t b_column, void *c, ptrdiff_t c_row,
                             ptrdiff_t c_column);

struct integer_kernels {
    /* Signed and unsigned numbers have the same bits. Truth values: whether there is a p with both a[i][p] and b[p][j]. */
    integer_product *of_8_bits, *of_16_bits, *of_32_bits, *of_64_bits, *of_truth_values;
    integer_product *of_int8_to_int32;
};

#endif
