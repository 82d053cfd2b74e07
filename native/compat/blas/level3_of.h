/* Level 3 for one type. */
#include "lines_of.h"

/* ---- Symmetric and Hermitian matrices: rows of them written out in full, then gemm. ---- */

static void OF(write_out)(const struct triangle *t, int hermitian, const ELEMENT *a, ptrdiff_t begin, ptrdiff_t end,
                          ELEMENT *to) {
    const ptrdiff_t rows = end - begin;
    for (ptrdiff_t j = 0; j < t->n; ++j, to += rows) {
        /* Of column j, rows before the diagonal and after it: as they are stored, or as the mirror image is. */
        ptrdiff_t middle = j < begin ? begin : j < end ? j : end;
        for (int after = 0; after < 2; ++after) {
            ptrdiff_t i = after ? middle : begin, stop = after ? end : middle;
            const int stored = t->lower == after;
            struct line l = stored ? line_from(t, i, j, 0, 0) : line_from(t, j, i, 1, 0);
            const ELEMENT *from = a + l.first;
            for (; i < stop; ++i, from += l.stride) to[i - begin] = OF(conjugate)(hermitian && !stored, *from);
        }
        if (hermitian && j >= begin && j < end) to[j - begin] = OF(real_part)(a[place(t, j, j)]);
    }
}

void OF(bitfast_blas_symmetric)(const struct triangle *t, int hermitian, ptrdiff_t n, ELEMENT alpha, const REAL *a_,
                                const REAL *b_, ptrdiff_t b_row, ptrdiff_t b_column, ELEMENT beta, REAL *c_,
                                ptrdiff_t c_row, ptrdiff_t c_column) {
    const ELEMENT *a = (const ELEMENT *)a_, *b = (const ELEMENT *)b_;
    ELEMENT *c = (ELEMENT *)c_;
    ptrdiff_t rows = EXPANDED / t->n;
    if (rows < LEAST_ROWS) rows = LEAST_ROWS;
    if (rows > t->n) rows = t->n;
    ELEMENT *full = OF(is)(alpha, 0) ? NULL : malloc((size_t)rows * (size_t)t->n * sizeof *full);
    if (!full) {
        for (ptrdiff_t j = 0; j < n; ++j)
            OF(symmetric_lines)(t, hermitian, a, alpha, b + j * b_column, b_row, beta, c + j * c_column, c_row);
        return;
    }
    for (ptrdiff_t begin = 0; begin < t->n; begin += rows) {
        ptrdiff_t end = t->n - begin < rows ? t->n : begin + rows;
        OF(write_out)(t, hermitian, a, begin, end, full);
        GEMM((size_t)(end - begin), (size_t)n, (size_t)t->n, alpha, full, 1, end - begin, 0, b, b_row, b_column, 0,
             beta, c + begin * c_row, c_row, c_column);
    }
    free(full);
}

/* ---- Triangular matrices: halves, of which the square part is gemm's. ---- */

/* A triangle at the diagonal, by rows and columns: its elements a[i·row + j·column]. */
struct OF(triangular) {
    ptrdiff_t row, column;
    int lower, conjugate, unit;
};

/* A strip of B as an array of its own, row after row. */
static void OF(copy_strip)(ptrdiff_t m, ptrdiff_t n, ELEMENT alpha, const ELEMENT *from, ptrdiff_t from_row,
                           ptrdiff_t from_column, ELEMENT *to, ptrdiff_t to_row, ptrdiff_t to_column) {
    enum { TILE = 16 };
    for (ptrdiff_t begin = 0; begin < m; begin += TILE)
        for (ptrdiff_t start = 0; start < n; start += TILE)
            for (ptrdiff_t i = begin; i < m && i < begin + TILE; ++i)
                for (ptrdiff_t j = start; j < n && j < start + TILE; ++j)
                    to[i * to_row + j * to_column] = OF(times)(alpha, from[i * from_row + j * from_column]);
}

