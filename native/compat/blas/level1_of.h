/* Level 1 for one type. */

VECTOR_ROUTINE(update) {
    (void)none;
    if (n < 1 || OF(is)(alpha, 0)) return;
    CHAINS(update)((size_t)n, BITS(OF(start)(x, n, incx)), incx, 0, 0, BITS(&alpha), 1, (REAL *)OF(start)(y, n, incy),
                   incy, 0);
}

VECTOR_ROUTINE(copy) {
    (void)none;
    if (n < 1) return;
    x = OF(start)(x, n, incx);
    y = (ELEMENT *)OF(start)(y, n, incy);
    for (ptrdiff_t i = 0; i < n; ++i) y[i * incy] = x[i * incx];
}

VECTOR_ROUTINE(exchange) {
    (void)none;
    if (n < 1) return;
    x = (ELEMENT *)OF(start)(x, n, incx);
    y = (ELEMENT *)OF(start)(y, n, incy);
    for (ptrdiff_t i = 0; i < n; ++i) {
        ELEMENT kept = x[i * incx];
        x[i * incx] = y[i * incy];
        y[i * incy] = kept;
    }
}

/* The parts by a real number, one multiplication each. */
VECTOR_ROUTINE(scale_by_real) {
    (void)none;
    enum { PARTS = sizeof(ELEMENT) / sizeof(REAL) };
    if (n < 1 || incx < 1 || alpha == 1) return;
    REAL *parts = (REAL *)x;
    const ptrdiff_t stride = PARTS * (ptrdiff_t)incx;
    if (incx == 1)
        for (ptrdiff_t i = 0; i < PARTS * (ptrdiff_t)n; ++i) parts[i] = OF(canonical_real)(alpha * parts[i]);
    else
        for (ptrdiff_t i = 0; i < n; ++i)
            for (int part = 0; part < PARTS; ++part)
                parts[i * stride + part] = OF(canonical_real)(alpha * parts[i * stride + part]);
}

VECTOR_ROUTINE(scale) {
#if COMPLEX
    (void)none;
    enum { BLOCK = 256 };
    if (n < 1 || incx < 1 || OF(is)(alpha, 1)) return;
    for (ptrdiff_t begin = 0; begin < n; begin += BLOCK) {
        ELEMENT block[BLOCK] = {{0, 0}}, *at = x + begin * incx;
        ptrdiff_t count = n - begin < BLOCK ? n - begin : BLOCK;
        CHAINS(update)((size_t)count, BITS(at), incx, 0, 0, BITS(&alpha), 1, (REAL *)block, 1, 0);
        for (ptrdiff_t i = 0; i < count; ++i) at[i * incx] = block[i];
    }
#else
    OF(scale_by_real)(none, n, alpha, x, incx);
#endif
}

/* x, y = c·x + s·y, c·y - s·x: two products and a sum, each rounded. */
VECTOR_ROUTINE(rotate) {
    (void)none;
    enum { PARTS = sizeof(ELEMENT) / sizeof(REAL) };
    if (n < 1) return;
    REAL *first = (REAL *)OF(start)(x, n, incx), *second = (REAL *)OF(start)(y, n, incy);
    for (ptrdiff_t i = 0; i < n; ++i)
        for (int part = 0; part < PARTS; ++part) {
            REAL *u = &first[PARTS * i * incx + part], *v = &second[PARTS * i * incy + part];
            REAL rotated = OF(canonical_real)(c * *u + s * *v);
            *v = OF(canonical_real)(c * *v - s * *u);
            *u = rotated;
        }
}

VECTOR_NAMES(LETTER, axpy, update)
VECTOR_NAMES(LETTER, copy, copy)
VECTOR_NAMES(LETTER, swap, exchange)
VECTOR_NAMES(LETTER, scal, scale)
VECTOR_NAMES(MIXED_LETTERS, rot, rotate)
#if COMPLEX
VECTOR_NAMES(MIXED_LETTERS, scal, scale_by_real)
#endif

/* ---- Sums, rounded once. ---- */

