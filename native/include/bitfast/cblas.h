/* CBLAS of libbitfast_blas: the interface of the BLAS Technical Forum's standard (2001, appendix B), 32-bit integers.
   Every answer has the same bits on every chip; docs/blas.md defines them. */
#ifndef CBLAS_H
#define CBLAS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#ifndef CBLAS_INT
#define CBLAS_INT int32_t
#endif
#ifndef CBLAS_INDEX
#define CBLAS_INDEX size_t
#endif

typedef enum CBLAS_LAYOUT { CblasRowMajor = 101, CblasColMajor = 102 } CBLAS_LAYOUT;
typedef enum CBLAS_TRANSPOSE { CblasNoTrans = 111, CblasTrans = 112, CblasConjTrans = 113 } CBLAS_TRANSPOSE;
typedef enum CBLAS_UPLO { CblasUpper = 121, CblasLower = 122 } CBLAS_UPLO;
typedef enum CBLAS_DIAG { CblasNonUnit = 131, CblasUnit = 132 } CBLAS_DIAG;
typedef enum CBLAS_SIDE { CblasLeft = 141, CblasRight = 142 } CBLAS_SIDE;
#define CBLAS_ORDER CBLAS_LAYOUT

/* Called for a wrong parameter; may be replaced by the program's own. */
void cblas_xerbla(CBLAS_INT position, const char *routine, const char *format, ...);

/* ---- All types: `vector` is float, double, or void for complex numbers, `scalar` a number or a pointer to it. ---- */

