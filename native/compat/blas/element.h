/* One type of BLAS: its element, and the operations on one, of which docs/blas.md tells the order. */

#define OF(name) JOIN_3(name, _, LETTER)
#define ELEMENT OF(element)

#ifdef FMA
#error "element_end.h comes after the template"
#endif

#define REAL_IS_FLOAT (sizeof(REAL) == sizeof(float))
static inline REAL OF(fused)(REAL x, REAL y, REAL z) {
    return REAL_IS_FLOAT ? (REAL)bitfast_chosen.shapes.fma_f32((float)x, (float)y, (float)z)
                         : (REAL)bitfast_chosen.shapes.fma_f64(x, y, z);
}
#undef REAL_IS_FLOAT
#define FMA OF(fused)
static inline REAL OF(canonical_real)(REAL x) { return x == x ? x : (REAL)__builtin_nan(""); }
static inline REAL OF(magnitude)(REAL x) { return x < 0 ? -x : x == 0 ? 0 : x; }

#if COMPLEX

#define C_REAL void
#define C_GIVEN const void *
#define SCALAR_GIVEN(x) *(const ELEMENT *)(x)

static inline ELEMENT OF(number)(REAL re) { return (ELEMENT){re, 0}; }
static inline int OF(is)(ELEMENT x, REAL re) { return x.re == re && x.im == 0; }
static inline ELEMENT OF(conjugate)(int whether, ELEMENT x) { return (ELEMENT){x.re, whether ? -x.im : x.im}; }
static inline ELEMENT OF(negative)(ELEMENT x) { return (ELEMENT){-x.re, -x.im}; }
static inline ELEMENT OF(real_part)(ELEMENT x) { return (ELEMENT){x.re, 0}; }
static inline ELEMENT OF(canonical)(ELEMENT x) {
    return (ELEMENT){OF(canonical_real)(x.re), OF(canonical_real)(x.im)};
}
static inline ELEMENT OF(plus)(ELEMENT x, ELEMENT y) {
    return OF(canonical)((ELEMENT){x.re + y.re, x.im + y.im});
}
static inline ELEMENT OF(chain)(ELEMENT s, ELEMENT a, ELEMENT b) {
    s.re = FMA(a.re, b.re, s.re);
    s.re = FMA(-a.im, b.im, s.re);
    s.im = FMA(a.re, b.im, s.im);
    s.im = FMA(a.im, b.re, s.im);
    return s;
}
static inline ELEMENT OF(times)(ELEMENT alpha, ELEMENT s) {
    return OF(is)(alpha, 1) ? s : OF(canonical)(OF(chain)(OF(number)(0), alpha, s));
}
/* R. L. Smith, Algorithm 116: Complex division, CACM 5 (1962), with fused operations. */
static inline ELEMENT OF(quotient)(ELEMENT x, ELEMENT a) {
    ELEMENT q;
    if (OF(magnitude)(a.re) >= OF(magnitude)(a.im)) {
        REAL ratio = a.im / a.re, divisor = FMA(a.im, ratio, a.re);
        q = (ELEMENT){FMA(x.im, ratio, x.re) / divisor, FMA(-x.re, ratio, x.im) / divisor};
    } else {
        REAL ratio = a.re / a.im, divisor = FMA(a.re, ratio, a.im);
        q = (ELEMENT){FMA(x.re, ratio, x.im) / divisor, FMA(x.im, ratio, -x.re) / divisor};
    }
    return OF(canonical)(q);
}
#define BITS(x) (const REAL *)(x)
#define GEMM(m, n, k, alpha, a, a_row, a_column, a_conjugate, b, b_row, b_column, b_conjugate, beta, c, c_row, \
             c_column) \
    JOIN_3(bitfast_, LETTER, gemm)(m, n, k, (const REAL *)&(alpha), BITS(a), a_row, a_column, a_conjugate, BITS(b), \
                                   b_row, b_column, b_conjugate, (const REAL *)&(beta), (REAL *)(c), c_row, c_column)

#else

#define C_REAL REAL
#define C_GIVEN REAL
#define SCALAR_GIVEN(x) x

static inline ELEMENT OF(number)(REAL re) { return re; }
static inline int OF(is)(ELEMENT x, REAL re) { return x == re; }
static inline ELEMENT OF(conjugate)(int whether, ELEMENT x) { return (void)whether, x; }
static inline ELEMENT OF(negative)(ELEMENT x) { return -x; }
static inline ELEMENT OF(real_part)(ELEMENT x) { return x; }
static inline ELEMENT OF(canonical)(ELEMENT x) { return OF(canonical_real)(x); }
static inline ELEMENT OF(plus)(ELEMENT x, ELEMENT y) { return OF(canonical)(x + y); }
static inline ELEMENT OF(chain)(ELEMENT s, ELEMENT a, ELEMENT b) { return FMA(a, b, s); }
static inline ELEMENT OF(times)(ELEMENT alpha, ELEMENT s) { return alpha == 1 ? s : OF(canonical)(alpha * s); }
static inline ELEMENT OF(quotient)(ELEMENT x, ELEMENT a) { return OF(canonical)(x / a); }
#define BITS(x) x
#define GEMM(m, n, k, alpha, a, a_row, a_column, a_conjugate, b, b_row, b_column, b_conjugate, beta, c, c_row, \
             c_column) \
    ((void)(a_conjugate), (void)(b_conjugate), \
     JOIN_3(bitfast_, LETTER, gemm)(m, n, k, alpha, a, a_row, a_column, b, b_row, b_column, beta, c, c_row, c_column))

#endif

/* What gemm makes of a chain: fma(beta, c, alpha·s). */
static inline ELEMENT OF(finished)(ELEMENT alpha, ELEMENT s, ELEMENT beta, const ELEMENT *c) {
    ELEMENT t = OF(times)(alpha, s);
    return OF(canonical)(OF(is)(beta, 0) ? t : OF(chain)(t, beta, *c));
}

#define CHAINS(form) bitfast_chosen.products->chains->JOIN_3(form, _, LETTER)
#define GEMM_CONTINUE JOIN_3(bitfast_, LETTER, gemm_continue)

/* The first element of a vector: with a negative increment it is the last one in memory. */
static inline const ELEMENT *OF(start)(const ELEMENT *x, int n, int increment) {
    return increment < 0 ? x - (ptrdiff_t)(n - 1) * increment : x;
}
