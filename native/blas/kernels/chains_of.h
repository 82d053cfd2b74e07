/* The chains of one precision; chains.c includes it for float and double. */

#define CHAIN_NAME__(form, letter) form##_##letter
#define CHAIN_NAME_(form, letter) CHAIN_NAME__(form, letter)
#define OF_REAL(form) CHAIN_NAME_(form, REAL_LETTER)
#define OF_COMPLEX(form) CHAIN_NAME_(form, COMPLEX_LETTER)

INLINE REAL OF_REAL(canonical)(REAL x) { return x == x ? x : NOT_A_NUMBER; }

static void OF_REAL(update)(size_t n, const REAL *x, ptrdiff_t x_stride, ptrdiff_t x_growth, int conjugate_x,
                            const REAL *factor, int factor_first, REAL *y, ptrdiff_t y_stride, ptrdiff_t y_growth) {
    (void)conjugate_x, (void)factor_first;
    const REAL f = *factor;
    if (x_stride == 1 && y_stride == 1 && x_growth == 0 && y_growth == 0) {
        const REAL *restrict from = x;
        REAL *restrict to = y;
        for (size_t i = 0; i < n; ++i) to[i] = OF_REAL(canonical)(FMA(from[i], f, to[i]));
        return;
    }
    for (size_t i = 0; i < n; ++i) {
        *y = OF_REAL(canonical)(FMA(*x, f, *y));
        x += x_stride, x_stride += x_growth;
        y += y_stride, y_stride += y_growth;
    }
}

static void OF_REAL(sum)(size_t n, const REAL *a, ptrdiff_t a_stride, ptrdiff_t a_growth, int conjugate_a, int negate_a,
                         const REAL *x, ptrdiff_t x_stride, REAL *sum) {
    (void)conjugate_a;
    REAL s = *sum;
    for (size_t i = 0; i < n; ++i) {
        s = FMA(negate_a ? -*a : *a, *x, s);
        a += a_stride, a_stride += a_growth;
        x += x_stride;
    }
    *sum = s;
}

/* Eight rows at a time: their chains do not wait for each other. */
enum { OF_REAL(GROUP) = 8 };
INLINE void OF_REAL(group)(size_t rows, size_t n, const REAL *a, ptrdiff_t a_row, ptrdiff_t a_column, const REAL *x,
                           ptrdiff_t x_stride, REAL *sums, ptrdiff_t sums_stride) {
    REAL s[OF_REAL(GROUP)];
    for (size_t i = 0; i < rows; ++i) s[i] = sums[(ptrdiff_t)i * sums_stride];
    for (size_t p = 0; p < n; ++p)
        for (size_t i = 0; i < rows; ++i)
            s[i] = FMA(a[(ptrdiff_t)i * a_row + (ptrdiff_t)p * a_column], x[(ptrdiff_t)p * x_stride], s[i]);
    for (size_t i = 0; i < rows; ++i) sums[(ptrdiff_t)i * sums_stride] = OF_REAL(canonical)(s[i]);
}

static void OF_REAL(rows)(size_t rows, size_t n, const REAL *a, ptrdiff_t a_row, ptrdiff_t a_column, int conjugate_a,
                          const REAL *x, ptrdiff_t x_stride, int conjugate_x, REAL *sums, ptrdiff_t sums_stride) {
    (void)conjugate_a, (void)conjugate_x;
    for (; rows >= OF_REAL(GROUP); rows -= OF_REAL(GROUP)) {
        OF_REAL(group)(OF_REAL(GROUP), n, a, a_row, a_column, x, x_stride, sums, sums_stride);
        a += OF_REAL(GROUP) * a_row;
        sums += OF_REAL(GROUP) * sums_stride;
    }
    if (rows) OF_REAL(group)(rows, n, a, a_row, a_column, x, x_stride, sums, sums_stride);
}

/* The sign of the conjugate is that of its factor: xor by multiplication with ±1 is exact. */
#define CHAIN(s_re, s_im, a_re, a_im, b_re, b_im) \
    s_re = FMA(a_re, b_re, s_re); \
    s_re = FMA(-(a_im), b_im, s_re); \
    s_im = FMA(a_re, b_im, s_im); \
    s_im = FMA(a_im, b_re, s_im)

INLINE void OF_COMPLEX(update_pairs)(size_t n, const REAL *restrict x, ptrdiff_t x_stride, ptrdiff_t x_growth,
                                     REAL sign, REAL f_re, REAL f_im, int factor_first, REAL *restrict y,
                                     ptrdiff_t y_stride, ptrdiff_t y_growth) {
    for (size_t i = 0; i < n; ++i) {
        REAL re = y[0], im = y[1], x_re = x[0], x_im = sign * x[1];
        if (factor_first) {
            CHAIN(re, im, f_re, f_im, x_re, x_im);
        } else {
            CHAIN(re, im, x_re, x_im, f_re, f_im);
        }
        y[0] = OF_REAL(canonical)(re);
        y[1] = OF_REAL(canonical)(im);
        x += 2 * x_stride, x_stride += x_growth;
        y += 2 * y_stride, y_stride += y_growth;
    }
}