#define CBLAS_EVERY_TYPE(t, vector, scalar) \
    /* Level 1 */ \
    void cblas_##t##swap(CBLAS_INT n, vector *x, CBLAS_INT incx, vector *y, CBLAS_INT incy); \
    void cblas_##t##copy(CBLAS_INT n, const vector *x, CBLAS_INT incx, vector *y, CBLAS_INT incy); \
    void cblas_##t##axpy(CBLAS_INT n, scalar alpha, const vector *x, CBLAS_INT incx, vector *y, CBLAS_INT incy); \
    void cblas_##t##scal(CBLAS_INT n, scalar alpha, vector *x, CBLAS_INT incx); \
    CBLAS_INDEX cblas_i##t##amax(CBLAS_INT n, const vector *x, CBLAS_INT incx); \
    /* Level 2 */ \
    void cblas_##t##gemv(CBLAS_LAYOUT layout, CBLAS_TRANSPOSE trans, CBLAS_INT m, CBLAS_INT n, scalar alpha, \
                         const vector *a, CBLAS_INT lda, const vector *x, CBLAS_INT incx, scalar beta, vector *y, \
                         CBLAS_INT incy); \
    void cblas_##t##gbmv(CBLAS_LAYOUT layout, CBLAS_TRANSPOSE trans, CBLAS_INT m, CBLAS_INT n, CBLAS_INT kl, \
                         CBLAS_INT ku, \
                         scalar alpha, const vector *a, CBLAS_INT lda, const vector *x, CBLAS_INT incx, scalar beta, \
                         vector *y, CBLAS_INT incy); \
    void cblas_##t##trmv(CBLAS_LAYOUT layout, CBLAS_UPLO uplo, CBLAS_TRANSPOSE trans, CBLAS_DIAG diag, CBLAS_INT n, \
                         const vector *a, CBLAS_INT lda, vector *x, CBLAS_INT incx); \
    void cblas_##t##tbmv(CBLAS_LAYOUT layout, CBLAS_UPLO uplo, CBLAS_TRANSPOSE trans, CBLAS_DIAG diag, CBLAS_INT n, \
                         CBLAS_INT k, const vector *a, CBLAS_INT lda, vector *x, CBLAS_INT incx); \
    void cblas_##t##tpmv(CBLAS_LAYOUT layout, CBLAS_UPLO uplo, CBLAS_TRANSPOSE trans, CBLAS_DIAG diag, CBLAS_INT n, \
                         const vector *a, vector *x, CBLAS_INT incx); \
    void cblas_##t##trsv(CBLAS_LAYOUT layout, CBLAS_UPLO uplo, CBLAS_TRANSPOSE trans, CBLAS_DIAG diag, CBLAS_INT n, \
                         const vector *a, CBLAS_INT lda, vector *x, CBLAS_INT incx); \
    void cblas_##t##tbsv(CBLAS_LAYOUT layout, CBLAS_UPLO uplo, CBLAS_TRANSPOSE trans, CBLAS_DIAG diag, CBLAS_INT n, \
                         CBLAS_INT k, const vector *a, CBLAS_INT lda, vector *x, CBLAS_INT incx); \
    void cblas_##t##tpsv(CBLAS_LAYOUT layout, CBLAS_UPLO uplo, CBLAS_TRANSPOSE trans, CBLAS_DIAG diag, CBLAS_INT n, \
                         const vector *a, vector *x, CBLAS_INT incx); \
    /* Level 3 */ \
    void cblas_##t##gemm(CBLAS_LAYOUT layout, CBLAS_TRANSPOSE transa, CBLAS_TRANSPOSE transb, CBLAS_INT m, \
                         CBLAS_INT n, \
                         CBLAS_INT k, scalar alpha, const vector *a, CBLAS_INT lda, const vector *b, CBLAS_INT ldb, \
                         scalar beta, vector *c, CBLAS_INT ldc); \
    void cblas_##t##symm(CBLAS_LAYOUT layout, CBLAS_SIDE side, CBLAS_UPLO uplo, CBLAS_INT m, CBLAS_INT n, \
                         scalar alpha, \
                         const vector *a, CBLAS_INT lda, const vector *b, CBLAS_INT ldb, scalar beta, vector *c, \
                         CBLAS_INT ldc); \
    void cblas_##t##syrk(CBLAS_LAYOUT layout, CBLAS_UPLO uplo, CBLAS_TRANSPOSE trans, CBLAS_INT n, CBLAS_INT k, \
                         scalar alpha, const vector *a, CBLAS_INT lda, scalar beta, vector *c, CBLAS_INT ldc); \
    void cblas_##t##syr2k(CBLAS_LAYOUT layout, CBLAS_UPLO uplo, CBLAS_TRANSPOSE trans, CBLAS_INT n, CBLAS_INT k, \
                          scalar alpha, const vector *a, CBLAS_INT lda, const vector *b, CBLAS_INT ldb, scalar beta, \
                          vector *c, CBLAS_INT ldc); \
    void cblas_##t##trmm(CBLAS_LAYOUT layout, CBLAS_SIDE side, CBLAS_UPLO uplo, CBLAS_TRANSPOSE trans, \
                         CBLAS_DIAG diag, \
                         CBLAS_INT m, CBLAS_INT n, scalar alpha, const vector *a, CBLAS_INT lda, vector *b, \
                         CBLAS_INT ldb); \
    void cblas_##t##trsm(CBLAS_LAYOUT layout, CBLAS_SIDE side, CBLAS_UPLO uplo, CBLAS_TRANSPOSE trans, \
                         CBLAS_DIAG diag, \
                         CBLAS_INT m, CBLAS_INT n, scalar alpha, const vector *a, CBLAS_INT lda, vector *b, \
                         CBLAS_INT ldb);
CBLAS_EVERY_TYPE(s, float, float)
CBLAS_EVERY_TYPE(d, double, double)
CBLAS_EVERY_TYPE(c, void, const void *)
CBLAS_EVERY_TYPE(z, void, const void *)
#undef CBLAS_EVERY_TYPE

/* ---- Real types. ---- */

