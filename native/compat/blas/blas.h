/* What all of libbitfast_blas shares: who called, how parameters are said in Fortran and in C, and refusing them.

   Every routine is written once (…_of.h), for all four types, over matrices with a stride from row to row and one from
   column to column; its two names and their parameters come from one line of PARAMETERS_… . */
#ifndef BITFAST_BLAS_H
#define BITFAST_BLAS_H

#include "../../blas/chains.h"
#include "../../blas/continue.h"
#include "../../blas/kernels.h"
#include "../../dispatch.h"
#include "../../environment.h"
#include "../../include/bitfast/cblas.h"
#include "../../include/bitfast_arrays.h"

#define PUBLIC __attribute__((visibility("default")))

/* An element of each type; a complex one lies in memory as Fortran's and C's do. */
typedef float element_s;
typedef double element_d;
typedef struct { float re, im; } element_c;
typedef struct { double re, im; } element_z;

/* Which routine runs, for whom, and in which variant of it. */
struct caller {
    const char *name;
    int in_c;
    int variant;
};
enum { PLAIN = 0, HERMITIAN = 1, CONJUGATED = 2, SOLVE = 4, TWO_FACTORS = 8 };

/* Tells xerbla or cblas_xerbla that a parameter is wrong: its position in Fortran's list, 0 for C's layout. */
__attribute__((visibility("hidden"))) void bitfast_blas_refuse(struct caller by, int position);

/* Where the parameter at `position` does not meet `condition`, the routine ends here. */
#define REQUIRE(condition, position) \
    do { \
        if (!(condition)) { \
            bitfast_blas_refuse(by, position); \
            return; \
        } \
    } while (0)

/* Fortran's letters as C's numbers, 0 for other letters. */
static inline int bitfast_letter(char c, char capital) { return (c & ~32) == capital; }
static inline int bitfast_side(char c) {
    return bitfast_letter(c, 'L') ? CblasLeft : bitfast_letter(c, 'R') ? CblasRight : 0;
}
static inline int bitfast_uplo(char c) {
    return bitfast_letter(c, 'U') ? CblasUpper : bitfast_letter(c, 'L') ? CblasLower : 0;
}
static inline int bitfast_diag(char c) {
    return bitfast_letter(c, 'N') ? CblasNonUnit : bitfast_letter(c, 'U') ? CblasUnit : 0;
}
static inline int bitfast_trans(char c) {
    if (bitfast_letter(c, 'N')) return CblasNoTrans;
    return bitfast_letter(c, 'T') ? CblasTrans : bitfast_letter(c, 'C') ? CblasConjTrans : 0;
}

static inline int is_side(int x) { return x == CblasLeft || x == CblasRight; }
static inline int is_uplo(int x) { return x == CblasUpper || x == CblasLower; }
static inline int is_diag(int x) { return x == CblasUnit || x == CblasNonUnit; }
static inline int is_trans(int x) { return x == CblasNoTrans || x == CblasTrans || x == CblasConjTrans; }

/* A leading dimension has room for a column, or a row where the layout is by rows. */
static inline int is_leading(int layout, int rows, int columns, int leading) {
    int needed = layout == CblasColMajor ? rows : columns;
    return leading >= (needed > 1 ? needed : 1);
}

/* A parameter of each kind as Fortran and C declare it, as the routine does, and from the one to the other. */
#define FORTRAN_SIDE(x) const char *x
#define FORTRAN_UPLO(x) const char *x
#define FORTRAN_TRANS(x) const char *x
#define FORTRAN_DIAG(x) const char *x
#define FORTRAN_SIZE(x) const int *x
#define FORTRAN_SCALAR(x) const REAL *x
#define FORTRAN_REAL_SCALAR(x) const REAL *x
#define FORTRAN_IN(x) const REAL *x
#define FORTRAN_OUT(x) REAL *x

#define C_SIDE(x) CBLAS_SIDE x
#define C_UPLO(x) CBLAS_UPLO x
#define C_TRANS(x) CBLAS_TRANSPOSE x
#define C_DIAG(x) CBLAS_DIAG x
#define C_SIZE(x) CBLAS_INT x
#define C_SCALAR(x) C_GIVEN x
#define C_REAL_SCALAR(x) REAL x
#define C_IN(x) const C_REAL *x
#define C_OUT(x) C_REAL *x

