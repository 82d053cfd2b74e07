/* Level 1 of the BLAS: vectors. Dot products, norms and sums of magnitudes are exact and rounded once. */
#include "blas.h"

#include "../../reduce/accumulator.h"

#define ENTER \
    struct environment e; \
    bitfast_environment_begin(&e)
#define LEAVE bitfast_environment_end(&e)

#define PARAMETERS_update(first, next) \
    first(SIZE, n) next(SCALAR, alpha) next(IN, x) next(SIZE, incx) next(OUT, y) next(SIZE, incy)
#define PARAMETERS_copy(first, next) first(SIZE, n) next(IN, x) next(SIZE, incx) next(OUT, y) next(SIZE, incy)
#define PARAMETERS_exchange(first, next) first(SIZE, n) next(OUT, x) next(SIZE, incx) next(OUT, y) next(SIZE, incy)
#define PARAMETERS_scale(first, next) first(SIZE, n) next(SCALAR, alpha) next(OUT, x) next(SIZE, incx)
#define PARAMETERS_scale_by_real(first, next) first(SIZE, n) next(REAL_SCALAR, alpha) next(OUT, x) next(SIZE, incx)
#define PARAMETERS_rotate(first, next) \
    first(SIZE, n) next(OUT, x) next(SIZE, incx) next(OUT, y) next(SIZE, incy) next(REAL_SCALAR, c) next(REAL_SCALAR, s)
#define PARAMETERS_rotate_modified(first, next) \
    first(SIZE, n) next(OUT, x) next(SIZE, incx) next(OUT, y) next(SIZE, incy) next(IN, h)

/* The names of a routine of vectors: Fortran's letters, then C's the same. */
#define VECTOR_NAMES(letters, name, routine) \
    void JOIN_3(letters, name, _)(PARAMETERS_##routine(FIRST_IN_FORTRAN, IN_FORTRAN)); \
    PUBLIC void JOIN_3(letters, name, _)(PARAMETERS_##routine(FIRST_IN_FORTRAN, IN_FORTRAN)) { \
        ENTER; \
        OF(routine)(0 PARAMETERS_##routine(FROM_FORTRAN, FROM_FORTRAN)); \
        LEAVE; \
    } \
    PUBLIC void JOIN_3(cblas_, letters, name)(PARAMETERS_##routine(FIRST_IN_C, IN_C)) { \
        ENTER; \
        OF(routine)(0 PARAMETERS_##routine(FROM_C, FROM_C)); \
        LEAVE; \
    }
#define FIRST_IN_C(kind, x) C_##kind(x)
#define VECTOR_ROUTINE(routine) static void OF(routine)(int none PARAMETERS_##routine(OF_OWN, OF_OWN))

#define TEMPLATE "level1_of.h"
#include "each_type.h"

/* ---- Of float in double. ---- */

static double dsdot(int n, const float *x, int incx, const float *y, int incy) {
    return n < 1 ? 0 : bitfast_dotf_to_double((size_t)n, start_s(x, n, incx), incx, start_s(y, n, incy), incy);
}
static float sdsdot(int n, float b, const float *x, int incx, const float *y, int incy) {
    bitfast_accumulator a;
    bitfast_accumulator_clear(&a);
    bitfast_accumulator_addf(&a, 1, &b, 1);
    if (n > 0) bitfast_accumulator_add_productsf(&a, (size_t)n, start_s(x, n, incx), incx, start_s(y, n, incy), incy);
    return bitfast_accumulator_valuef(&a);
}
double dsdot_(const int *n, const float *x, const int *incx, const float *y, const int *incy);
float sdsdot_(const int *n, const float *b, const float *x, const int *incx, const float *y, const int *incy);
PUBLIC double dsdot_(const int *n, const float *x, const int *incx, const float *y, const int *incy) {
    return dsdot(*n, x, *incx, y, *incy);
}
PUBLIC float sdsdot_(const int *n, const float *b, const float *x, const int *incx, const float *y, const int *incy) {
    return sdsdot(*n, *b, x, *incx, y, *incy);
}
PUBLIC double cblas_dsdot(CBLAS_INT n, const float *x, CBLAS_INT incx, const float *y, CBLAS_INT incy) {
    return dsdot(n, x, incx, y, incy);
}
PUBLIC float cblas_sdsdot(CBLAS_INT n, float b, const float *x, CBLAS_INT incx, const float *y, CBLAS_INT incy) {
    return sdsdot(n, b, x, incx, y, incy);
}

/* |re| + |im|, which no type but the two has. */
#define ABS1(name, real, letter) \
    real name##_(const real *x); \
    PUBLIC real name##_(const real *x) { \
        ENTER; \
        const real sum = canonical_real_##letter(magnitude_##letter(x[0]) + magnitude_##letter(x[1])); \
        LEAVE; \
        return sum; \
    } \
    PUBLIC real cblas_##name(const void *x) { return name##_(x); }
ABS1(scabs1, float, s)
ABS1(dcabs1, double, d)