/* s = chains of the triangle times w, going on from s. */
static void OF(multiply_small)(const struct OF(triangular) *t, size_t m, size_t n, const ELEMENT *a, const ELEMENT *w,
                               ELEMENT *s) {
    for (size_t p = 0; p < m; ++p) {
        const ELEMENT *column = a + (ptrdiff_t)p * t->column, *from = w + p * n;
        size_t first = t->lower ? p + t->unit : 0, end = t->lower ? m : p + !t->unit;
        if (n < FEW) {
            for (size_t j = 0; j < n; ++j)
                CHAINS(update)(end - first, BITS(column + (ptrdiff_t)first * t->row), t->row, 0, t->conjugate,
                               BITS(from + j), 0, (REAL *)(s + first * n + j), (ptrdiff_t)n, 0);
        } else {
            for (size_t i = first; i < end; ++i) {
                ELEMENT factor = OF(conjugate)(t->conjugate, column[(ptrdiff_t)i * t->row]);
                CHAINS(update)(n, BITS(from), 1, 0, 0, BITS(&factor), 1, (REAL *)(s + i * n), 1, 0);
            }
        }
        if (t->unit)
            for (size_t j = 0; j < n; ++j) s[p * n + j] = OF(plus)(s[p * n + j], from[j]);
    }
}

static void OF(multiply_halves)(const struct OF(triangular) *t, size_t m, size_t n, const ELEMENT *a, const ELEMENT *w,
                                ELEMENT *s) {
    if (m <= TRIANGLE) {
        OF(multiply_small)(t, m, n, a, w, s);
        return;
    }
    size_t top = half(m, TRIANGLE), rest = m - top;
    const ELEMENT *square = a + (ptrdiff_t)top * (t->lower ? t->row : t->column);
    const ELEMENT *corner = a + (ptrdiff_t)top * (t->row + t->column);
    const ptrdiff_t row = (ptrdiff_t)n;
    OF(multiply_halves)(t, top, n, a, w, s);
    if (t->lower)
        GEMM_CONTINUE(rest, n, top, BITS(square), t->row, t->column, t->conjugate, BITS(w), row, 1, 0,
                      (REAL *)(s + top * n), row, 1);
    else
        GEMM_CONTINUE(top, n, rest, BITS(square), t->row, t->column, t->conjugate, BITS(w + top * n), row, 1, 0,
                      (REAL *)s, row, 1);
    OF(multiply_halves)(t, rest, n, corner, w + top * n, s + top * n);
}

/* w = the solution of the lower triangle, for the right sides w; `negative` gets -w. */
static void OF(solve_small)(const struct OF(triangular) *t, size_t m, size_t n, const ELEMENT *a, ELEMENT *w,
                            ELEMENT *negative) {
    for (size_t p = 0; p < m; ++p) {
        const ELEMENT *column = a + (ptrdiff_t)p * t->column;
        ELEMENT *found = w + p * n;
        ELEMENT diagonal = t->unit ? OF(number)(1) : OF(conjugate)(t->conjugate, column[(ptrdiff_t)p * t->row]);
        if (!t->unit)
            for (size_t j = 0; j < n; ++j) found[j] = OF(quotient)(found[j], diagonal);
        for (size_t j = 0; j < n; ++j) negative[p * n + j] = OF(negative)(found[j]);
        if (n < FEW) {
            for (size_t j = 0; j < n; ++j)
                CHAINS(update)(m - p - 1, BITS(column + (ptrdiff_t)(p + 1) * t->row), t->row, 0, t->conjugate,
                               BITS(&negative[p * n + j]), 0, (REAL *)(w + (p + 1) * n + j), (ptrdiff_t)n, 0);
        } else {
            for (size_t i = p + 1; i < m; ++i) {
                ELEMENT factor = OF(conjugate)(t->conjugate, column[(ptrdiff_t)i * t->row]);
                CHAINS(update)(n, BITS(negative + p * n), 1, 0, 0, BITS(&factor), 1, (REAL *)(w + i * n), 1, 0);
            }
        }
    }
}

