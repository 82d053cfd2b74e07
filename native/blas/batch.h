/* Many products of one shape (batch.c): what Python's matmul does, of floating-point numbers and integers. */
#ifndef BITFAST_BATCH_H
#define BITFAST_BATCH_H

#include <stddef.h>

enum product_kind {
    PRODUCT_F32, PRODUCT_F64, PRODUCT_C32, PRODUCT_C64,
    PRODUCT_8_BITS, PRODUCT_16_BITS, PRODUCT_32_BITS, PRODUCT_64_BITS, PRODUCT_TRUTH_VALUES, PRODUCT_INT8_TO_INT32,
};

/* Of `count` matrices that are `item` apart; strides in elements of the kind, as bitfast_dgemm has them. */
struct matrices { char *first; ptrdiff_t item_bytes, row, column; };

struct batch {
    enum product_kind kind;
    int conjugate_a;
    size_t count, m, n, k;
    struct matrices a, b, c;
};

/* Each c = a·b. The caller's environment is kept. */
void bitfast_product_batch(const struct batch *batch);

#endif
