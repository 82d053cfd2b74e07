/* Levels 1 to 3 of libbitfast_blas against plain loops over fma as docs/blas.md defines them, bit for bit: arguments in
   all forms of storage, with NaN wherever nothing may be read. Compiled once per type: -DLETTER=z -DREAL=double
   -DCOMPLEX=1 -DFMA=fma. */
#include <cblas.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME__(letter, name) cblas_##letter##name
#define NAME_(letter, name) NAME__(letter, name)
#define BLAS(name) NAME_(LETTER, name)

#if COMPLEX
typedef struct { REAL re, im; } T;
#define GIVEN(x) &(x)
static T number(REAL re, REAL im) { return (T){re, im}; }
static T conjugate(int whether, T x) { return (T){x.re, whether ? -x.im : x.im}; }
static T minus(T x) { return (T){-x.re, -x.im}; }
static int is(T x, REAL r) { return x.re == r && x.im == 0; }
static T chain(T s, T a, T b) {
    s.re = FMA(-a.im, b.im, FMA(a.re, b.re, s.re));
    s.im = FMA(a.im, b.re, FMA(a.re, b.im, s.im));
    return s;
}
static T add(T a, T b) { return (T){a.re + b.re, a.im + b.im}; }
static T quotient(T x, T a) {
    if (fabs((double)a.re) >= fabs((double)a.im)) {
        REAL r = a.im / a.re, d = FMA(a.im, r, a.re);
        return (T){FMA(x.im, r, x.re) / d, FMA(-x.re, r, x.im) / d};
    }
    REAL r = a.re / a.im, d = FMA(a.re, r, a.im);
    return (T){FMA(x.re, r, x.im) / d, FMA(x.im, r, -x.re) / d};
}
#else
typedef REAL T;
#define GIVEN(x) (x)
static T number(REAL re, REAL im) { return (void)im, re; }
static T conjugate(int whether, T x) { return (void)whether, x; }
static T minus(T x) { return -x; }
static int is(T x, REAL r) { return x == r; }
static T chain(T s, T a, T b) { return FMA(a, b, s); }
static T add(T a, T b) { return a + b; }
static T quotient(T x, T a) { return x / a; }
static T times(T alpha, T s) { return alpha * s; }
#endif

static const T zero;
#if COMPLEX
static T times(T alpha, T s) { return is(alpha, 1) ? s : chain(zero, alpha, s); }
#endif
static T finished(T alpha, T s, T beta, T c) {
    T t = times(alpha, s);
    return is(beta, 0) ? t : chain(t, beta, c);
}

enum { MOST = 160, ROOM = 2 * MOST * (MOST + 4) };
static uint64_t state;
static uint64_t next(void) {
    uint64_t z = state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}
static int below(int n) { return (int)(next() % (uint64_t)n); }
/* Products of these are 1 but for the last bits, or end in a place of 2: sums that two roundings get wrong. */
static REAL near_tie(void) {
    enum { BITS = sizeof(REAL) == 4 ? 24 : 53 };
    int sign = below(2) ? 1 : -1;
    if (below(2)) return (REAL)(sign * (1 + ldexp(below(2) ? 1 : -1, -1 - below(BITS - 1))));
    return (REAL)(sign * (ldexp(1, BITS) + 2 * (double)below(1 << 23)));
}
static int near_ties;
static REAL part(void) {
    if (near_ties) return near_tie();
    if (below(9) == 0) return (REAL)(below(3) - 1);
    return (REAL)ldexp((double)(int64_t)next(), -63 + below(7) - 3);
}
static int special;
static T any(void) {
    if (special && below(40) == 0) return number((REAL)(below(2) ? INFINITY : -INFINITY), 0);
    return number(part(), part());
}
static T factor(void) { int k = below(5); return k == 0 ? zero : k == 1 ? number(1, 0) : k == 2 ? number(-1, 0) : any(); }

/* The one NaN that results have; what nobody may read or write is another. */
static T poison(void) {
    T x;
    memset(&x, 0xff, sizeof x);
    return x;
}
static REAL one_nan(REAL x) { return x == x ? x : (REAL)NAN; }
static T canonical(T x) {
#if COMPLEX
    return (T){one_nan(x.re), one_nan(x.im)};
#else
    return one_nan(x);
#endif
}

