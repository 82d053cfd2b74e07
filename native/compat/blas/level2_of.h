/* Level 2 for one type. */
#include "lines_of.h"

ROUTINE(matrix_vector) {
    REQUIRE(is_trans(trans), 1);
    REQUIRE(m >= 0, 2);
    REQUIRE(n >= 0, 3);
    REQUIRE(is_leading(layout, m, n, lda), 6);
    REQUIRE(incx != 0, 8);
    REQUIRE(incy != 0, 11);
    if (m == 0 || n == 0 || (OF(is)(alpha, 0) && OF(is)(beta, 1))) return;
    int rows = trans == CblasNoTrans ? m : n, columns = trans == CblasNoTrans ? n : m;
    int contiguous_columns = (layout == CblasColMajor) == (trans == CblasNoTrans);
    x = OF(start)(x, columns, incx);
    y = (ELEMENT *)OF(start)(y, rows, incy);
    GEMM((size_t)rows, 1, (size_t)columns, alpha, a, contiguous_columns ? 1 : lda, contiguous_columns ? lda : 1,
         trans == CblasConjTrans, x, incx, 1, 0, beta, y, incy, 1);
}

ROUTINE(band_vector) {
    REQUIRE(is_trans(trans), 1);
    REQUIRE(m >= 0, 2);
    REQUIRE(n >= 0, 3);
    REQUIRE(kl >= 0, 4);
    REQUIRE(ku >= 0, 5);
    REQUIRE(lda > (ptrdiff_t)kl + ku, 8);
    REQUIRE(incx != 0, 10);
    REQUIRE(incy != 0, 13);
    if (m == 0 || n == 0 || (OF(is)(alpha, 0) && OF(is)(beta, 1))) return;
    const int by_columns = layout == CblasColMajor, exchanged = trans != CblasNoTrans;
    const ptrdiff_t across = by_columns ^ exchanged ? 1 : lda - 1, along = by_columns ^ exchanged ? lda - 1 : 1;
    const ptrdiff_t rows = exchanged ? n : m, columns = exchanged ? m : n;
    const ptrdiff_t below = exchanged ? ku : kl, above = exchanged ? kl : ku;
    a += by_columns ? ku : kl;
    x = OF(start)(x, (int)columns, incx);
    y = (ELEMENT *)OF(start)(y, (int)rows, incy);
    for (ptrdiff_t i = 0; i < rows; ++i) {
        ptrdiff_t first = i > below ? i - below : 0, end = columns - i > above ? i + above + 1 : columns;
        ELEMENT s = OF(number)(0);
        if (first < end && !OF(is)(alpha, 0))
            CHAINS(sum)((size_t)(end - first), BITS(a + i * across + first * along), along, 0, trans == CblasConjTrans,
                        0, BITS(x + first * incx), incx, (REAL *)&s);
        y[i * incy] = OF(finished)(alpha, s, beta, &y[i * incy]);
    }
}

ROUTINE(symmetric_vector) {
    REQUIRE(is_uplo(uplo), 1);
    REQUIRE(n >= 0, 2);
    REQUIRE(is_leading(layout, n, n, lda), 5);
    REQUIRE(incx != 0, 7);
    REQUIRE(incy != 0, 10);
    if (n == 0 || (OF(is)(alpha, 0) && OF(is)(beta, 1))) return;
    struct triangle t = full_triangle(layout, uplo, n, lda);
    OF(bitfast_blas_symmetric)(&t, by.variant & HERMITIAN, 1, alpha, BITS(a), BITS(OF(start)(x, n, incx)), incx, 1,
                               beta, (REAL *)OF(start)(y, n, incy), incy, 1);
}

ROUTINE(symmetric_band_vector) {
    REQUIRE(is_uplo(uplo), 1);
    REQUIRE(n >= 0, 2);
    REQUIRE(k >= 0, 3);
    REQUIRE(lda > k, 6);
    REQUIRE(incx != 0, 8);
    REQUIRE(incy != 0, 11);
    if (n == 0 || (OF(is)(alpha, 0) && OF(is)(beta, 1))) return;
    struct triangle t = band_triangle(layout, uplo, n, k, lda);
    OF(symmetric_lines)(&t, by.variant & HERMITIAN, a + band_offset(layout, uplo, k), alpha, OF(start)(x, n, incx),
                        incx, beta, (ELEMENT *)OF(start)(y, n, incy), incy);
}

ROUTINE(symmetric_packed_vector) {
    REQUIRE(is_uplo(uplo), 1);
    REQUIRE(n >= 0, 2);
    REQUIRE(incx != 0, 6);
    REQUIRE(incy != 0, 9);
    if (n == 0 || (OF(is)(alpha, 0) && OF(is)(beta, 1))) return;
    struct triangle t = packed_triangle(layout, uplo, n);
    OF(symmetric_lines)(&t, by.variant & HERMITIAN, a, alpha, OF(start)(x, n, incx), incx, beta,
                        (ELEMENT *)OF(start)(y, n, incy), incy);
}

