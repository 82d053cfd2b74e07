/* Times one function over an array, whatever its calling convention: a scalar, an x86 vector or an array of ours.

   run.py loads this as a shared library and passes function pointers of the libraries it compares. */
#define _GNU_SOURCE
#include <immintrin.h>
#include <stddef.h>
#include <time.h>

enum kind { SCALAR_F64, SCALAR_F32, VECTOR4_F64, VECTOR8_F64, VECTOR8_F32, VECTOR16_F32, ARRAY_F64, ARRAY_F32 };

/* Plain loops over the calls; the second argument is used where there is one. */

static void scalar_f64(void *f, int two, const double *x, const double *y, double *r, size_t n) {
    if (two) for (size_t i = 0; i < n; ++i) r[i] = ((double (*)(double, double))f)(x[i], y[i]);
    else for (size_t i = 0; i < n; ++i) r[i] = ((double (*)(double))f)(x[i]);
}

static void scalar_f32(void *f, int two, const float *x, const float *y, float *r, size_t n) {
    if (two) for (size_t i = 0; i < n; ++i) r[i] = ((float (*)(float, float))f)(x[i], y[i]);
    else for (size_t i = 0; i < n; ++i) r[i] = ((float (*)(float))f)(x[i]);
}

__attribute__((target("avx2,fma"))) static void vector4_f64(void *f, int two, const double *x, const double *y, double *r, size_t n) {
    for (size_t i = 0; i + 4 <= n; i += 4) {
        __m256d a = _mm256_loadu_pd(x + i);
        _mm256_storeu_pd(r + i, two ? ((__m256d (*)(__m256d, __m256d))f)(a, _mm256_loadu_pd(y + i)) : ((__m256d (*)(__m256d))f)(a));
    }
}

__attribute__((target("avx512f"))) static void vector8_f64(void *f, int two, const double *x, const double *y, double *r, size_t n) {
    for (size_t i = 0; i + 8 <= n; i += 8) {
        __m512d a = _mm512_loadu_pd(x + i);
        _mm512_storeu_pd(r + i, two ? ((__m512d (*)(__m512d, __m512d))f)(a, _mm512_loadu_pd(y + i)) : ((__m512d (*)(__m512d))f)(a));
    }
}

__attribute__((target("avx2,fma"))) static void vector8_f32(void *f, int two, const float *x, const float *y, float *r, size_t n) {
    for (size_t i = 0; i + 8 <= n; i += 8) {
        __m256 a = _mm256_loadu_ps(x + i);
        _mm256_storeu_ps(r + i, two ? ((__m256 (*)(__m256, __m256))f)(a, _mm256_loadu_ps(y + i)) : ((__m256 (*)(__m256))f)(a));
    }
}

__attribute__((target("avx512f"))) static void vector16_f32(void *f, int two, const float *x, const float *y, float *r, size_t n) {
    for (size_t i = 0; i + 16 <= n; i += 16) {
        __m512 a = _mm512_loadu_ps(x + i);
        _mm512_storeu_ps(r + i, two ? ((__m512 (*)(__m512, __m512))f)(a, _mm512_loadu_ps(y + i)) : ((__m512 (*)(__m512))f)(a));
    }
}

static void array_f64(void *f, int two, const double *x, const double *y, double *r, size_t n) {
    if (two) ((void (*)(size_t, const double *, ptrdiff_t, const double *, ptrdiff_t, double *, ptrdiff_t))f)(n, x, 1, y, 1, r, 1);
    else ((void (*)(size_t, const double *, ptrdiff_t, double *, ptrdiff_t))f)(n, x, 1, r, 1);
}

static void array_f32(void *f, int two, const float *x, const float *y, float *r, size_t n) {
    if (two) ((void (*)(size_t, const float *, ptrdiff_t, const float *, ptrdiff_t, float *, ptrdiff_t))f)(n, x, 1, y, 1, r, 1);
    else ((void (*)(size_t, const float *, ptrdiff_t, float *, ptrdiff_t))f)(n, x, 1, r, 1);
}

/* Nanoseconds per element of `repeats` passes over n elements. */
double nanoseconds(enum kind kind, int two, void *f, const void *x, const void *y, void *r, size_t n, int repeats) {
    struct timespec start, end;
    clock_gettime(CLOCK_MONOTONIC, &start);
    for (int i = 0; i < repeats; ++i) {
        switch (kind) {
        case SCALAR_F64: scalar_f64(f, two, x, y, r, n); break;
        case SCALAR_F32: scalar_f32(f, two, x, y, r, n); break;
        case VECTOR4_F64: vector4_f64(f, two, x, y, r, n); break;
        case VECTOR8_F64: vector8_f64(f, two, x, y, r, n); break;
        case VECTOR8_F32: vector8_f32(f, two, x, y, r, n); break;
        case VECTOR16_F32: vector16_f32(f, two, x, y, r, n); break;
        case ARRAY_F64: array_f64(f, two, x, y, r, n); break;
        case ARRAY_F32: array_f32(f, two, x, y, r, n); break;
        }
    }
    clock_gettime(CLOCK_MONOTONIC, &end);
    return ((end.tv_sec - start.tv_sec) * 1e9 + (end.tv_nsec - start.tv_nsec)) / ((double)n * repeats);
}