static long compared;
static void compare(const char *what, const T *got, const T *wanted, int count) {
    compared += count;
    if (memcmp(got, wanted, sizeof(T) * (size_t)count) == 0) return;
    for (int i = 0; i < count; ++i)
        if (memcmp(&got[i], &wanted[i], sizeof(T)) != 0) {
            const REAL *g = (const REAL *)&got[i], *w = (const REAL *)&wanted[i];
            printf("%s: element %d of %d: %a %a, not %a %a\n", what, i, count, (double)g[0], (double)g[COMPLEX],
                   (double)w[0], (double)w[COMPLEX]);
            exit(1);
        }
}

/* A matrix as it is meant: dense, and which of its elements there are. */
static T dense[MOST][MOST], other[MOST][MOST], result[MOST][MOST];
static unsigned char there[MOST][MOST];
static T stored[ROOM], stored_b[ROOM], got[ROOM], wanted[ROOM];
static int layout, leading, kl, ku, uplo, packed, banded;

static int place(int m, int n, int i, int j) {
    int across = layout == CblasColMajor ? i : j, along = layout == CblasColMajor ? j : i;
    int upper = (uplo == CblasUpper) == (layout == CblasColMajor);
    (void)m;
    if (packed) return upper ? across + along * (along + 1) / 2 : across + along * (2 * n - along - 1) / 2;
    if (banded) return (layout == CblasColMajor ? ku : kl) + across - along + along * leading;
    return across + along * leading;
}

/* Fills `to` with the matrix in its form of storage; elements that are not there stay poison. */
static void put(T *to, int m, int n, T (*from)[MOST]) {
    for (int i = 0; i < ROOM; ++i) to[i] = poison();
    for (int i = 0; i < m; ++i)
        for (int j = 0; j < n; ++j)
            if (there[i][j]) to[place(m, n, i, j)] = from[i][j];
}
static void rectangle(int m, int n) {
    for (int i = 0; i < m; ++i)
        for (int j = 0; j < n; ++j) there[i][j] = 1, dense[i][j] = any();
    packed = banded = 0;
    leading = (layout == CblasColMajor ? m : n) + below(3);
    if (leading == 0) leading = 1;
}
/* form: 0 full, 1 banded, 2 packed. */
static void triangle(int n, int form) {
    packed = form == 2, banded = form == 1;
    int k = banded ? below(n + 3) : n;
    kl = uplo == CblasLower ? k : 0, ku = uplo == CblasUpper ? k : 0;
    leading = banded ? k + 1 + below(3) : n + below(3);
    for (int i = 0; i < n; ++i)
        for (int j = 0; j < n; ++j) {
            there[i][j] = uplo == CblasUpper ? j >= i && j - i <= k : j <= i && i - j <= k;
            dense[i][j] = there[i][j] ? any() : poison();
        }
}

static T x[ROOM], y[ROOM];
static int increment(void) { static const int all[] = {1, 1, -1, 2, -3}; return all[below(5)]; }
static T *at(T *v, int n, int inc, int i) { return &v[inc > 0 ? i * inc : (i - n + 1) * inc]; }
static void vector(T *v, int n, int inc) {
    for (int i = 0; i < 4 * MOST; ++i) v[i] = poison();
    for (int i = 0; i < n; ++i) *at(v, n, inc, i) = any();
}
#define CHECK_VECTOR(what) compare(what, y, wanted, 4 * MOST)

/* op(dense) as a matrix of its own; a triangle's other half is not there. */
static T operated[MOST][MOST];
static unsigned char there_then[MOST][MOST];
static void operate(int m, int n, int trans) {
    for (int i = 0; i < m; ++i)
        for (int j = 0; j < n; ++j) {
            if (trans == CblasNoTrans) operated[i][j] = dense[i][j], there_then[i][j] = there[i][j];
            else operated[j][i] = conjugate(trans == CblasConjTrans, dense[i][j]), there_then[j][i] = there[i][j];
        }
}
static void reflect(int n, int hermitian) {
    for (int i = 0; i < n; ++i)
        for (int j = 0; j < n; ++j) {
            there_then[i][j] = there[i][j] | there[j][i];
            operated[i][j] = there[i][j] ? dense[i][j] : conjugate(hermitian, dense[j][i]);
            if (i == j && hermitian) operated[i][j] = number(((const REAL *)&dense[i][i])[0], 0);
        }
}