#define SUM(form) JOIN_3(bitfast_accumulator_, form, SUFFIX)
#define PARTS_OF(n, x, incx, add) \
    add(&a, (size_t)(n), (const REAL *)(x), (COMPLEX + 1) * (ptrdiff_t)(incx)); \
    if (COMPLEX) add(&a, (size_t)(n), (const REAL *)(x) + 1, 2 * (ptrdiff_t)(incx))

static REAL OF(norm)(int n, const ELEMENT *x, int incx) {
    bitfast_accumulator a;
    if (n < 1) return 0;
    bitfast_accumulator_clear(&a);
    if (COMPLEX && incx == 1) SUM(add_squares)(&a, 2 * (size_t)n, (const REAL *)x, 1);
    else {
        PARTS_OF(n, OF(start)(x, n, incx), incx, SUM(add_squares));
    }
    ENTER;
    const REAL root = JOIN_3(bitfast_exact_root, SUFFIX, )(exact_const(&a));
    LEAVE;
    return root;
}

static REAL OF(magnitudes)(int n, const ELEMENT *x, int incx) {
    bitfast_accumulator a;
    if (n < 1 || incx < 1) return 0;
    bitfast_accumulator_clear(&a);
    if (COMPLEX && incx == 1) SUM(add_absolute)(&a, 2 * (size_t)n, (const REAL *)x, 1);
    else {
        PARTS_OF(n, x, incx, SUM(add_absolute));
    }
    return SUM(value)(&a);
}

/* |re| + |im| of a complex number, rounded. */
static inline REAL OF(size)(const ELEMENT *x) {
#if COMPLEX
    return OF(magnitude)(x->re) + OF(magnitude)(x->im);
#else
    return OF(magnitude)(*x);
#endif
}

/* The first of the largest, from 1; a NaN is larger than nothing, and nothing than a NaN that is the first. */
static int OF(largest)(int n, const ELEMENT *x, int incx) {
    if (n < 1 || incx < 1) return 0;
    ENTER;
    int found = 0;
    REAL most = OF(size)(x);
    for (ptrdiff_t i = 1; i < n; ++i) {
        REAL size = OF(size)(x + i * incx);
        if (size > most) {
            most = size;
            found = (int)i;
        }
    }
    LEAVE;
    return found + 1;
}

#define NAMED(name, own) \
    REAL JOIN_3(LENGTH_LETTERS, name, _)(const int *n, const REAL *x, const int *incx); \
    PUBLIC REAL JOIN_3(LENGTH_LETTERS, name, _)(const int *n, const REAL *x, const int *incx) { \
        return OF(own)(*n, (const ELEMENT *)x, *incx); \
    } \
    PUBLIC REAL JOIN_3(cblas_, LENGTH_LETTERS, name)(CBLAS_INT n, const C_REAL *x, CBLAS_INT incx) { \
        return OF(own)(n, (const ELEMENT *)x, incx); \
    }
NAMED(nrm2, norm)
NAMED(asum, magnitudes)

int JOIN_3(i, LETTER, amax_)(const int *n, const REAL *x, const int *incx);
PUBLIC int JOIN_3(i, LETTER, amax_)(const int *n, const REAL *x, const int *incx) {
    return OF(largest)(*n, (const ELEMENT *)x, *incx);
}
PUBLIC CBLAS_INDEX JOIN_3(cblas_i, LETTER, amax)(CBLAS_INT n, const C_REAL *x, CBLAS_INT incx) {
    int found = OF(largest)(n, (const ELEMENT *)x, incx);
    return (CBLAS_INDEX)(found ? found - 1 : 0);
}

#if COMPLEX

