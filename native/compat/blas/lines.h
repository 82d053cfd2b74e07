/* Triangles of full, banded and packed matrices, of which every row and column is a line (blas/chains.h). */
#ifndef BITFAST_BLAS_LINES_H
#define BITFAST_BLAS_LINES_H

#include <stddef.h>

/* Where the element (i, j) is: at i·row + j·column; or, in packed triangles of n columns by columns, at i + j(j+1)/2
   (upper, GROWING) or i + j(2n-j-1)/2 (lower, SHRINKING). */
enum packing { STRIDED, GROWING, SHRINKING };

struct triangle {
    enum packing packing;
    ptrdiff_t row, column;
    int exchanged;  /* i and j */
    int lower;      /* which of its triangles there is */
    ptrdiff_t n, width;  /* of elements beside the diagonal */
};

struct line { ptrdiff_t first, stride, growth; };

static inline ptrdiff_t place(const struct triangle *t, ptrdiff_t i, ptrdiff_t j) {
    if (t->exchanged) {
        ptrdiff_t k = i;
        i = j;
        j = k;
    }
    return t->packing == STRIDED ? i * t->row + j * t->column
                                 : i + (t->packing == GROWING ? j * (j + 1) / 2 : j * (2 * t->n - j - 1) / 2);
}

/* From (i, j) on along row i (or column j), forwards or backwards. */
static inline struct line line_from(const struct triangle *t, ptrdiff_t i, ptrdiff_t j, int along_row, int back) {
    struct line l = {place(t, i, j), 1, 0};
    if (t->packing == STRIDED) {
        l.stride = along_row ^ t->exchanged ? t->column : t->row;
    } else if (along_row ^ t->exchanged) {
        ptrdiff_t from = t->exchanged ? i : j;
        l.stride = t->packing == GROWING ? from + !back : t->n - from - !back;
        l.growth = t->packing == GROWING ? 1 : -1;
    }
    if (back) l.stride = -l.stride;
    return l;
}

static inline struct triangle transposed(struct triangle t) {
    t.exchanged ^= 1;
    t.lower ^= 1;
    return t;
}

static inline struct triangle full_triangle(int layout, int uplo, int n, int leading) {
    int by_columns = layout == CblasColMajor;
    return (struct triangle){STRIDED, by_columns ? 1 : leading, by_columns ? leading : 1, 0, uplo == CblasLower, n, n};
}

/* Its elements begin at offset `width` where the diagonal is the last row or column of the array. */
static inline struct triangle band_triangle(int layout, int uplo, int n, int width, int leading) {
    struct triangle t = full_triangle(layout, uplo, n, leading - 1);
    t.width = width;
    return t;
}
static inline ptrdiff_t band_offset(int layout, int uplo, int width) {
    return (uplo == CblasUpper) == (layout == CblasColMajor) ? width : 0;
}

static inline struct triangle packed_triangle(int layout, int uplo, int n) {
    int by_rows = layout == CblasRowMajor, lower = uplo == CblasLower;
    return (struct triangle){lower ^ by_rows ? SHRINKING : GROWING, 0, 0, by_rows, lower, n, n};
}

#endif