static void OF(solve_halves)(const struct OF(triangular) *t, size_t m, size_t n, const ELEMENT *a, ELEMENT *w,
                             ELEMENT *negative) {
    if (m <= TRIANGLE) {
        OF(solve_small)(t, m, n, a, w, negative);
        return;
    }
    size_t top = half(m, TRIANGLE), rest = m - top;
    const ptrdiff_t row = (ptrdiff_t)n;
    OF(solve_halves)(t, top, n, a, w, negative);
    GEMM_CONTINUE(rest, n, top, BITS(a + (ptrdiff_t)top * t->row), t->row, t->column, t->conjugate, BITS(negative), row,
                  1, 0, (REAL *)(w + top * n), row, 1);
    OF(solve_halves)(t, rest, n, a + (ptrdiff_t)top * (t->row + t->column), w + top * n, negative + top * n);
}

/* Two strips for B, as many columns as there is memory for, at most `most`; NULL where there is none. */
static ELEMENT *OF(strips)(ptrdiff_t m, ptrdiff_t most, ptrdiff_t *columns) {
    for (*columns = most < STRIP ? most : STRIP; *columns > 0; *columns /= 2) {
        ELEMENT *memory = malloc(2 * (size_t)m * (size_t)*columns * sizeof *memory);
        if (memory) return memory;
    }
    return NULL;
}

static void OF(zeros)(ptrdiff_t m, ptrdiff_t n, ELEMENT *b, ptrdiff_t b_row, ptrdiff_t b_column) {
    for (ptrdiff_t j = 0; j < n; ++j)
        for (ptrdiff_t i = 0; i < m; ++i) b[i * b_row + j * b_column] = OF(number)(0);
}

static struct OF(triangular) OF(triangular_of)(const struct triangle *t, int conjugate, int unit) {
    return (struct OF(triangular)){t->exchanged ? t->column : t->row, t->exchanged ? t->row : t->column, t->lower,
                                   conjugate, unit};
}

void OF(bitfast_blas_multiply)(const struct triangle *t, int conjugate, int unit, ptrdiff_t n, ELEMENT alpha,
                               const REAL *a_, REAL *b_, ptrdiff_t b_row, ptrdiff_t b_column) {
    const ELEMENT *a = (const ELEMENT *)a_;
    ELEMENT *b = (ELEMENT *)b_;
    const ptrdiff_t m = t->n;
    if (OF(is)(alpha, 0)) {
        OF(zeros)(m, n, b, b_row, b_column);
        return;
    }
    struct OF(triangular) triangular = OF(triangular_of)(t, conjugate, unit);
    ptrdiff_t columns;
    ELEMENT *w = OF(strips)(m, n, &columns);
    for (ptrdiff_t begin = 0; begin < n; begin += w ? columns : 1) {
        ELEMENT *strip = b + begin * b_column;
        if (w) {
            ptrdiff_t count = n - begin < columns ? n - begin : columns;
            ELEMENT *s = w + m * count;
            OF(copy_strip)(m, count, OF(number)(1), strip, b_row, b_column, w, count, 1);
            OF(zeros)(m * count, 1, s, 1, 1);
            OF(multiply_halves)(&triangular, (size_t)m, (size_t)count, a, w, s);
            OF(copy_strip)(m, count, alpha, s, count, 1, strip, b_row, b_column);
        } else {
            OF(triangle_multiply)(t, conjugate, unit, a, strip, b_row);
            OF(copy_strip)(m, 1, alpha, strip, b_row, 1, strip, b_row, 1);
        }
    }
    free(w);
}