/* re = Σ x.re·y.re ∓ x.im·y.im, im = Σ x.re·y.im ± x.im·y.re. */
static ELEMENT OF(dot)(int n, const ELEMENT *x, int incx, const ELEMENT *y, int incy, int conjugate) {
    ELEMENT result = {0, 0};
    if (n < 1) return result;
    const REAL *first = (const REAL *)OF(start)(x, n, incx), *second = (const REAL *)OF(start)(y, n, incy);
    for (int part = 0; part < 2; ++part) {
        bitfast_accumulator a, b;
        bitfast_accumulator_clear(&a);
        bitfast_accumulator_clear(&b);
        SUM(add_products)(&a, (size_t)n, first, 2 * (ptrdiff_t)incx, second + part, 2 * (ptrdiff_t)incy);
        SUM(add_products)(&b, (size_t)n, first + 1, 2 * (ptrdiff_t)incx, second + !part, 2 * (ptrdiff_t)incy);
        if (part == conjugate) bitfast_accumulator_negate(&b);
        bitfast_accumulator_merge(&a, &b);
        *(part ? &result.im : &result.re) = SUM(value)(&a);
    }
    return result;
}
#define DOT(name, conjugate) \
    REAL _Complex JOIN_3(LETTER, name, _)(const int *n, const REAL *x, const int *incx, const REAL *y, \
                                          const int *incy); \
    PUBLIC REAL _Complex JOIN_3(LETTER, name, _)(const int *n, const REAL *x, const int *incx, const REAL *y, \
                                                 const int *incy) { \
        union { ELEMENT parts; REAL _Complex number; } dot; \
        dot.parts = OF(dot)(*n, (const ELEMENT *)x, *incx, (const ELEMENT *)y, *incy, conjugate); \
        return dot.number; \
    } \
    PUBLIC void JOIN_3(JOIN_3(cblas_, LETTER, name), _, sub)(CBLAS_INT n, const void *x, CBLAS_INT incx, \
                                                             const void *y, CBLAS_INT incy, void *dot) { \
        *(ELEMENT *)dot = OF(dot)(n, (const ELEMENT *)x, incx, (const ELEMENT *)y, incy, conjugate); \
    }
DOT(dotu, 0)
DOT(dotc, 1)
#undef DOT

/* A rotation that takes (f, g) to (r, 0): with phase = f/|f| and h = √(|f|² + |g|²), c = |f|/h,
   s = phase·conjugate(g)/h, r = phase·h. |f| and h are hypot's. Very large and very small numbers are scaled by a power
   of two. */
static void OF(rotation)(ELEMENT *f, const ELEMENT *given, REAL *c, ELEMENT *s) {
    const int is_float = sizeof(REAL) == sizeof(float);
    const REAL large = is_float ? 0x1p120f : 0x1p1016, small = is_float ? 0x1p-60f : (REAL)0x1p-900;
    ELEMENT g = *given;
    REAL f_size = OF(magnitude)(f->re), g_size = OF(magnitude)(g.re), most, scale = 1, back = 1;
    if (OF(magnitude)(f->im) > f_size) f_size = OF(magnitude)(f->im);
    if (OF(magnitude)(g.im) > g_size) g_size = OF(magnitude)(g.im);
    most = f_size > g_size ? f_size : g_size;
    if (OF(is)(g, 0)) {
        *c = 1;
        *s = OF(number)(0);
        return;
    }
    if (most >= large) scale = (REAL)0x1p-8, back = (REAL)0x1p8;
    else if (most <= small) scale = (REAL)0x1p64, back = (REAL)0x1p-64;
    ELEMENT from = {f->re * scale, f->im * scale}, to = {g.re * scale, -g.im * scale};
    REAL f_length = JOIN_3(bitfast_hypot, SUFFIX, )(from.re, from.im);
    REAL g_length = JOIN_3(bitfast_hypot, SUFFIX, )(to.re, to.im);
    REAL length = JOIN_3(bitfast_hypot, SUFFIX, )(f_length, g_length);
    ELEMENT phase = {1, 0}, direction = {to.re / length, to.im / length};
    if (f_length != 0) phase = (ELEMENT){from.re / f_length, from.im / f_length};
    *c = OF(canonical_real)(f_length / length);
    *s = OF(canonical)(OF(chain)(OF(number)(0), phase, direction));
    *f = OF(canonical)((ELEMENT){phase.re * length * back, phase.im * length * back});
}
void JOIN_3(LETTER, rotg, _)(REAL *f, const REAL *g, REAL *c, REAL *s);
PUBLIC void JOIN_3(LETTER, rotg, _)(REAL *f, const REAL *g, REAL *c, REAL *s) {
    ENTER;
    OF(rotation)((ELEMENT *)f, (const ELEMENT *)g, c, (ELEMENT *)s);
    LEAVE;
}
PUBLIC void JOIN_3(cblas_, LETTER, rotg)(void *f, void *g, REAL *c, void *s) {
    JOIN_3(LETTER, rotg, _)(f, g, c, s);
}

