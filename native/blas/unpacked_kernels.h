/* What products without packing do in vectors, one table per level (kernels/unpacked.c). Strides count elements. */
#ifndef BITFAST_UNPACKED_KERNELS_H
#define BITFAST_UNPACKED_KERNELS_H

#include <stddef.h>

/* Whose imaginary parts change their sign, and whether the matrix is the left factor: the chain of a complex product's
   imaginary part starts with left.re · right.im. */
struct complex_roles { int conjugate_matrix, conjugate_vector, matrix_is_left; };

#define UNPACKED_KERNELS(real, type, complex) \
    /* c = a·b; b's columns are neighbours. The product of complex numbers conjugates as it is told. */ \
    void (*small_##type)(size_t m, size_t n, size_t k, const real *a, ptrdiff_t a_row, ptrdiff_t a_column, \
                         const real *b, ptrdiff_t b_row, real *c, ptrdiff_t c_row, ptrdiff_t c_column); \
    void (*small_##complex)(size_t m, size_t n, size_t k, const real *a, ptrdiff_t a_row, ptrdiff_t a_column, \
                            int conjugate_a, const real *b, ptrdiff_t b_row, int conjugate_b, real *c, \
                            ptrdiff_t c_row, ptrdiff_t c_column); \
    /* Continues the chains s[0 … rows - 1] by `columns` columns of a matrix, whose rows are neighbours. */ \
    void (*columns_##type)(size_t rows, size_t columns, const real *from, ptrdiff_t column, const real *x, \
                           ptrdiff_t x_stride, real *s); \
    void (*columns_##complex)(size_t rows, size_t columns, const real *from, ptrdiff_t column, const real *x, \
                              ptrdiff_t x_stride, real *s, struct complex_roles roles);

struct unpacked_kernels {
    UNPACKED_KERNELS(double, f64, c64)
    UNPACKED_KERNELS(float, f32, c32)
    /* to[j·to_row + i] = from[i·from_row + j·from_column], items of 4, 8 and 16 bytes. */
    void (*transpose_4)(size_t rows, size_t columns, const void *from, ptrdiff_t from_row, ptrdiff_t from_column,
                        void *to, size_t to_row);
    void (*transpose_8)(size_t rows, size_t columns, const void *from, ptrdiff_t from_row, ptrdiff_t from_column,
                        void *to, size_t to_row);
    void (*transpose_16)(size_t rows, size_t columns, const void *from, ptrdiff_t from_row, ptrdiff_t from_column,
                         void *to, size_t to_row);
};

#endif