/* An upper triangle is a lower one from its end on. */
void OF(bitfast_blas_solve)(const struct triangle *t, int conjugate, int unit, ptrdiff_t n, ELEMENT alpha,
                            const REAL *a_, REAL *b_, ptrdiff_t b_row, ptrdiff_t b_column) {
    const ELEMENT *a = (const ELEMENT *)a_;
    ELEMENT *b = (ELEMENT *)b_;
    const ptrdiff_t m = t->n;
    if (OF(is)(alpha, 0)) {
        OF(zeros)(m, n, b, b_row, b_column);
        return;
    }
    struct OF(triangular) triangular = OF(triangular_of)(t, conjugate, unit);
    const ELEMENT *first = a;
    ptrdiff_t own_row = b_row;
    ELEMENT *own = b;
    if (!t->lower) {
        first += (m - 1) * (triangular.row + triangular.column);
        own += (m - 1) * b_row;
        own_row = -b_row;
        triangular.row = -triangular.row;
        triangular.column = -triangular.column;
    }
    ptrdiff_t columns;
    ELEMENT *w = OF(strips)(m, n, &columns);
    for (ptrdiff_t begin = 0; begin < n; begin += w ? columns : 1) {
        if (w) {
            ptrdiff_t count = n - begin < columns ? n - begin : columns;
            ELEMENT *strip = own + begin * b_column;
            OF(copy_strip)(m, count, alpha, strip, own_row, b_column, w, count, 1);
            OF(solve_halves)(&triangular, (size_t)m, (size_t)count, first, w, w + m * count);
            OF(copy_strip)(m, count, OF(number)(1), w, count, 1, strip, own_row, b_column);
        } else {
            ELEMENT *strip = b + begin * b_column;
            OF(copy_strip)(m, 1, alpha, strip, b_row, 1, strip, b_row, 1);
            OF(triangle_solve)(t, conjugate, unit, a, strip, b_row);
        }
    }
    free(w);
}

/* ---- Updates of rank k: the upper triangle of a product. ---- */

struct OF(factors) {
    size_t k;
    const ELEMENT *a, *b;
    ptrdiff_t a_row, a_column, b_row, b_column;
    int conjugate_a, conjugate_b, hermitian;
    ELEMENT alpha, beta;
};

/* Rows and columns first … first + n - 1 of C's upper triangle; c is its first element. */
static void OF(upper_product)(const struct OF(factors) *f, ptrdiff_t first, size_t n, ELEMENT *c, ptrdiff_t c_row,
                              ptrdiff_t c_column) {
    const ELEMENT *a = f->a + first * f->a_row, *b = f->b + first * f->b_column;
    if (n > DIAGONAL) {
        size_t left = half(n, DIAGONAL);
        ptrdiff_t middle = (ptrdiff_t)left;
        OF(upper_product)(f, first, left, c, c_row, c_column);
        GEMM(left, n - left, f->k, f->alpha, a, f->a_row, f->a_column, f->conjugate_a, b + middle * f->b_column,
             f->b_row, f->b_column, f->conjugate_b, f->beta, c + middle * c_column, c_row, c_column);
        OF(upper_product)(f, first + middle, n - left, c + middle * (c_row + c_column), c_row, c_column);
        return;
    }
    ELEMENT block[DIAGONAL * DIAGONAL];
    memset(block, 0, sizeof block);
    if (!OF(is)(f->beta, 0))
        for (size_t j = 0; j < n; ++j) {
            for (size_t i = 0; i <= j; ++i) block[i + j * n] = c[(ptrdiff_t)i * c_row + (ptrdiff_t)j * c_column];
            if (f->hermitian) block[j + j * n] = OF(real_part)(block[j + j * n]);
        }
    GEMM(n, n, f->k, f->alpha, a, f->a_row, f->a_column, f->conjugate_a, b, f->b_row, f->b_column, f->conjugate_b,
         f->beta, block, 1, (ptrdiff_t)n);
    for (size_t j = 0; j < n; ++j) {
        if (f->hermitian) block[j + j * n] = OF(real_part)(block[j + j * n]);
        for (size_t i = 0; i <= j; ++i) c[(ptrdiff_t)i * c_row + (ptrdiff_t)j * c_column] = block[i + j * n];
    }
}

/* C = fma(beta, C, alpha·A·Bᵀ), Bᴴ where Hermitian, for A and B with n rows; and where b is another matrix, then
   C = C + alpha·B·Aᵀ (Aᴴ, and alpha's conjugate). A lower triangle is the upper one of the transpose, see
   level2_of.h. */