static void OF_COMPLEX(update)(size_t n, const REAL *x, ptrdiff_t x_stride, ptrdiff_t x_growth, int conjugate_x,
                               const REAL *factor, int factor_first, REAL *y, ptrdiff_t y_stride, ptrdiff_t y_growth) {
    const REAL sign = conjugate_x ? -1 : 1;
    const int neighbours = x_stride == 1 && y_stride == 1 && x_growth == 0 && y_growth == 0;
    if (neighbours && factor_first) {
        OF_COMPLEX(update_pairs)(n, x, 1, 0, sign, factor[0], factor[1], 1, y, 1, 0);
    } else if (neighbours) {
        OF_COMPLEX(update_pairs)(n, x, 1, 0, sign, factor[0], factor[1], 0, y, 1, 0);
    } else {
        OF_COMPLEX(update_pairs)(n, x, x_stride, x_growth, sign, factor[0], factor[1], factor_first, y, y_stride,
                                 y_growth);
    }
}

static void OF_COMPLEX(sum)(size_t n, const REAL *a, ptrdiff_t a_stride, ptrdiff_t a_growth, int conjugate_a,
                            int negate_a, const REAL *x, ptrdiff_t x_stride, REAL *sum) {
    const REAL sign_re = negate_a ? -1 : 1, sign_im = conjugate_a ? -sign_re : sign_re;
    REAL re = sum[0], im = sum[1];
    for (size_t i = 0; i < n; ++i) {
        REAL a_re = sign_re * a[0], a_im = sign_im * a[1];
        CHAIN(re, im, a_re, a_im, x[0], x[1]);
        a += 2 * a_stride, a_stride += a_growth;
        x += 2 * x_stride;
    }
    sum[0] = re;
    sum[1] = im;
}

enum { OF_COMPLEX(GROUP) = 4 };
INLINE void OF_COMPLEX(group)(size_t rows, size_t n, const REAL *a, ptrdiff_t a_row, ptrdiff_t a_column, REAL sign_a,
                              const REAL *x, ptrdiff_t x_stride, REAL sign_x, REAL *sums, ptrdiff_t sums_stride) {
    REAL re[OF_COMPLEX(GROUP)], im[OF_COMPLEX(GROUP)];
    for (size_t i = 0; i < rows; ++i) {
        re[i] = sums[2 * (ptrdiff_t)i * sums_stride];
        im[i] = sums[2 * (ptrdiff_t)i * sums_stride + 1];
    }
    for (size_t p = 0; p < n; ++p) {
        REAL x_re = x[2 * (ptrdiff_t)p * x_stride], x_im = sign_x * x[2 * (ptrdiff_t)p * x_stride + 1];
        for (size_t i = 0; i < rows; ++i) {
            const REAL *at = a + 2 * ((ptrdiff_t)i * a_row + (ptrdiff_t)p * a_column);
            REAL a_im = sign_a * at[1];
            CHAIN(re[i], im[i], at[0], a_im, x_re, x_im);
        }
    }
    for (size_t i = 0; i < rows; ++i) {
        sums[2 * (ptrdiff_t)i * sums_stride] = OF_REAL(canonical)(re[i]);
        sums[2 * (ptrdiff_t)i * sums_stride + 1] = OF_REAL(canonical)(im[i]);
    }
}

static void OF_COMPLEX(rows)(size_t rows, size_t n, const REAL *a, ptrdiff_t a_row, ptrdiff_t a_column, int conjugate_a,
                             const REAL *x, ptrdiff_t x_stride, int conjugate_x, REAL *sums, ptrdiff_t sums_stride) {
    const REAL sign_a = conjugate_a ? -1 : 1, sign_x = conjugate_x ? -1 : 1;
    for (; rows >= OF_COMPLEX(GROUP); rows -= OF_COMPLEX(GROUP)) {
        OF_COMPLEX(group)(OF_COMPLEX(GROUP), n, a, a_row, a_column, sign_a, x, x_stride, sign_x, sums, sums_stride);
        a += 2 * OF_COMPLEX(GROUP) * a_row;
        sums += 2 * OF_COMPLEX(GROUP) * sums_stride;
    }
    if (rows) OF_COMPLEX(group)(rows, n, a, a_row, a_column, sign_a, x, x_stride, sign_x, sums, sums_stride);
}

#undef CHAIN
#undef CHAIN_NAME__
#undef CHAIN_NAME_
#undef OF_REAL
#undef OF_COMPLEX
#undef REAL
#undef FMA
#undef NOT_A_NUMBER
#undef REAL_LETTER
#undef COMPLEX_LETTER