static void OF(by_lines)(struct triangle t, int trans, int diag, int solve, const ELEMENT *a, ELEMENT *x, int incx) {
    if (t.n == 0) return;
    x = (ELEMENT *)OF(start)(x, (int)t.n, incx);
    if (trans != CblasNoTrans) t = transposed(t);
    if (solve) OF(triangle_solve)(&t, trans == CblasConjTrans, diag == CblasUnit, a, x, incx);
    else OF(triangle_multiply)(&t, trans == CblasConjTrans, diag == CblasUnit, a, x, incx);
}

ROUTINE(triangular_vector) {
    REQUIRE(is_uplo(uplo), 1);
    REQUIRE(is_trans(trans), 2);
    REQUIRE(is_diag(diag), 3);
    REQUIRE(n >= 0, 4);
    REQUIRE(is_leading(layout, n, n, lda), 6);
    REQUIRE(incx != 0, 8);
    if (n == 0) return;
    struct triangle t = full_triangle(layout, uplo, n, lda);
    if (trans != CblasNoTrans) t = transposed(t);
    ELEMENT one = OF(number)(1);
    (by.variant & SOLVE ? OF(bitfast_blas_solve) : OF(bitfast_blas_multiply))(
        &t, trans == CblasConjTrans, diag == CblasUnit, 1, one, BITS(a), (REAL *)OF(start)(x, n, incx), incx, 1);
}

ROUTINE(triangular_band_vector) {
    REQUIRE(is_uplo(uplo), 1);
    REQUIRE(is_trans(trans), 2);
    REQUIRE(is_diag(diag), 3);
    REQUIRE(n >= 0, 4);
    REQUIRE(k >= 0, 5);
    REQUIRE(lda > k, 7);
    REQUIRE(incx != 0, 9);
    OF(by_lines)(band_triangle(layout, uplo, n, k, lda), trans, diag, by.variant & SOLVE,
                 a + band_offset(layout, uplo, k), x, incx);
}

ROUTINE(triangular_packed_vector) {
    REQUIRE(is_uplo(uplo), 1);
    REQUIRE(is_trans(trans), 2);
    REQUIRE(is_diag(diag), 3);
    REQUIRE(n >= 0, 4);
    REQUIRE(incx != 0, 7);
    OF(by_lines)(packed_triangle(layout, uplo, n), trans, diag, by.variant & SOLVE, a, x, incx);
}

/* a[i][j] = chain(a[i][j], alpha·x[i], y[j]) for i < m, j < n; of an upper triangle only i <= j. Along columns of a
   where these are neighbours in memory, else along rows. */
static void OF(update)(const struct triangle *t, int only_upper, ptrdiff_t m, ptrdiff_t n, ELEMENT alpha,
                       const ELEMENT *x,
                       ptrdiff_t incx, int conjugate_x, const ELEMENT *y, ptrdiff_t incy, int conjugate_y, ELEMENT *a) {
    enum { BLOCK = 256 };
    ELEMENT scaled[BLOCK];
    const int by_columns = line_from(t, 0, 0, 0, 0).stride == 1 && line_from(t, 0, 0, 0, 0).growth == 0;
    for (ptrdiff_t begin = 0; begin < m; begin += BLOCK) {
        ptrdiff_t end = m - begin < BLOCK ? m : begin + BLOCK;
        for (ptrdiff_t i = begin; i < end; ++i)
            scaled[i - begin] = OF(times)(alpha, OF(conjugate)(conjugate_x, x[i * incx]));
        if (by_columns) {
            for (ptrdiff_t j = only_upper ? begin : 0; j < n; ++j) {
                ptrdiff_t count = (only_upper && j + 1 < end ? j + 1 : end) - begin;
                struct line l = line_from(t, begin, j, 0, 0);
                ELEMENT factor = OF(conjugate)(conjugate_y, y[j * incy]);
                CHAINS(update)((size_t)count, BITS(scaled), 1, 0, 0, BITS(&factor), 0, (REAL *)(a + l.first), l.stride,
                               l.growth);
            }
        } else {
            for (ptrdiff_t i = begin; i < end; ++i) {
                ptrdiff_t first = only_upper ? i : 0;
                struct line l = line_from(t, i, first, 1, 0);
                CHAINS(update)((size_t)(n - first), BITS(y + first * incy), incy, 0, conjugate_y,
                               BITS(&scaled[i - begin]), 1, (REAL *)(a + l.first), l.stride, l.growth);
            }
        }
    }
}

ROUTINE(rank_1) {
    REQUIRE(m >= 0, 1);
    REQUIRE(n >= 0, 2);
    REQUIRE(incx != 0, 5);
    REQUIRE(incy != 0, 7);
    REQUIRE(is_leading(layout, m, n, lda), 9);
    if (m == 0 || n == 0 || OF(is)(alpha, 0)) return;
    struct triangle t = full_triangle(layout, CblasUpper, n, lda);
    OF(update)(&t, 0, m, n, alpha, OF(start)(x, m, incx), incx, 0, OF(start)(y, n, incy), incy, by.variant & CONJUGATED,
               a);
}