static void OF(rank_k_update)(struct caller by, int layout, int uplo, int trans, int n, int k, ELEMENT alpha,
                              const ELEMENT *a, int lda, const ELEMENT *b, int ldb, ELEMENT beta, ELEMENT *c, int ldc) {
    const int hermitian = by.variant & HERMITIAN, mirrored = hermitian && uplo == CblasLower;
    const int by_columns = (layout == CblasColMajor) == (trans == CblasNoTrans);
    /* (AᴴB)ᵢⱼ has conjugate(a) first, (ABᴴ)ᵢⱼ has conjugate(b) second; mirrored, the other one of each. */
    const int conjugate_first = hermitian && (trans != CblasNoTrans) != mirrored;
    const int along = (layout == CblasColMajor) == (uplo == CblasUpper);
    const ptrdiff_t c_row = along ? 1 : ldc, c_column = along ? ldc : 1;
    struct OF(factors) f = {(size_t)k, a, b, by_columns ? 1 : lda, by_columns ? lda : 1, by_columns ? ldb : 1,
                            by_columns ? 1 : ldb, conjugate_first, hermitian && !conjugate_first, hermitian,
                            OF(conjugate)(mirrored, alpha), beta};
    OF(upper_product)(&f, 0, (size_t)n, c, c_row, c_column);
    if (!(by.variant & TWO_FACTORS)) return;
    struct OF(factors) g = {f.k, b, a, f.b_column, f.b_row, f.a_column, f.a_row, f.conjugate_a, f.conjugate_b,
                            hermitian, OF(conjugate)(hermitian && !mirrored, alpha), OF(number)(1)};
    OF(upper_product)(&g, 0, (size_t)n, c, c_row, c_column);
}

#define REQUIRE_RANK_K(trans_allowed) \
    REQUIRE(is_uplo(uplo), 1); \
    REQUIRE(trans_allowed, 2); \
    REQUIRE(n >= 0, 3); \
    REQUIRE(k >= 0, 4); \
    REQUIRE(trans == CblasNoTrans ? is_leading(layout, n, k, lda) : is_leading(layout, k, n, lda), 7)
#define NOTHING_TO_DO(nothing_added, kept) (n == 0 || ((k == 0 || (nothing_added)) && (kept)))

ROUTINE(rank_k) {
    REQUIRE_RANK_K(trans == CblasNoTrans || trans == CblasTrans || (!COMPLEX && trans == CblasConjTrans));
    REQUIRE(is_leading(layout, n, n, ldc), 10);
    if (NOTHING_TO_DO(OF(is)(alpha, 0), OF(is)(beta, 1))) return;
    OF(rank_k_update)(by, layout, uplo, trans, n, k, alpha, a, lda, a, lda, beta, c, ldc);
}

