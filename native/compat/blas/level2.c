/* Level 2 of the BLAS: products of a matrix and a vector, triangular systems, updates of rank 1 and 2. */
#include "level3.h"
#include "lines.h"

#define PARAMETERS_matrix_vector(first, next) \
    first(TRANS, trans) next(SIZE, m) next(SIZE, n) next(SCALAR, alpha) next(IN, a) next(SIZE, lda) next(IN, x) \
    next(SIZE, incx) next(SCALAR, beta) next(OUT, y) next(SIZE, incy)
#define PARAMETERS_band_vector(first, next) \
    first(TRANS, trans) next(SIZE, m) next(SIZE, n) next(SIZE, kl) next(SIZE, ku) next(SCALAR, alpha) next(IN, a) \
    next(SIZE, lda) next(IN, x) next(SIZE, incx) next(SCALAR, beta) next(OUT, y) next(SIZE, incy)
#define PARAMETERS_symmetric_vector(first, next) \
    first(UPLO, uplo) next(SIZE, n) next(SCALAR, alpha) next(IN, a) next(SIZE, lda) next(IN, x) next(SIZE, incx) \
    next(SCALAR, beta) next(OUT, y) next(SIZE, incy)
#define PARAMETERS_symmetric_band_vector(first, next) \
    first(UPLO, uplo) next(SIZE, n) next(SIZE, k) next(SCALAR, alpha) next(IN, a) next(SIZE, lda) next(IN, x) \
    next(SIZE, incx) next(SCALAR, beta) next(OUT, y) next(SIZE, incy)
#define PARAMETERS_symmetric_packed_vector(first, next) \
    first(UPLO, uplo) next(SIZE, n) next(SCALAR, alpha) next(IN, a) next(IN, x) next(SIZE, incx) next(SCALAR, beta) \
    next(OUT, y) next(SIZE, incy)
#define PARAMETERS_triangular_vector(first, next) \
    first(UPLO, uplo) next(TRANS, trans) next(DIAG, diag) next(SIZE, n) next(IN, a) next(SIZE, lda) next(OUT, x) \
    next(SIZE, incx)
#define PARAMETERS_triangular_band_vector(first, next) \
    first(UPLO, uplo) next(TRANS, trans) next(DIAG, diag) next(SIZE, n) next(SIZE, k) next(IN, a) next(SIZE, lda) \
    next(OUT, x) next(SIZE, incx)
#define PARAMETERS_triangular_packed_vector(first, next) \
    first(UPLO, uplo) next(TRANS, trans) next(DIAG, diag) next(SIZE, n) next(IN, a) next(OUT, x) next(SIZE, incx)
#define PARAMETERS_rank_1(first, next) \
    first(SIZE, m) next(SIZE, n) next(SCALAR, alpha) next(IN, x) next(SIZE, incx) next(IN, y) next(SIZE, incy) \
    next(OUT, a) next(SIZE, lda)
#define PARAMETERS_symmetric_rank_1(first, next) \
    first(UPLO, uplo) next(SIZE, n) next(REAL_SCALAR, alpha) next(IN, x) next(SIZE, incx) next(OUT, a) next(SIZE, lda)
#define PARAMETERS_packed_rank_1(first, next) \
    first(UPLO, uplo) next(SIZE, n) next(REAL_SCALAR, alpha) next(IN, x) next(SIZE, incx) next(OUT, a)
#define PARAMETERS_symmetric_rank_2(first, next) \
    first(UPLO, uplo) next(SIZE, n) next(SCALAR, alpha) next(IN, x) next(SIZE, incx) next(IN, y) next(SIZE, incy) \
    next(OUT, a) next(SIZE, lda)
#define PARAMETERS_packed_rank_2(first, next) \
    first(UPLO, uplo) next(SIZE, n) next(SCALAR, alpha) next(IN, x) next(SIZE, incx) next(IN, y) next(SIZE, incy) \
    next(OUT, a)

#define TEMPLATE "level2_of.h"
#include "each_type.h"
