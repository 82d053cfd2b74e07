/* Matrix products: every element one chain of fused multiply-adds over k in ascending order. */
#include "bitfast_arrays.h"
#include "../dispatch.h"
#include "../environment.h"
#include "../levels.h"
#include "kernels.h"

#define GEMM(letter, real, fma, nan) \
    void bitfast_##letter##gemm(size_t m, size_t n, size_t k, real alpha, const real *a, ptrdiff_t a_row, \
        ptrdiff_t a_column, const real *b, ptrdiff_t b_row, ptrdiff_t b_column, real beta, real *c, ptrdiff_t c_row, \
        ptrdiff_t c_column) { \
        struct environment e; \
        bitfast_environment_begin(&e); \
        if (alpha == 0) k = 0; \
        for (size_t i = 0; i < m; ++i) \
            for (size_t j = 0; j < n; ++j) { \
                real s = 0; \
                for (size_t p = 0; p < k; ++p) \
                    s = fma(a[(ptrdiff_t)i * a_row + (ptrdiff_t)p * a_column], \
                            b[(ptrdiff_t)p * b_row + (ptrdiff_t)j * b_column], s); \
                real *to = &c[(ptrdiff_t)i * c_row + (ptrdiff_t)j * c_column]; \
                s = alpha * s; \
                if (beta != 0) s = fma(beta, *to, s); \
                *to = s == s ? s : (real)nan; \
            } \
        bitfast_environment_end(&e); \
    }
GEMM(d, double, bitfast_chosen.shapes.fma_f64, __builtin_nan(""))
GEMM(s, float, bitfast_chosen.shapes.fma_f32, __builtin_nanf(""))

#define GEMM_COMPLEX(letter, real, fma, nan) \
    static void letter##chain(real s[2], const real x[2], real sign_x, const real y[2], real sign_y) { \
        real x_im = sign_x * x[1], y_im = sign_y * y[1]; \
        s[0] = fma(x[0], y[0], s[0]); \
        s[0] = fma(-x_im, y_im, s[0]); \
        s[1] = fma(x[0], y_im, s[1]); \
        s[1] = fma(x_im, y[0], s[1]); \
    } \
    void bitfast_##letter##gemm(size_t m, size_t n, size_t k, const real alpha[2], const real *a, ptrdiff_t a_row, \
        ptrdiff_t a_column, int conjugate_a, const real *b, ptrdiff_t b_row, ptrdiff_t b_column, int conjugate_b, \
        const real beta[2], real *c, ptrdiff_t c_row, ptrdiff_t c_column) { \
        struct environment e; \
        bitfast_environment_begin(&e); \
        real sign_a = conjugate_a ? -1 : 1, sign_b = conjugate_b ? -1 : 1; \
        if (alpha[0] == 0 && alpha[1] == 0) k = 0; \
        for (size_t i = 0; i < m; ++i) \
            for (size_t j = 0; j < n; ++j) { \
                real s[2] = {0, 0}; \
                for (size_t p = 0; p < k; ++p) \
                    letter##chain(s, a + 2 * ((ptrdiff_t)i * a_row + (ptrdiff_t)p * a_column), sign_a, \
                                  b + 2 * ((ptrdiff_t)p * b_row + (ptrdiff_t)j * b_column), sign_b); \
                real *to = c + 2 * ((ptrdiff_t)i * c_row + (ptrdiff_t)j * c_column); \
                real t[2] = {s[0], s[1]}; \
                if (alpha[0] != 1 || alpha[1] != 0) { \
                    t[0] = t[1] = 0; \
                    letter##chain(t, alpha, 1, s, 1); \
                } \
                if (beta[0] != 0 || beta[1] != 0) letter##chain(t, beta, 1, to, 1); \
                to[0] = t[0] == t[0] ? t[0] : (real)nan; \
                to[1] = t[1] == t[1] ? t[1] : (real)nan; \
            } \
        bitfast_environment_end(&e); \
    }
GEMM_COMPLEX(z, double, bitfast_chosen.shapes.fma_f64, __builtin_nan(""))
GEMM_COMPLEX(c, float, bitfast_chosen.shapes.fma_f32, __builtin_nanf(""))
