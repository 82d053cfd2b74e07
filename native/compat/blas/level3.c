/* Level 3 of the BLAS: gemm as it is, and everything else by gemm on blocks, in which no chain is broken. */
#include "level3.h"

#include <stdlib.h>

#define PARAMETERS_product(first, next) \
    first(TRANS, transa) next(TRANS, transb) next(SIZE, m) next(SIZE, n) next(SIZE, k) next(SCALAR, alpha) next(IN, a) \
    next(SIZE, lda) next(IN, b) next(SIZE, ldb) next(SCALAR, beta) next(OUT, c) next(SIZE, ldc)
#define PARAMETERS_symmetric_product(first, next) \
    first(SIDE, side) next(UPLO, uplo) next(SIZE, m) next(SIZE, n) next(SCALAR, alpha) next(IN, a) next(SIZE, lda) \
    next(IN, b) next(SIZE, ldb) next(SCALAR, beta) next(OUT, c) next(SIZE, ldc)
#define PARAMETERS_rank_k(first, next) \
    first(UPLO, uplo) next(TRANS, trans) next(SIZE, n) next(SIZE, k) next(SCALAR, alpha) next(IN, a) next(SIZE, lda) \
    next(SCALAR, beta) next(OUT, c) next(SIZE, ldc)
#define PARAMETERS_hermitian_rank_k(first, next) \
    first(UPLO, uplo) next(TRANS, trans) next(SIZE, n) next(SIZE, k) next(REAL_SCALAR, alpha) next(IN, a) \
    next(SIZE, lda) next(REAL_SCALAR, beta) next(OUT, c) next(SIZE, ldc)
#define PARAMETERS_rank_2k(first, next) \
    first(UPLO, uplo) next(TRANS, trans) next(SIZE, n) next(SIZE, k) next(SCALAR, alpha) next(IN, a) next(SIZE, lda) \
    next(IN, b) next(SIZE, ldb) next(SCALAR, beta) next(OUT, c) next(SIZE, ldc)
#define PARAMETERS_hermitian_rank_2k(first, next) \
    first(UPLO, uplo) next(TRANS, trans) next(SIZE, n) next(SIZE, k) next(SCALAR, alpha) next(IN, a) next(SIZE, lda) \
    next(IN, b) next(SIZE, ldb) next(REAL_SCALAR, beta) next(OUT, c) next(SIZE, ldc)
#define PARAMETERS_triangular_product(first, next) \
    first(SIDE, side) next(UPLO, uplo) next(TRANS, trans) next(DIAG, diag) next(SIZE, m) next(SIZE, n) \
    next(SCALAR, alpha) next(IN, a) next(SIZE, lda) next(OUT, b) next(SIZE, ldb)

enum {
    TRIANGLE = 32,       /* rows of a triangle that are done without gemm */
    FEW = 8,             /* so few columns of B are each done along columns of A */
    STRIP = 256,         /* columns of B that are copied at a time */
    DIAGONAL = 48,       /* the same of C in rank-k updates, where half of a block is thrown away */
    EXPANDED = 1 << 17,  /* elements of a symmetric matrix that are written out at a time, */
    LEAST_ROWS = 32,     /* but at least so many rows */
};

/* Half of n, in whole blocks. */
static size_t half(size_t n, size_t block) { return (n / 2 + block - 1) / block * block; }

#define TEMPLATE "level3_of.h"
#include "each_type.h"