#define CBLAS_REAL_TYPE(t, real) \
    real cblas_##t##dot(CBLAS_INT n, const real *x, CBLAS_INT incx, const real *y, CBLAS_INT incy); \
    real cblas_##t##nrm2(CBLAS_INT n, const real *x, CBLAS_INT incx); \
    real cblas_##t##asum(CBLAS_INT n, const real *x, CBLAS_INT incx); \
    void cblas_##t##rotg(real *a, real *b, real *c, real *s); \
    void cblas_##t##rotmg(real *d1, real *d2, real *x1, real y1, real *h); \
    void cblas_##t##rot(CBLAS_INT n, real *x, CBLAS_INT incx, real *y, CBLAS_INT incy, real c, real s); \
    void cblas_##t##rotm(CBLAS_INT n, real *x, CBLAS_INT incx, real *y, CBLAS_INT incy, const real *h); \
    void cblas_##t##symv(CBLAS_LAYOUT layout, CBLAS_UPLO uplo, CBLAS_INT n, real alpha, const real *a, CBLAS_INT lda, \
                         const real *x, CBLAS_INT incx, real beta, real *y, CBLAS_INT incy); \
    void cblas_##t##sbmv(CBLAS_LAYOUT layout, CBLAS_UPLO uplo, CBLAS_INT n, CBLAS_INT k, real alpha, const real *a, \
                         CBLAS_INT lda, const real *x, CBLAS_INT incx, real beta, real *y, CBLAS_INT incy); \
    void cblas_##t##spmv(CBLAS_LAYOUT layout, CBLAS_UPLO uplo, CBLAS_INT n, real alpha, const real *a, const real *x, \
                         CBLAS_INT incx, real beta, real *y, CBLAS_INT incy); \
    void cblas_##t##ger(CBLAS_LAYOUT layout, CBLAS_INT m, CBLAS_INT n, real alpha, const real *x, CBLAS_INT incx, \
                        const real *y, CBLAS_INT incy, real *a, CBLAS_INT lda); \
    void cblas_##t##syr(CBLAS_LAYOUT layout, CBLAS_UPLO uplo, CBLAS_INT n, real alpha, const real *x, CBLAS_INT incx, \
                        real *a, CBLAS_INT lda); \
    void cblas_##t##spr(CBLAS_LAYOUT layout, CBLAS_UPLO uplo, CBLAS_INT n, real alpha, const real *x, CBLAS_INT incx, \
                        real *a); \
    void cblas_##t##syr2(CBLAS_LAYOUT layout, CBLAS_UPLO uplo, CBLAS_INT n, real alpha, const real *x, CBLAS_INT incx, \
                         const real *y, CBLAS_INT incy, real *a, CBLAS_INT lda); \
    void cblas_##t##spr2(CBLAS_LAYOUT layout, CBLAS_UPLO uplo, CBLAS_INT n, real alpha, const real *x, CBLAS_INT incx, \
                         const real *y, CBLAS_INT incy, real *a);
CBLAS_REAL_TYPE(s, float)
CBLAS_REAL_TYPE(d, double)
#undef CBLAS_REAL_TYPE

double cblas_dsdot(CBLAS_INT n, const float *x, CBLAS_INT incx, const float *y, CBLAS_INT incy);
float cblas_sdsdot(CBLAS_INT n, float b, const float *x, CBLAS_INT incx, const float *y, CBLAS_INT incy);

/* ---- Complex types: `lengths` and `mixed` are the letters of scnrm2 and csscal. ---- */

