/* Symmetric and triangular matrices line by line: all of the banded and packed routines, and of the others what has no
   memory for blocks. */

/* y = fma(beta, y, alpha·(A x)). Rows of A are chains by ascending column, the diagonal of a Hermitian matrix is real. */
static void OF(symmetric_lines)(const struct triangle *t, int hermitian, const ELEMENT *a, ELEMENT alpha,
                                const ELEMENT *x, ptrdiff_t x_stride, ELEMENT beta, ELEMENT *y, ptrdiff_t y_stride) {
    for (ptrdiff_t i = 0; i < t->n; ++i) {
        ptrdiff_t first = i > t->width ? i - t->width : 0, end = t->n - i > t->width ? i + t->width + 1 : t->n;
        ELEMENT s = OF(number)(0);
        if (!OF(is)(alpha, 0)) {
            if (first < i) {
                struct line l = t->lower ? line_from(t, i, first, 1, 0) : line_from(t, first, i, 0, 0);
                CHAINS(sum)((size_t)(i - first), BITS(a + l.first), l.stride, l.growth, hermitian && !t->lower, 0,
                            BITS(x + first * x_stride), x_stride, (REAL *)&s);
            }
            ELEMENT diagonal = a[place(t, i, i)];
            s = OF(chain)(s, hermitian ? OF(real_part)(diagonal) : diagonal, x[i * x_stride]);
            if (i + 1 < end) {
                struct line l = t->lower ? line_from(t, i + 1, i, 0, 0) : line_from(t, i, i + 1, 1, 0);
                CHAINS(sum)((size_t)(end - i - 1), BITS(a + l.first), l.stride, l.growth, hermitian && t->lower, 0,
                            BITS(x + (i + 1) * x_stride), x_stride, (REAL *)&s);
            }
        }
        ELEMENT *to = y + i * y_stride;
        *to = OF(finished)(alpha, s, beta, to);
    }
}

/* x = A x, in place; by ascending column. A diagonal that is not looked at counts as 1. */
static void OF(triangle_multiply)(const struct triangle *t, int conjugate, int unit, const ELEMENT *a, ELEMENT *x,
                                  ptrdiff_t x_stride) {
    for (ptrdiff_t done = 0; done < t->n; ++done) {
        ptrdiff_t i = t->lower ? t->n - 1 - done : done;
        ptrdiff_t count = t->lower ? i : t->n - 1 - i;
        if (count > t->width) count = t->width;
        ptrdiff_t first = t->lower ? i - count : i + 1;
        ELEMENT s = OF(number)(0), own = x[i * x_stride];
        ELEMENT diagonal = unit ? OF(number)(1) : OF(conjugate)(conjugate, a[place(t, i, i)]);
        if (!t->lower) s = unit ? OF(plus)(s, own) : OF(chain)(s, diagonal, own);
        if (count > 0) {
            struct line l = line_from(t, i, first, 1, 0);
            CHAINS(sum)((size_t)count, BITS(a + l.first), l.stride, l.growth, conjugate, 0,
                        BITS(x + first * x_stride), x_stride, (REAL *)&s);
        }
        if (t->lower) s = unit ? OF(plus)(s, own) : OF(chain)(s, diagonal, own);
        x[i * x_stride] = OF(canonical)(s);
    }
}

/* Solves A x = b in place: each chain goes from b in the order in which the unknowns are found. */
static void OF(triangle_solve)(const struct triangle *t, int conjugate, int unit, const ELEMENT *a, ELEMENT *x,
                               ptrdiff_t x_stride) {
    for (ptrdiff_t done = 0; done < t->n; ++done) {
        ptrdiff_t i = t->lower ? done : t->n - 1 - done;
        ptrdiff_t count = done < t->width ? done : t->width;
        ELEMENT s = x[i * x_stride];
        if (count > 0) {
            ptrdiff_t first = t->lower ? i - count : i + count;
            struct line l = line_from(t, i, first, 1, !t->lower);
            CHAINS(sum)((size_t)count, BITS(a + l.first), l.stride, l.growth, conjugate, 1,
                        BITS(x + first * x_stride), t->lower ? x_stride : -x_stride, (REAL *)&s);
            s = OF(canonical)(s);
        }
        x[i * x_stride] = unit ? s : OF(quotient)(s, OF(conjugate)(conjugate, a[place(t, i, i)]));
    }
}
