/* Sums of columns side by side, in vectors (kernels/columns.c): one table per level. */
#ifndef BITFAST_COLUMNS_H
#define BITFAST_COLUMNS_H

#include <stddef.h>
#include <stdint.h>

enum { COLUMNS = 64, COLUMNS_STEP = 16 };

/* What is summed: x; |x|; x²; xy; x and x²; xy and y. */
enum column_sums {
    COLUMN_PLAIN, COLUMN_ABSOLUTE, COLUMN_SQUARES, COLUMN_PRODUCTS, COLUMN_MOMENTS, COLUMN_WEIGHTED
};
enum column_result {
    COLUMN_SUM, COLUMN_PRODUCT_SUM, COLUMN_NORM, COLUMN_MEAN, COLUMN_VARIANCE, COLUMN_DEVIATION, COLUMN_AVERAGE
};
enum column_format { COLUMN_F64, COLUMN_F32, COLUMN_F16 };

struct column_block {
    const char *x, *y;          /* rows of neighbouring float64 or float32 numbers; steps in bytes */
    ptrdiff_t x_step, y_step;
    size_t rows;
    int columns;                /* a multiple of COLUMNS_STEP up to COLUMNS */
    int is_f32;
    double *first, *second;     /* the running sums: three times COLUMNS numbers, -0, 0, 0 before the first row */
};

struct column_kernels {
    void (*add)(const struct column_block *b, enum column_sums sums);
    /* Writes each column's result, rounded once, and returns a bit for each column of which it is not certain. `counts`
       are the numbers of elements. */
    uint64_t (*finish)(const struct column_block *b, enum column_result result, double correction,
                       enum column_format format, const double *counts, double *values);
};

#endif