ROUTINE(rank_2k) {
    REQUIRE_RANK_K(trans == CblasNoTrans || trans == CblasTrans || (!COMPLEX && trans == CblasConjTrans));
    REQUIRE(trans == CblasNoTrans ? is_leading(layout, n, k, ldb) : is_leading(layout, k, n, ldb), 9);
    REQUIRE(is_leading(layout, n, n, ldc), 12);
    if (NOTHING_TO_DO(OF(is)(alpha, 0), OF(is)(beta, 1))) return;
    OF(rank_k_update)(by, layout, uplo, trans, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
}

#if COMPLEX
ROUTINE(hermitian_rank_k) {
    REQUIRE_RANK_K(trans == CblasNoTrans || trans == CblasConjTrans);
    REQUIRE(is_leading(layout, n, n, ldc), 10);
    if (NOTHING_TO_DO(alpha == 0, beta == 1)) return;
    OF(rank_k_update)(by, layout, uplo, trans, n, k, OF(number)(alpha), a, lda, a, lda, OF(number)(beta), c, ldc);
}

ROUTINE(hermitian_rank_2k) {
    REQUIRE_RANK_K(trans == CblasNoTrans || trans == CblasConjTrans);
    REQUIRE(trans == CblasNoTrans ? is_leading(layout, n, k, ldb) : is_leading(layout, k, n, ldb), 9);
    REQUIRE(is_leading(layout, n, n, ldc), 12);
    if (NOTHING_TO_DO(OF(is)(alpha, 0), beta == 1)) return;
    OF(rank_k_update)(by, layout, uplo, trans, n, k, alpha, a, lda, b, ldb, OF(number)(beta), c, ldc);
}
#endif

#undef REQUIRE_RANK_K
#undef NOTHING_TO_DO

/* ---- gemm and the others by their names. ---- */

ROUTINE(product) {
    REQUIRE(is_trans(transa), 1);
    REQUIRE(is_trans(transb), 2);
    REQUIRE(m >= 0, 3);
    REQUIRE(n >= 0, 4);
    REQUIRE(k >= 0, 5);
    REQUIRE(transa == CblasNoTrans ? is_leading(layout, m, k, lda) : is_leading(layout, k, m, lda), 8);
    REQUIRE(transb == CblasNoTrans ? is_leading(layout, k, n, ldb) : is_leading(layout, n, k, ldb), 10);
    REQUIRE(is_leading(layout, m, n, ldc), 13);
    if (m == 0 || n == 0 || ((k == 0 || OF(is)(alpha, 0)) && OF(is)(beta, 1))) return;
    const int by_columns = layout == CblasColMajor;
    const int a_by_columns = by_columns == (transa == CblasNoTrans);
    const int b_by_columns = by_columns == (transb == CblasNoTrans);
    GEMM((size_t)m, (size_t)n, (size_t)k, alpha, a, a_by_columns ? 1 : lda, a_by_columns ? lda : 1,
         transa == CblasConjTrans, b, b_by_columns ? 1 : ldb, b_by_columns ? ldb : 1, transb == CblasConjTrans, beta, c,
         by_columns ? 1 : ldc, by_columns ? ldc : 1);
}

/* On the right side: the transpose of everything. */
ROUTINE(symmetric_product) {
    REQUIRE(is_side(side), 1);
    REQUIRE(is_uplo(uplo), 2);
    REQUIRE(m >= 0, 3);
    REQUIRE(n >= 0, 4);
    const int left = side == CblasLeft, order = left ? m : n, others = left ? n : m;
    REQUIRE(is_leading(layout, order, order, lda), 7);
    REQUIRE(is_leading(layout, m, n, ldb), 9);
    REQUIRE(is_leading(layout, m, n, ldc), 12);
    if (m == 0 || n == 0 || (OF(is)(alpha, 0) && OF(is)(beta, 1))) return;
    const int along = (layout == CblasColMajor) == left;
    struct triangle t = full_triangle(layout, uplo, order, lda);
    if (!left) t = transposed(t);
    OF(bitfast_blas_symmetric)(&t, by.variant & HERMITIAN, others, alpha, BITS(a), BITS(b), along ? 1 : ldb,
                               along ? ldb : 1, beta, (REAL *)c, along ? 1 : ldc, along ? ldc : 1);
}

ROUTINE(triangular_product) {
    REQUIRE(is_side(side), 1);
    REQUIRE(is_uplo(uplo), 2);
    REQUIRE(is_trans(trans), 3);
    REQUIRE(is_diag(diag), 4);
    REQUIRE(m >= 0, 5);
    REQUIRE(n >= 0, 6);
    const int left = side == CblasLeft, order = left ? m : n, others = left ? n : m;
    REQUIRE(is_leading(layout, order, order, lda), 9);
    REQUIRE(is_leading(layout, m, n, ldb), 11);
    if (m == 0 || n == 0) return;
    const int along = (layout == CblasColMajor) == left;
    struct triangle t = full_triangle(layout, uplo, order, lda);
    if ((trans != CblasNoTrans) == left) t = transposed(t);
    (by.variant & SOLVE ? OF(bitfast_blas_solve) : OF(bitfast_blas_multiply))(
        &t, trans == CblasConjTrans, diag == CblasUnit, others, alpha, BITS(a), (REAL *)b, along ? 1 : ldb,
        along ? ldb : 1);
}

NAMES(gemm, product, PLAIN)
NAMES(symm, symmetric_product, PLAIN)
NAMES(syrk, rank_k, PLAIN)
NAMES(syr2k, rank_2k, TWO_FACTORS)
NAMES(trmm, triangular_product, PLAIN)
NAMES(trsm, triangular_product, SOLVE)
#if COMPLEX
NAMES(hemm, symmetric_product, HERMITIAN)
NAMES(herk, hermitian_rank_k, HERMITIAN)
NAMES(her2k, hermitian_rank_2k, HERMITIAN | TWO_FACTORS)
#endif
