/* Vectors of float64 and float32 for matrix products, as wide as the level's registers, and the shapes of tiles that
   these registers hold. What is defined for both types ends in _f64 and _f32. */
#ifndef BITFAST_PRODUCT_VECTORS_H
#define BITFAST_PRODUCT_VECTORS_H

#include "../../lanes.h"
#include "../../levels.h"

/* The tile of c that stays in registers: rows × vectors of columns; of complex numbers every vector is two. */
#if defined LANES_AVX512 || defined LANES_NEON || defined LANES_SVE  /* 32 registers */
enum { TILE_ROWS = 8, TILE_VECTORS = 3, COMPLEX_TILE_ROWS = 4, COMPLEX_TILE_VECTORS = 2 };
#elif LANES == 1 || defined LANES_SSE  /* fma may be a function */
enum { TILE_ROWS = 2, TILE_VECTORS = 2, COMPLEX_TILE_ROWS = 2, COMPLEX_TILE_VECTORS = 1 };
#else
enum { TILE_ROWS = 4, TILE_VECTORS = 3, COMPLEX_TILE_ROWS = 2, COMPLEX_TILE_VECTORS = 2 };
#endif

/* Loops of constant length over arrays that are meant to be registers. */
#define UNROLL _Pragma("GCC unroll 32")

#if LANES == 1
enum { WIDTH_f64 = 1, WIDTH_f32 = 1 };
typedef double vector_f64;
typedef float vector_f32;
#else
enum { WIDTH_f64 = LANES,
#ifdef LANES_SSE
       WIDTH_f32 = LANES,  /* fma is computed in as many doubles */
#else
       WIDTH_f32 = 2 * LANES,
#endif
};
typedef double vector_f64 __attribute__((vector_size(8 * WIDTH_f64)));
typedef float vector_f32 __attribute__((vector_size(4 * WIDTH_f32)));
typedef int64_t integers_f64 __attribute__((vector_size(8 * WIDTH_f64)));
typedef int32_t integers_f32 __attribute__((vector_size(4 * WIDTH_f32)));
#endif

/* a·b + c rounded once, one value. */
INLINE double fma_one_f64(double a, double b, double c) {
#ifdef HAS_FMA
    return __builtin_fma(a, b, c);
#else
    return bitfast_software_fma(a, b, c);
#endif
}

INLINE float fma_one_f32(float a, float b, float c) {
#ifdef HAS_FMA
    return __builtin_fmaf(a, b, c);
#else
    return bitfast_software_fmaf(a, b, c);
#endif
}

/* x·y + s rounded once per lane. */
INLINE vector_f64 fma_f64(vector_f64 x, vector_f64 y, vector_f64 s) {
#if LANES == 1
    return fma_one_f64(x, y, s);
#elif defined LANES_SVE
    return svmla_f64_x(EVERYWHERE, s, x, y);
#else
    return (vector_f64)fmadd((f64)x, (f64)y, (f64)s);
#endif
}

INLINE vector_f32 fma_f32(vector_f32 x, vector_f32 y, vector_f32 s) {
#if LANES == 1
    return fma_one_f32(x, y, s);
#elif defined LANES_AVX512
    return (vector_f32)_mm512_fmadd_ps((__m512)x, (__m512)y, (__m512)s);
#elif defined LANES_AVX2
    return (vector_f32)_mm256_fmadd_ps((__m256)x, (__m256)y, (__m256)s);
#elif defined LANES_NEON
    return (vector_f32)vfmaq_f32((float32x4_t)s, (float32x4_t)x, (float32x4_t)y);
#elif defined LANES_SVE
    return svmla_f32_x(svptrue_b32(), s, x, y);
#elif defined LANES_RVV
    return __builtin_elementwise_fma(x, y, s);
#else
    return __builtin_convertvector(software_fmadd_to_odd(__builtin_convertvector(x, f64),
                                                         __builtin_convertvector(y, f64),
                                                         __builtin_convertvector(s, f64)), vector_f32);
#endif
}

/* Numbers that are each multiplied with whole vectors: several in one register where an instruction takes one of them
   as its factor (Arm's FMLA by element), else one, in every lane. `lane` is a constant. */
#ifdef LANES_NEON
enum { FACTORS_f64 = 2, FACTORS_f32 = 4 };
#define factors_f64(from) ((vector_f64)vld1q_f64(from))
#define factors_f32(from) ((vector_f32)vld1q_f32(from))
#define fma_factor_f64(x, lane, y, s) ((vector_f64)vfmaq_laneq_f64((float64x2_t)(s), (float64x2_t)(y), \
    (float64x2_t)(x), (lane) % 2))
#define fma_factor_f32(x, lane, y, s) ((vector_f32)vfmaq_laneq_f32((float32x4_t)(s), (float32x4_t)(y), \
    (float32x4_t)(x), (lane) % 4))
#define fnma_factor_f64(x, lane, y, s) ((vector_f64)vfmsq_laneq_f64((float64x2_t)(s), (float64x2_t)(y), \
    (float64x2_t)(x), (lane) % 2))