static void products_with_vectors(void) {
    int n = 1 + below(70), m = 1 + below(70), trans = CblasNoTrans + below(3);
    T alpha = factor(), beta = factor();
    for (int kind = 0; kind < 5; ++kind) {  /* gemv, gbmv, symv, sbmv, spmv */
        int incx = increment(), incy = increment(), rows = n, columns = n;
        uplo = CblasUpper + below(2);
        if (kind < 2) {
            rectangle(m, n);
            if (kind) {
                banded = 1, kl = below(m + 2), ku = below(n + 2), leading = kl + ku + 1 + below(3);
                for (int i = 0; i < m; ++i)
                    for (int j = 0; j < n; ++j) there[i][j] = i - j <= kl && j - i <= ku;
            }
            rows = trans == CblasNoTrans ? m : n, columns = trans == CblasNoTrans ? n : m;
            operate(m, n, trans);
        } else {
            triangle(n, kind - 2);
            reflect(n, COMPLEX);
        }
        put(stored, kind < 2 ? m : n, n, dense);
        vector(x, columns, incx);
        vector(y, rows, incy);
        memcpy(wanted, y, sizeof y);
        for (int i = 0; i < rows && !(is(alpha, 0) && is(beta, 1)); ++i) {
            T s = zero;
            for (int j = 0; j < columns && !is(alpha, 0); ++j)
                if (there_then[i][j]) s = chain(s, operated[i][j], *at(x, columns, incx, j));
            T *to = at(wanted, rows, incy, i);
            *to = canonical(finished(alpha, s, beta, *to));
        }
        if (kind == 0)
            BLAS(gemv)(layout, trans, m, n, GIVEN(alpha), stored, leading, x, incx, GIVEN(beta), y, incy);
        if (kind == 1)
            BLAS(gbmv)(layout, trans, m, n, kl, ku, GIVEN(alpha), stored, leading, x, incx, GIVEN(beta), y, incy);
#if COMPLEX
#define SYMV BLAS(hemv)
#define SBMV BLAS(hbmv)
#define SPMV BLAS(hpmv)
#else
#define SYMV BLAS(symv)
#define SBMV BLAS(sbmv)
#define SPMV BLAS(spmv)
#endif
        if (kind == 2) SYMV(layout, uplo, n, GIVEN(alpha), stored, leading, x, incx, GIVEN(beta), y, incy);
        if (kind == 3) SBMV(layout, uplo, n, kl + ku, GIVEN(alpha), stored, leading, x, incx, GIVEN(beta), y, incy);
        if (kind == 4) SPMV(layout, uplo, n, GIVEN(alpha), stored, x, incx, GIVEN(beta), y, incy);
        static const char *const names[] = {"gemv", "gbmv", "symv", "sbmv", "spmv"};
        CHECK_VECTOR(names[kind]);
    }
}

/* v = op(A) v, or the solution of op(A) v' = v, by definition. */
static void triangular(int n, int lower, int unit, int solve, T *v) {
    T old[MOST];
    memcpy(old, v, sizeof *v * (size_t)n);
    for (int step = 0; step < n; ++step) {
        int i = lower ? step : n - 1 - step;
        if (solve) {
            T s = v[i];
            for (int q = 0; q < step; ++q) {
                int j = lower ? q : n - 1 - q;
                if (there_then[i][j]) s = canonical(chain(s, minus(operated[i][j]), v[j]));
            }
            v[i] = unit ? s : canonical(quotient(s, operated[i][i]));
        } else {
            T s = zero;
            for (int j = 0; j < n; ++j)
                if (there_then[i][j]) s = i == j && unit ? add(s, old[j]) : chain(s, operated[i][j], old[j]);
            v[i] = canonical(s);
        }
    }
}