#else

#define DOT_(name) \
    REAL JOIN_3(LETTER, name, _)(const int *n, const REAL *x, const int *incx, const REAL *y, const int *incy)
DOT_(dot);
static REAL OF(dot)(int n, const REAL *x, int incx, const REAL *y, int incy) {
    if (n < 1) return 0;
    return JOIN_3(bitfast_dot, SUFFIX, )((size_t)n, OF(start)(x, n, incx), incx, OF(start)(y, n, incy), incy);
}
PUBLIC DOT_(dot) { return OF(dot)(*n, x, *incx, y, *incy); }
PUBLIC REAL JOIN_3(cblas_, LETTER, dot)(CBLAS_INT n, const REAL *x, CBLAS_INT incx, const REAL *y, CBLAS_INT incy) {
    return OF(dot)(n, x, incx, y, incy);
}
#undef DOT_

/* r = ±hypot(a, b) with the sign of the larger one, c = a/r, s = b/r; z, from which both come back, in b's place. */
void JOIN_3(LETTER, rotg, _)(REAL *a, REAL *b, REAL *c, REAL *s);
PUBLIC void JOIN_3(LETTER, rotg, _)(REAL *a, REAL *b, REAL *c, REAL *s) {
    ENTER;
    if (*b == 0) {
        *c = 1;
        *s = *b = 0;
    } else if (*a == 0) {
        *c = 0;
        *s = 1;
        *a = *b;
        *b = 1;
    } else {
        const int a_larger = OF(magnitude)(*a) > OF(magnitude)(*b);
        REAL r = JOIN_3(bitfast_hypot, SUFFIX, )(*a, *b);
        if ((a_larger ? *a : *b) < 0) r = -r;
        *c = OF(canonical_real)(*a / r);
        *s = OF(canonical_real)(*b / r);
        *a = r;
        *b = a_larger ? *s : *c != 0 ? 1 / *c : 1;
    }
    LEAVE;
}
PUBLIC void JOIN_3(cblas_, LETTER, rotg)(REAL *a, REAL *b, REAL *c, REAL *s) { JOIN_3(LETTER, rotg, _)(a, b, c, s); }

/* h[0] says which elements of the matrix are meant: -1 all, 0 those beside the diagonal (which is 1, 1), 1 those of the
   diagonal (the others are 1 and -1), -2 the unit matrix. x, y = h11·x + h12·y, h21·x + h22·y: every
   operation rounded. */
VECTOR_ROUTINE(rotate_modified) {
    (void)none;
    if (n < 1 || h[0] == -2) return;
    const REAL h11 = h[0] == 0 ? 1 : h[1], h21 = h[0] == 1 ? -1 : h[2], h12 = h[0] == 1 ? 1 : h[3],
               h22 = h[0] == 0 ? 1 : h[4];
    x = (ELEMENT *)OF(start)(x, n, incx);
    y = (ELEMENT *)OF(start)(y, n, incy);
    for (ptrdiff_t i = 0; i < n; ++i) {
        REAL u = x[i * incx], v = y[i * incy];
        x[i * incx] = OF(canonical_real)(u * h11 + v * h12);
        y[i * incy] = OF(canonical_real)(u * h21 + v * h22);
    }
}
VECTOR_NAMES(LETTER, rotm, rotate_modified)