#define fnma_factor_f32(x, lane, y, s) ((vector_f32)vfmsq_laneq_f32((float32x4_t)(s), (float32x4_t)(y), \
    (float32x4_t)(x), (lane) % 4))
#else
enum { FACTORS_f64 = 1, FACTORS_f32 = 1 };
#if LANES == 1
#define factors_f64(from) (*(from))
#define factors_f32(from) (*(from))
#elif defined LANES_AVX512
#define factors_f64(from) ((vector_f64)_mm512_set1_pd(*(from)))
#define factors_f32(from) ((vector_f32)_mm512_set1_ps(*(from)))
#elif defined LANES_AVX2
#define factors_f64(from) ((vector_f64)_mm256_set1_pd(*(from)))
#define factors_f32(from) ((vector_f32)_mm256_set1_ps(*(from)))
#else
#define factors_f64(from) (*(from) - (vector_f64){0})  /* a broadcast; x - 0 is x, -0 included */
#define factors_f32(from) (*(from) - (vector_f32){0})
#endif
#define fma_factor_f64(x, lane, y, s) fma_f64(x, y, s)
#define fma_factor_f32(x, lane, y, s) fma_f32(x, y, s)
#define fnma_factor_f64(x, lane, y, s) fma_f64(-(x), y, s)
#define fnma_factor_f32(x, lane, y, s) fma_f32(-(x), y, s)
#endif

/* The one canonical NaN in place of any. */
#define CANONICAL(type, real, nan) \
    INLINE real canonical_one_##type(real x) { return x == x ? x : nan; }
CANONICAL(f64, double, __builtin_nan(""))
CANONICAL(f32, float, __builtin_nanf(""))
#if LANES == 1
#define canonical_f64 canonical_one_f64
#define canonical_f32 canonical_one_f32
#else
INLINE vector_f64 canonical_f64(vector_f64 x) {
    integers_f64 number = x == x, b = (integers_f64)x;
    return (vector_f64)((b & number) | (~number & INT64_C(0x7ff8000000000000)));
}
INLINE vector_f32 canonical_f32(vector_f32 x) {
    integers_f32 number = x == x, b = (integers_f32)x;
    return (vector_f32)((b & number) | (~number & INT32_C(0x7fc00000)));
}
#endif

#define REALS(type, real) \
    INLINE vector_##type read_##type(const real *from) { vector_##type x; memcpy(&x, from, sizeof x); return x; } \
    INLINE void write_##type(real *to, vector_##type x) { memcpy(to, &x, sizeof x); } \
    INLINE vector_##type zero_##type(void) { vector_##type x; memset(&x, 0, sizeof x); return x; }
REALS(f64, double)
REALS(f32, float)

/* Square blocks that packing transposes: SQUARE × SQUARE numbers, in as many vectors. */
#if defined LANES_AVX512
enum { SQUARE_f64 = 8, SQUARE_f32 = 8 };
#elif defined LANES_AVX2
enum { SQUARE_f64 = 4, SQUARE_f32 = 4 };
#elif LANES == 1 || defined LANES_SSE
enum { SQUARE_f64 = 2, SQUARE_f32 = 2 };
#else
enum { SQUARE_f64 = 2, SQUARE_f32 = 4 };
#endif
typedef double square_f64 __attribute__((vector_size(8 * SQUARE_f64)));
typedef float square_f32 __attribute__((vector_size(4 * SQUARE_f32)));
#define LOW_2 0, 2
#define HIGH_2 1, 3
#define LOW_4 0, 4, 1, 5
#define HIGH_4 2, 6, 3, 7
#define LOW_8 0, 8, 1, 9, 2, 10, 3, 11
#define HIGH_8 4, 12, 5, 13, 6, 14, 7, 15

/* log2 n times: row i interleaved with row i + n/2. */
#define TRANSPOSE(n) \
    do { \
        UNROLL for (int round = 1; round < (n); round *= 2) { \
            UNROLL for (int i = 0; i < (n) / 2; ++i) { \
                next[2 * i] = __builtin_shufflevector(rows[i], rows[i + (n) / 2], LOW_##n); \
                next[2 * i + 1] = __builtin_shufflevector(rows[i], rows[i + (n) / 2], HIGH_##n); \
            } \
            UNROLL for (int i = 0; i < (n); ++i) rows[i] = next[i]; \
        } \
    } while (0)

INLINE void transpose_f64(square_f64 rows[SQUARE_f64]) {
    square_f64 next[SQUARE_f64];
#if defined LANES_AVX512
    TRANSPOSE(8);
#elif defined LANES_AVX2
    TRANSPOSE(4);
#else
    TRANSPOSE(2);
#endif
}
INLINE void transpose_f32(square_f32 rows[SQUARE_f32]) {
    square_f32 next[SQUARE_f32];
#if defined LANES_AVX512
    TRANSPOSE(8);
#elif LANES == 1 || defined LANES_SSE
    TRANSPOSE(2);
#else
    TRANSPOSE(4);
#endif
}

#endif