static void triangular_vectors(void) {
    for (int kind = 0; kind < 6; ++kind) {
        int n = 1 + below(100), form = kind / 2, solve = kind & 1, trans = CblasNoTrans + below(3);
        int diag = CblasNonUnit + below(2), inc = increment();
        uplo = CblasUpper + below(2);
        triangle(n, form);
        for (int i = 0; i < n; ++i)
            for (int j = 0; j < n; ++j)
                if (there[i][j] && i != j) dense[i][j] = times(number((REAL)0.125, 0), dense[i][j]);
        operate(n, n, trans);
        put(stored, n, n, dense);
        if (diag == CblasUnit)
            for (int i = 0; i < n; ++i) stored[place(n, n, i, i)] = poison();
        vector(y, n, inc);
        memcpy(wanted, y, sizeof y);
        T v[MOST];
        for (int i = 0; i < n; ++i) v[i] = *at(y, n, inc, i);
        triangular(n, (uplo == CblasLower) == (trans == CblasNoTrans), diag == CblasUnit, solve, v);
        for (int i = 0; i < n; ++i) *at(wanted, n, inc, i) = v[i];
        int k = kl + ku;
        if (kind == 0) BLAS(trmv)(layout, uplo, trans, diag, n, stored, leading, y, inc);
        if (kind == 1) BLAS(trsv)(layout, uplo, trans, diag, n, stored, leading, y, inc);
        if (kind == 2) BLAS(tbmv)(layout, uplo, trans, diag, n, k, stored, leading, y, inc);
        if (kind == 3) BLAS(tbsv)(layout, uplo, trans, diag, n, k, stored, leading, y, inc);
        if (kind == 4) BLAS(tpmv)(layout, uplo, trans, diag, n, stored, y, inc);
        if (kind == 5) BLAS(tpsv)(layout, uplo, trans, diag, n, stored, y, inc);
        static const char *const names[] = {"trmv", "trsv", "tbmv", "tbsv", "tpmv", "tpsv"};
        CHECK_VECTOR(names[kind]);
    }
}

/* Element (i, j) of a symmetric update is that of (min, max), conjugated where it lies below. */
static void updates(void) {
    for (int kind = 0; kind < 6; ++kind) {  /* ger, gerc, syr, spr, syr2, spr2 */
        int n = 1 + below(70), m = kind < 2 ? 1 + below(70) : n, incx = increment(), incy = increment();
        int conjugated = COMPLEX && kind != 0, hermitian = COMPLEX;
        T alpha = factor();
        uplo = CblasUpper + below(2);
        if (COMPLEX && (kind == 2 || kind == 3)) alpha = number(((const REAL *)&alpha)[0], 0);
        if (kind < 2) rectangle(m, n);
        else triangle(n, kind & 1 ? 2 : 0);
        put(got, m, n, dense);
        vector(x, m, incx);
        vector(y, n, incy);
        for (int i = 0; i < m && !is(alpha, 0); ++i)
            for (int j = 0; j < n; ++j) {
                if (!there[i][j]) continue;
                int p = i, q = j, below_it = kind >= 2 && i > j;
                if (below_it) p = j, q = i;
                T s = conjugate(hermitian && below_it, dense[i][j]);
                if (hermitian && kind >= 2 && i == j) s = number(((const REAL *)&s)[0], 0);
                T *second = kind < 2 || kind > 3 ? at(y, n, incy, q) : at(x, m, incx, q);
                s = chain(s, times(alpha, *at(x, m, incx, p)), conjugate(conjugated, *second));
                if (kind > 3)
                    s = chain(canonical(s), times(conjugate(hermitian, alpha), *at(y, n, incy, p)),
                              conjugate(conjugated, *at(x, m, incx, q)));
                if (hermitian && kind >= 2 && i == j) s = number(((const REAL *)&s)[0], 0);
                dense[i][j] = canonical(conjugate(hermitian && below_it, s));
            }
        put(wanted, m, n, dense);
        REAL real_alpha = ((const REAL *)&alpha)[0];
        (void)real_alpha;
#if COMPLEX
        if (kind == 0) BLAS(geru)(layout, m, n, &alpha, x, incx, y, incy, got, leading);
        if (kind == 1) BLAS(gerc)(layout, m, n, &alpha, x, incx, y, incy, got, leading);
        if (kind == 2) BLAS(her)(layout, uplo, n, real_alpha, x, incx, got, leading);
        if (kind == 3) BLAS(hpr)(layout, uplo, n, real_alpha, x, incx, got);
        if (kind == 4) BLAS(her2)(layout, uplo, n, &alpha, x, incx, y, incy, got, leading);
        if (kind == 5) BLAS(hpr2)(layout, uplo, n, &alpha, x, incx, y, incy, got);
#else
        if (kind < 2) BLAS(ger)(layout, m, n, alpha, x, incx, y, incy, got, leading);
        if (kind == 2) BLAS(syr)(layout, uplo, n, alpha, x, incx, got, leading);
        if (kind == 3) BLAS(spr)(layout, uplo, n, alpha, x, incx, got);
        if (kind == 4) BLAS(syr2)(layout, uplo, n, alpha, x, incx, y, incy, got, leading);
        if (kind == 5) BLAS(spr2)(layout, uplo, n, alpha, x, incx, y, incy, got);
#endif
        static const char *const names[] = {"ger", "gerc", "syr", "spr", "syr2", "spr2"};
        /* A zero's sign below the diagonal of a Hermitian matrix is its own. */
        if (hermitian && kind >= 2)
            for (int i = 0; i < ROOM; ++i)
                for (int half = 0; half <= COMPLEX; ++half) {
                    REAL *g = (REAL *)&got[i] + half, *w = (REAL *)&wanted[i] + half;
                    if (*g == 0 && *w == 0) *g = *w;
                }
        compare(names[kind], got, wanted, ROOM);
    }
}