/* Rank 1, or 2 where there is a y. A lower triangle is the upper one of the transpose, which is conjugate to the
   Hermitian matrix: an element and its mirror image come of the same operations. */
static void OF(symmetric_update)(struct triangle t, int hermitian, ELEMENT alpha, const ELEMENT *x, int incx,
                                 const ELEMENT *y, int incy, ELEMENT *a) {
    const ptrdiff_t n = t.n;
    const int mirrored = hermitian && t.lower;
    if (n == 0 || OF(is)(alpha, 0)) return;
    if (t.lower) t = transposed(t);
    x = OF(start)(x, (int)n, incx);
    if (hermitian)
        for (ptrdiff_t i = 0; i < n; ++i) a[place(&t, i, i)] = OF(real_part)(a[place(&t, i, i)]);
    if (!y) {
        OF(update)(&t, 1, n, n, alpha, x, incx, mirrored, x, incx, hermitian && !mirrored, a);
    } else {
        y = OF(start)(y, (int)n, incy);
        OF(update)(&t, 1, n, n, OF(conjugate)(mirrored, alpha), x, incx, mirrored, y, incy, hermitian && !mirrored, a);
        OF(update)(&t, 1, n, n, OF(conjugate)(hermitian && !mirrored, alpha), y, incy, mirrored, x, incx,
                   hermitian && !mirrored, a);
    }
    if (hermitian)
        for (ptrdiff_t i = 0; i < n; ++i) a[place(&t, i, i)] = OF(real_part)(a[place(&t, i, i)]);
}

ROUTINE(symmetric_rank_1) {
    REQUIRE(is_uplo(uplo), 1);
    REQUIRE(n >= 0, 2);
    REQUIRE(incx != 0, 5);
    REQUIRE(is_leading(layout, n, n, lda), 7);
    OF(symmetric_update)(full_triangle(layout, uplo, n, lda), by.variant & HERMITIAN, OF(number)(alpha), x, incx, NULL,
                         0, a);
}

ROUTINE(packed_rank_1) {
    REQUIRE(is_uplo(uplo), 1);
    REQUIRE(n >= 0, 2);
    REQUIRE(incx != 0, 5);
    OF(symmetric_update)(packed_triangle(layout, uplo, n), by.variant & HERMITIAN, OF(number)(alpha), x, incx, NULL, 0,
                         a);
}

ROUTINE(symmetric_rank_2) {
    REQUIRE(is_uplo(uplo), 1);
    REQUIRE(n >= 0, 2);
    REQUIRE(incx != 0, 5);
    REQUIRE(incy != 0, 7);
    REQUIRE(is_leading(layout, n, n, lda), 9);
    OF(symmetric_update)(full_triangle(layout, uplo, n, lda), by.variant & HERMITIAN, alpha, x, incx, y, incy, a);
}

ROUTINE(packed_rank_2) {
    REQUIRE(is_uplo(uplo), 1);
    REQUIRE(n >= 0, 2);
    REQUIRE(incx != 0, 5);
    REQUIRE(incy != 0, 7);
    OF(symmetric_update)(packed_triangle(layout, uplo, n), by.variant & HERMITIAN, alpha, x, incx, y, incy, a);
}

NAMES(gemv, matrix_vector, PLAIN)
NAMES(gbmv, band_vector, PLAIN)
NAMES(trmv, triangular_vector, PLAIN)
NAMES(trsv, triangular_vector, SOLVE)
NAMES(tbmv, triangular_band_vector, PLAIN)
NAMES(tbsv, triangular_band_vector, SOLVE)
NAMES(tpmv, triangular_packed_vector, PLAIN)
NAMES(tpsv, triangular_packed_vector, SOLVE)
#if COMPLEX
NAMES(hemv, symmetric_vector, HERMITIAN)
NAMES(hbmv, symmetric_band_vector, HERMITIAN)
NAMES(hpmv, symmetric_packed_vector, HERMITIAN)
NAMES(geru, rank_1, PLAIN)
NAMES(gerc, rank_1, CONJUGATED)
NAMES(her, symmetric_rank_1, HERMITIAN)
NAMES(hpr, packed_rank_1, HERMITIAN)
NAMES(her2, symmetric_rank_2, HERMITIAN)
NAMES(hpr2, packed_rank_2, HERMITIAN)
#else
NAMES(symv, symmetric_vector, PLAIN)
NAMES(sbmv, symmetric_band_vector, PLAIN)
NAMES(spmv, symmetric_packed_vector, PLAIN)
NAMES(ger, rank_1, PLAIN)
NAMES(syr, symmetric_rank_1, PLAIN)
NAMES(spr, packed_rank_1, PLAIN)
NAMES(syr2, symmetric_rank_2, PLAIN)
NAMES(spr2, packed_rank_2, PLAIN)
#endif