/* One weight of a modified Givens rotation brought between 2^-24 and 2^24, with what goes along with it. */
static int OF(rescale)(REAL *weight, REAL *along, REAL *h_first, REAL *h_second) {
    const REAL size = OF(magnitude)(*weight);
    if (size == 0 || size - size != 0 || (size > (REAL)0x1p-24 && size < (REAL)0x1p24)) return 0;
    const REAL factor = size <= (REAL)0x1p-24 ? (REAL)0x1p-12 : (REAL)0x1p12;
    *weight /= factor * factor;
    if (along) *along *= factor;
    *h_first *= factor;
    *h_second *= factor;
    return 1;
}

/* C. L. Lawson, R. J. Hanson, D. R. Kincaid, F. T. Krogh, Basic linear algebra subprograms for Fortran usage, ACM TOMS
   5 (1979): a rotation of (√d1·x1, √d2·y1) without square roots. */
static void OF(modified_rotation)(REAL *d1, REAL *d2, REAL *x1, REAL y1, REAL *h) {
    REAL flag, h11 = 0, h12 = 0, h21 = 0, h22 = 0;
    const REAL p2 = *d2 * y1, p1 = *d1 * *x1, q2 = p2 * y1, q1 = p1 * *x1;
    REAL u = 0;
    if (!(*d1 < 0) && p2 == 0) {
        h[0] = -2;
        return;
    }
    if (*d1 < 0) {
        flag = -1;
    } else if (OF(magnitude)(q1) > OF(magnitude)(q2)) {
        h21 = -y1 / *x1;
        h12 = p2 / p1;
        u = 1 - h12 * h21;
        flag = u > 0 ? 0 : -1;
        if (flag == 0) {
            *d1 /= u;
            *d2 /= u;
            *x1 *= u;
        }
    } else if (q2 < 0) {
        flag = -1;
    } else {
        flag = 1;
        h11 = p1 / p2;
        h22 = *x1 / y1;
        u = 1 + h11 * h22;
        REAL kept = *d2 / u;
        *d2 = *d1 / u;
        *d1 = kept;
        *x1 = y1 * u;
    }
    if (flag == -1) {
        h11 = h12 = h21 = h22 = 0;
        *d1 = *d2 = *x1 = 0;
    } else {
        /* The elements that the flag implies are written down when one of them is scaled. */
        REAL implied[4] = {flag == 0 ? 1 : h11, flag == 0 ? h21 : -1, flag == 0 ? h12 : 1, flag == 0 ? 1 : h22};
        int scaled = 0;
        while (OF(rescale)(d1, x1, &implied[0], &implied[2])) scaled = 1;
        while (OF(rescale)(d2, NULL, &implied[1], &implied[3])) scaled = 1;
        if (scaled) {
            flag = -1;
            h11 = implied[0], h21 = implied[1], h12 = implied[2], h22 = implied[3];
        }
    }
    h[0] = flag;
    if (flag != 0) h[1] = OF(canonical_real)(h11), h[4] = OF(canonical_real)(h22);
    if (flag != 1) h[2] = OF(canonical_real)(h21), h[3] = OF(canonical_real)(h12);
    *d1 = OF(canonical_real)(*d1);
    *d2 = OF(canonical_real)(*d2);
    *x1 = OF(canonical_real)(*x1);
}
void JOIN_3(LETTER, rotmg, _)(REAL *d1, REAL *d2, REAL *x1, const REAL *y1, REAL *h);
PUBLIC void JOIN_3(LETTER, rotmg, _)(REAL *d1, REAL *d2, REAL *x1, const REAL *y1, REAL *h) {
    ENTER;
    OF(modified_rotation)(d1, d2, x1, *y1, h);
    LEAVE;
}
PUBLIC void JOIN_3(cblas_, LETTER, rotmg)(REAL *d1, REAL *d2, REAL *x1, REAL y1, REAL *h) {
    JOIN_3(LETTER, rotmg, _)(d1, d2, x1, &y1, h);
}

#endif

#undef SUM
#undef PARTS_OF
#undef NAMED