static void matrices(int most) {
    int m = 1 + below(most), n = 1 + below(most), left = below(2), side = left ? CblasLeft : CblasRight;
    int trans = CblasNoTrans + below(3), diag = CblasNonUnit + below(2), order = left ? m : n;
    T alpha = factor(), beta = factor();
    static const char *const names[] = {"symm", "hemm", "trmm", "trsm"};
    for (int kind = 0; kind < 4; ++kind) {
        if (kind == 1 && !COMPLEX) continue;
        uplo = CblasUpper + below(2);
        rectangle(m, n);
        put(stored_b, m, n, dense);
        memcpy(other, dense, sizeof dense);
        int ldb = leading;
        rectangle(m, n);
        if (kind > 1) memcpy(dense, other, sizeof dense), leading = ldb;
        put(got, m, n, dense);
        memcpy(result, dense, sizeof dense);
        int ldc = leading;
        triangle(order, 0);
        int lda = leading;
        if (kind > 1)
            for (int i = 0; i < order; ++i)
                for (int j = 0; j < order; ++j)
                    if (there[i][j] && i != j) dense[i][j] = times(number((REAL)0.0625, 0), dense[i][j]);
        put(stored, order, order, dense);
        if (kind > 1 && diag == CblasUnit)
            for (int i = 0; i < order; ++i) stored[place(order, order, i, i)] = poison();
        if (kind < 2) reflect(order, kind);
        else operate(order, order, trans);
        if (kind > 1 && !left) {  /* X op(A) = B is op(A)ᵀ Xᵀ = Bᵀ */
            for (int i = 0; i < order; ++i)
                for (int j = 0; j < i; ++j) {
                    T kept = operated[i][j];
                    operated[i][j] = operated[j][i], operated[j][i] = kept;
                    unsigned char was = there_then[i][j];
                    there_then[i][j] = there_then[j][i], there_then[j][i] = was;
                }
        }
        int lower = ((uplo == CblasLower) == (trans == CblasNoTrans)) == left;
        if (kind > 1) {
            for (int c = 0; c < (left ? n : m); ++c) {
                T v[MOST];
                for (int i = 0; i < order; ++i) {
                    v[i] = left ? other[i][c] : other[c][i];
                    if (is(alpha, 0)) v[i] = zero;
                    else if (kind == 3) v[i] = is(alpha, 1) ? v[i] : canonical(times(alpha, v[i]));
                }
                if (!is(alpha, 0)) triangular(order, lower, diag == CblasUnit, kind == 3, v);
                for (int i = 0; i < order; ++i)
                    *(left ? &result[i][c] : &result[c][i]) = kind == 3 || is(alpha, 1) ? v[i]
                                                            : is(alpha, 0) ? zero : canonical(times(alpha, v[i]));
            }
        } else if (!(is(alpha, 0) && is(beta, 1))) {
            for (int i = 0; i < m; ++i)
                for (int j = 0; j < n; ++j) {
                    T s = zero;
                    for (int p = 0; p < order && !is(alpha, 0); ++p)
                        s = left ? chain(s, operated[i][p], other[p][j]) : chain(s, operated[p][j], other[i][p]);
                    result[i][j] = canonical(finished(alpha, s, beta, result[i][j]));
                }
        }
        for (int i = 0; i < m; ++i)
            for (int j = 0; j < n; ++j) there[i][j] = 1;
        leading = ldc;
        put(wanted, m, n, result);
        if (kind == 0) BLAS(symm)(layout, side, uplo, m, n, GIVEN(alpha), stored, lda, stored_b, ldb, GIVEN(beta), got, ldc);
#if COMPLEX
        if (kind == 1) BLAS(hemm)(layout, side, uplo, m, n, GIVEN(alpha), stored, lda, stored_b, ldb, GIVEN(beta), got, ldc);
#endif
        if (kind == 2) BLAS(trmm)(layout, side, uplo, trans, diag, m, n, GIVEN(alpha), stored, lda, got, ldc);
        if (kind == 3) BLAS(trsm)(layout, side, uplo, trans, diag, m, n, GIVEN(alpha), stored, lda, got, ldc);
        compare(names[kind], got, wanted, ROOM);
    }
}