#define OWN_SIDE(x) int x
#define OWN_UPLO(x) int x
#define OWN_TRANS(x) int x
#define OWN_DIAG(x) int x
#define OWN_SIZE(x) int x
#define OWN_SCALAR(x) ELEMENT x
#define OWN_REAL_SCALAR(x) REAL x
#define OWN_IN(x) const ELEMENT *x
#define OWN_OUT(x) ELEMENT *x

#define FROM_FORTRAN_SIDE(x) bitfast_side(*x)
#define FROM_FORTRAN_UPLO(x) bitfast_uplo(*x)
#define FROM_FORTRAN_TRANS(x) bitfast_trans(*x)
#define FROM_FORTRAN_DIAG(x) bitfast_diag(*x)
#define FROM_FORTRAN_SIZE(x) *x
#define FROM_FORTRAN_SCALAR(x) *(const ELEMENT *)x
#define FROM_FORTRAN_REAL_SCALAR(x) *x
#define FROM_FORTRAN_IN(x) (const ELEMENT *)x
#define FROM_FORTRAN_OUT(x) (ELEMENT *)x

#define FROM_C_SIDE(x) (int)x
#define FROM_C_UPLO(x) (int)x
#define FROM_C_TRANS(x) (int)x
#define FROM_C_DIAG(x) (int)x
#define FROM_C_SIZE(x) x
#define FROM_C_SCALAR(x) SCALAR_GIVEN(x)
#define FROM_C_REAL_SCALAR(x) x
#define FROM_C_IN(x) (const ELEMENT *)x
#define FROM_C_OUT(x) (ELEMENT *)x

#define FIRST_IN_FORTRAN(kind, x) FORTRAN_##kind(x)
#define IN_FORTRAN(kind, x) , FORTRAN_##kind(x)
#define IN_C(kind, x) , C_##kind(x)
#define OF_OWN(kind, x) , OWN_##kind(x)
#define FROM_FORTRAN(kind, x) , FROM_FORTRAN_##kind(x)
#define FROM_C(kind, x) , FROM_C_##kind(x)

#define JOIN_3_(a, b, c) a##b##c
#define JOIN_3(a, b, c) JOIN_3_(a, b, c)
#define TEXT_(x) #x
#define TEXT(x) TEXT_(x)

/* ROUTINE(gemv) { … }: the routine itself. Its parameters are PARAMETERS_gemv's, after `by` and `layout`. */
#define ROUTINE(routine) static void OF(routine)(struct caller by, int layout PARAMETERS_##routine(OF_OWN, OF_OWN))

/* NAMES(symv, symmetric_vector, PLAIN): the names ssymv_ and cblas_ssymv of a routine. */
#define NAMES(name, routine, variant) \
    void JOIN_3(LETTER, name, _)(PARAMETERS_##routine(FIRST_IN_FORTRAN, IN_FORTRAN)); \
    PUBLIC void JOIN_3(LETTER, name, _)(PARAMETERS_##routine(FIRST_IN_FORTRAN, IN_FORTRAN)) { \
        struct caller by = {TEXT(JOIN_3(LETTER, name, )), 0, variant}; \
        struct environment e; \
        bitfast_environment_begin(&e); \
        OF(routine)(by, CblasColMajor PARAMETERS_##routine(FROM_FORTRAN, FROM_FORTRAN)); \
        bitfast_environment_end(&e); \
    } \
    PUBLIC void JOIN_3(cblas_, LETTER, name)(CBLAS_LAYOUT layout PARAMETERS_##routine(IN_C, IN_C)) { \
        struct caller by = {TEXT(JOIN_3(LETTER, name, )), 1, variant}; \
        REQUIRE(layout == CblasColMajor || layout == CblasRowMajor, 0); \
        struct environment e; \
        bitfast_environment_begin(&e); \
        OF(routine)(by, (int)layout PARAMETERS_##routine(FROM_C, FROM_C)); \
        bitfast_environment_end(&e); \
    }

#endif
