/* bitfast: sums and products with the same bits on every chip, in any order, with any number of threads.

   Sums (and means, dot products, norms …) are correctly rounded: the exact value, rounded once. So the order of the
   elements, the partition into chunks and the number of workers cannot matter. An accumulator holds the exact value of
   what was added to it; accumulators merge in any order.

   Every element of a matrix product is one chain of fused multiply-adds over k in ascending order, starting with +0:
   s = 0, then s = fma(a[i][p], b[p][j], s) for p = 0 … k-1. Neither blocking nor vectors nor threads break the chain.

   Strides count elements, of complex numbers whole ones, and may be negative or 0; a complex number is two neighbouring
   reals, real part first. Results are never aliased with arguments. Every NaN that is returned is the canonical one.
   Calls see to the floating-point environment themselves as the array functions of bitfast.h do, and big ones use
   its threads. */
#ifndef BITFAST_ARRAYS_H
#define BITFAST_ARRAYS_H

#include "bitfast.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Exact accumulators ---- */

/* The exact sum of everything added, of all float64 numbers and of products of two: fixed point from below 2^-2148 to above
   2^2048, with room for 2^63 additions. To be cleared before its first use; plain memory, so it may be copied. */
typedef struct bitfast_accumulator {
    uint64_t opaque[76];
} bitfast_accumulator;

BITFAST_API void bitfast_accumulator_clear(bitfast_accumulator *a);
/* Adds Σx, Σ|x|, Σx² or Σx·y. */
BITFAST_API void bitfast_accumulator_add(bitfast_accumulator *a, size_t n, const double *x, ptrdiff_t x_stride);
BITFAST_API void bitfast_accumulator_addf(bitfast_accumulator *a, size_t n, const float *x, ptrdiff_t x_stride);
BITFAST_API void bitfast_accumulator_add_absolute(bitfast_accumulator *a, size_t n, const double *x, ptrdiff_t x_stride);
BITFAST_API void bitfast_accumulator_add_absolutef(bitfast_accumulator *a, size_t n, const float *x, ptrdiff_t x_stride);
BITFAST_API void bitfast_accumulator_add_squares(bitfast_accumulator *a, size_t n, const double *x, ptrdiff_t x_stride);
BITFAST_API void bitfast_accumulator_add_squaresf(bitfast_accumulator *a, size_t n, const float *x, ptrdiff_t x_stride);
BITFAST_API void bitfast_accumulator_add_products(bitfast_accumulator *a, size_t n, const double *x, ptrdiff_t x_stride,
                                                  const double *y, ptrdiff_t y_stride);
BITFAST_API void bitfast_accumulator_add_productsf(bitfast_accumulator *a, size_t n, const float *x, ptrdiff_t x_stride,
                                                   const float *y, ptrdiff_t y_stride);
/* a = -a; a += b. */
BITFAST_API void bitfast_accumulator_negate(bitfast_accumulator *a);
BITFAST_API void bitfast_accumulator_merge(bitfast_accumulator *a, const bitfast_accumulator *b);
/* The exact value rounded once, to nearest, ties to even; beyond the range ±infinity. Infinities that were added are the
   result, both kinds of them or a NaN give NaN. A sum of nothing but zeros is -0 if all of them were (and there was
   one), as IEEE addition has it, and +0 otherwise. */
BITFAST_API double bitfast_accumulator_value(const bitfast_accumulator *a);
BITFAST_API float bitfast_accumulator_valuef(const bitfast_accumulator *a);
/* The state as bytes, the same on every chip for the same exact value and the same specials: what may be stored and sent.
   Only zeros differ by how they came about: nothing added, zeros of +0, of -0 or of both, or numbers that cancelled.
   load returns 0, or -1 for bytes that no accumulator has stored. */
#define BITFAST_ACCUMULATOR_BYTES 544
BITFAST_API void bitfast_accumulator_store(const bitfast_accumulator *a, unsigned char *bytes);
BITFAST_API int bitfast_accumulator_load(bitfast_accumulator *a, const unsigned char *bytes);

/* ---- Sums of one array, rounded once ---- */

BITFAST_API double bitfast_sum(size_t n, const double *x, ptrdiff_t x_stride);
BITFAST_API float bitfast_sumf(size_t n, const float *x, ptrdiff_t x_stride);
/* Σx·y; dotf_to_double rounds to double (BLAS's dsdot). */
BITFAST_API double bitfast_dot(size_t n, const double *x, ptrdiff_t x_stride, const double *y, ptrdiff_t y_stride);
BITFAST_API float bitfast_dotf(size_t n, const float *x, ptrdiff_t x_stride, const float *y, ptrdiff_t y_stride);
BITFAST_API double bitfast_dotf_to_double(size_t n, const float *x, ptrdiff_t x_stride, const float *y, ptrdiff_t y_stride);
/* √Σx², rounded once. */
BITFAST_API double bitfast_norm(size_t n, const double *x, ptrdiff_t x_stride);
BITFAST_API float bitfast_normf(size_t n, const float *x, ptrdiff_t x_stride);

/* ---- Matrix products ---- */

/* Up to 16 MiB of memory for rearranged parts of matrices stay kept after a product, for the next one. */

/* c = fma(beta, c, alpha·(a·b)), a of m × k, b of k × n, c of m × n, each with a stride from row to row and from column to
   column. alpha·s is rounded once, then beta·c is added, rounded once; alpha = 1 and beta = 0 change nothing: where beta is 0,
   c is not read; where alpha is 0 or k is 0, a and b are not read and s is +0. Complex: s.re = fma(a.re, b.re, s.re), then
   s.re = fma(-a.im, b.im, s.re), and s.im = fma(a.re, b.im, s.im), then s.im = fma(a.im, b.re, s.im), for each p in turn;
   alpha·s and + beta·c are chains of the same kind (from 0; from alpha·s). conjugate_a, conjugate_b: the sign of the
   imaginary part is changed first. */
#define BITFAST_GEMM(letter, real) \
    BITFAST_API void bitfast_##letter##gemm(size_t m, size_t n, size_t k, real alpha, \
        const real *a, ptrdiff_t a_row, ptrdiff_t a_column, const real *b, ptrdiff_t b_row, ptrdiff_t b_column, \
        real beta, real *c, ptrdiff_t c_row, ptrdiff_t c_column);
BITFAST_GEMM(d, double)
BITFAST_GEMM(s, float)
#define BITFAST_GEMM_COMPLEX(letter, real) \
    BITFAST_API void bitfast_##letter##gemm(size_t m, size_t n, size_t k, const real alpha[2], \
        const real *a, ptrdiff_t a_row, ptrdiff_t a_column, int conjugate_a, \
        const real *b, ptrdiff_t b_row, ptrdiff_t b_column, int conjugate_b, \
        const real beta[2], real *c, ptrdiff_t c_row, ptrdiff_t c_column);
BITFAST_GEMM_COMPLEX(z, double)
BITFAST_GEMM_COMPLEX(c, float)

/* c = a·b of int8 numbers, exactly, as int32 (k up to 2^17 - 1; beyond, modulo 2^32). */
BITFAST_API void bitfast_gemm_int8(size_t m, size_t n, size_t k, const int8_t *a, ptrdiff_t a_row, ptrdiff_t a_column,
    const int8_t *b, ptrdiff_t b_row, ptrdiff_t b_column, int32_t *c, ptrdiff_t c_row, ptrdiff_t c_column);

#ifdef __cplusplus
}
#endif

#endif