#define CBLAS_COMPLEX_TYPE(t, real, lengths, mixed) \
    void cblas_##t##dotu_sub(CBLAS_INT n, const void *x, CBLAS_INT incx, const void *y, CBLAS_INT incy, void *dot); \
    void cblas_##t##dotc_sub(CBLAS_INT n, const void *x, CBLAS_INT incx, const void *y, CBLAS_INT incy, void *dot); \
    real cblas_##lengths##nrm2(CBLAS_INT n, const void *x, CBLAS_INT incx); \
    real cblas_##lengths##asum(CBLAS_INT n, const void *x, CBLAS_INT incx); \
    void cblas_##mixed##scal(CBLAS_INT n, real alpha, void *x, CBLAS_INT incx); \
    void cblas_##mixed##rot(CBLAS_INT n, void *x, CBLAS_INT incx, void *y, CBLAS_INT incy, real c, real s); \
    void cblas_##t##rotg(void *a, void *b, real *c, void *s); \
    void cblas_##t##hemv(CBLAS_LAYOUT layout, CBLAS_UPLO uplo, CBLAS_INT n, const void *alpha, const void *a, \
                         CBLAS_INT lda, const void *x, CBLAS_INT incx, const void *beta, void *y, CBLAS_INT incy); \
    void cblas_##t##hbmv(CBLAS_LAYOUT layout, CBLAS_UPLO uplo, CBLAS_INT n, CBLAS_INT k, const void *alpha, \
                         const void *a, \
                         CBLAS_INT lda, const void *x, CBLAS_INT incx, const void *beta, void *y, CBLAS_INT incy); \
    void cblas_##t##hpmv(CBLAS_LAYOUT layout, CBLAS_UPLO uplo, CBLAS_INT n, const void *alpha, const void *a, \
                         const void *x, CBLAS_INT incx, const void *beta, void *y, CBLAS_INT incy); \
    void cblas_##t##geru(CBLAS_LAYOUT layout, CBLAS_INT m, CBLAS_INT n, const void *alpha, const void *x, \
                         CBLAS_INT incx, const void *y, CBLAS_INT incy, void *a, CBLAS_INT lda); \
    void cblas_##t##gerc(CBLAS_LAYOUT layout, CBLAS_INT m, CBLAS_INT n, const void *alpha, const void *x, \
                         CBLAS_INT incx, const void *y, CBLAS_INT incy, void *a, CBLAS_INT lda); \
    void cblas_##t##her(CBLAS_LAYOUT layout, CBLAS_UPLO uplo, CBLAS_INT n, real alpha, const void *x, CBLAS_INT incx, \
                        void *a, CBLAS_INT lda); \
    void cblas_##t##hpr(CBLAS_LAYOUT layout, CBLAS_UPLO uplo, CBLAS_INT n, real alpha, const void *x, CBLAS_INT incx, \
                        void *a); \
    void cblas_##t##her2(CBLAS_LAYOUT layout, CBLAS_UPLO uplo, CBLAS_INT n, const void *alpha, const void *x, \
                         CBLAS_INT incx, const void *y, CBLAS_INT incy, void *a, CBLAS_INT lda); \
    void cblas_##t##hpr2(CBLAS_LAYOUT layout, CBLAS_UPLO uplo, CBLAS_INT n, const void *alpha, const void *x, \
                         CBLAS_INT incx, const void *y, CBLAS_INT incy, void *a); \
    void cblas_##t##hemm(CBLAS_LAYOUT layout, CBLAS_SIDE side, CBLAS_UPLO uplo, CBLAS_INT m, CBLAS_INT n, \
                         const void *alpha, const void *a, CBLAS_INT lda, const void *b, CBLAS_INT ldb, \
                         const void *beta, void *c, CBLAS_INT ldc); \
    void cblas_##t##herk(CBLAS_LAYOUT layout, CBLAS_UPLO uplo, CBLAS_TRANSPOSE trans, CBLAS_INT n, CBLAS_INT k, \
                         real alpha, const void *a, CBLAS_INT lda, real beta, void *c, CBLAS_INT ldc); \
    void cblas_##t##her2k(CBLAS_LAYOUT layout, CBLAS_UPLO uplo, CBLAS_TRANSPOSE trans, CBLAS_INT n, CBLAS_INT k, \
                          const void *alpha, const void *a, CBLAS_INT lda, const void *b, CBLAS_INT ldb, real beta, \
                          void *c, CBLAS_INT ldc);
CBLAS_COMPLEX_TYPE(c, float, sc, cs)
CBLAS_COMPLEX_TYPE(z, double, dz, zd)
#undef CBLAS_COMPLEX_TYPE

float cblas_scabs1(const void *x);
double cblas_dcabs1(const void *x);

#ifdef __cplusplus
}
#endif

#endif