/* syrk, herk, syr2k, her2k, and gemm. */
static void rank_k(int most) {
    int n = 1 + below(most), k = 1 + below(most), m = 1 + below(most);
    for (int kind = 0; kind < 5; ++kind) {
        int hermitian = kind & 1, two = kind & 2, lda, ldb;
        if (kind < 4 && hermitian && !COMPLEX) continue;
        int trans = below(2) ? CblasNoTrans : hermitian ? CblasConjTrans : CblasTrans, trans_b = CblasNoTrans + below(3);
        T alpha = factor(), beta = factor();
        if (hermitian) beta = number(((const REAL *)&beta)[0], 0);
        if (hermitian && !two) alpha = number(((const REAL *)&alpha)[0], 0);
        if (kind == 4) trans = CblasNoTrans + below(3), hermitian = two = 0;
        int rows = kind == 4 ? m : n;
        trans == CblasNoTrans ? rectangle(rows, k) : rectangle(k, rows);
        lda = leading;
        put(stored, trans == CblasNoTrans ? rows : k, trans == CblasNoTrans ? k : rows, dense);
        operate(trans == CblasNoTrans ? rows : k, trans == CblasNoTrans ? k : rows, trans);
        memcpy(other, operated, sizeof other);  /* op(A), n × k */
        int shape = kind == 4 ? trans_b == CblasNoTrans : trans != CblasNoTrans;  /* B is k × n */
        shape ? rectangle(k, n) : rectangle(n, k);
        ldb = leading;
        put(stored_b, shape ? k : n, shape ? n : k, dense);
        operate(shape ? k : n, shape ? n : k, kind == 4 ? trans_b : trans);
        uplo = CblasUpper + below(2);
        static T b[MOST][MOST];
        memcpy(b, operated, sizeof b);
        if (kind == 4) rectangle(m, n);
        else triangle(n, 0);
        put(got, rows, n, dense);
        int nothing = is(alpha, 0) && is(beta, 1);
        for (int i = 0; i < rows && !nothing; ++i)
            for (int j = 0; j < n; ++j) {
                if (!there[i][j]) continue;
                int mirrored = kind < 4 && i > j, p = mirrored ? j : i, q = mirrored ? i : j;
                T c = conjugate(hermitian && mirrored, dense[i][j]), s = zero;
                if (hermitian && i == j) c = number(((const REAL *)&c)[0], 0);
                for (int r = 0; r < k && !is(alpha, 0); ++r)
                    s = kind == 4 ? chain(s, other[i][r], b[r][j])
                                  : chain(s, other[p][r], conjugate(hermitian, two ? b[q][r] : other[q][r]));
                c = canonical(finished(alpha, s, beta, c));
                if (hermitian && i == j) c = number(((const REAL *)&c)[0], 0);
                if (two) {
                    s = zero;
                    for (int r = 0; r < k && !is(alpha, 0); ++r) s = chain(s, b[p][r], conjugate(hermitian, other[q][r]));
                    c = canonical(finished(conjugate(hermitian, alpha), s, number(1, 0), c));
                }
                if (hermitian && i == j) c = number(((const REAL *)&c)[0], 0);
                dense[i][j] = canonical(conjugate(hermitian && mirrored, c));
            }
        put(wanted, rows, n, dense);
        int ldc = leading;
        static const char *const names[] = {"syrk", "herk", "syr2k", "her2k", "gemm"};
        if (kind == 0) BLAS(syrk)(layout, uplo, trans, n, k, GIVEN(alpha), stored, lda, GIVEN(beta), got, ldc);
        if (kind == 2)
            BLAS(syr2k)(layout, uplo, trans, n, k, GIVEN(alpha), stored, lda, stored_b, ldb, GIVEN(beta), got, ldc);
#if COMPLEX
        if (kind == 1) BLAS(herk)(layout, uplo, trans, n, k, alpha.re, stored, lda, beta.re, got, ldc);
        if (kind == 3)
            BLAS(her2k)(layout, uplo, trans, n, k, GIVEN(alpha), stored, lda, stored_b, ldb, beta.re, got, ldc);
#endif
        if (kind == 4)
            BLAS(gemm)(layout, trans, trans_b, m, n, k, GIVEN(alpha), stored, lda, stored_b, ldb, GIVEN(beta), got, ldc);
        if (hermitian)
            for (int i = 0; i < ROOM; ++i)
                for (int half = 0; half <= COMPLEX; ++half) {
                    REAL *g = (REAL *)&got[i] + half, *w = (REAL *)&wanted[i] + half;
                    if (*g == 0 && *w == 0) *g = *w;
                }
        compare(names[kind], got, wanted, ROOM);
    }
}

static void vectors(void) {
    int n = below(600) / 2, incx = increment(), incy = increment();
    T alpha = factor();
    if (n > 120) incx = incy = 1;
    vector(x, n, incx);
    vector(y, n, incy);
    memcpy(wanted, y, sizeof y);
    for (int i = 0; i < n && !is(alpha, 0); ++i) {
        T *to = at(wanted, n, incy, i);
        *to = canonical(chain(*to, alpha, *at(x, n, incx, i)));
    }
    BLAS(axpy)(n, GIVEN(alpha), x, incx, y, incy);
    CHECK_VECTOR("axpy");
    for (int i = 0; i < n && !is(alpha, 1) && incy > 0; ++i) {
        T *to = at(wanted, n, incy, i);
        *to = canonical(times(alpha, *to));
    }
    BLAS(scal)(n, GIVEN(alpha), y, incy);
    CHECK_VECTOR("scal");
}

int main(int count, char **arguments) {
    int rounds = count > 1 ? atoi(arguments[1]) : 100;
    for (int round = 0; round < rounds; ++round) {
        state = (uint64_t)round * 1000;
        layout = round & 1 ? CblasRowMajor : CblasColMajor;
        special = round % 8 == 7;
        near_ties = round % 3 == 2;
        vectors();
        products_with_vectors();
        triangular_vectors();
        updates();
        int most = round % 16 == 5 ? MOST : 40;
        matrices(most);
        rank_k(most);
    }
    printf("%ld elements\n", compared);
    return 0;
}
