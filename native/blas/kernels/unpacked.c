/* Products without packing at one level: small ones, whose tiles of c stay in registers while the rows of b pass by, and
   columns of a matrix that are added to the chains of a product by a vector.

   An interleaved complex vector v times a broadcast number x, in the order of the contract: with v as the right factor
   s += x.re · (v.re, v.im), then s += (-x.im, x.im) · (v.im, v.re); with v as the left one s += (x.re, x.im) ·
   (v.re, v.re), then s += (-x.im, x.re) · (v.im, v.im). Conjugation changes signs of x's part only: (-x)·v = x·(-v). */
#include "../unpacked_kernels.h"

#include "vectors.h"

/* Vectors of which only the first `count` numbers, less than all, are in memory. */
#define SOME_BY_LOOP(type, real) \
    INLINE vector_##type read_some_##type(const real *from, size_t count) { \
        real buffer[WIDTH_##type] = {0}; \
        for (size_t i = 0; i < count; ++i) buffer[i] = from[i]; \
        return read_##type(buffer); \
    } \
    INLINE void write_some_##type(real *to, vector_##type x, size_t count) { \
        real buffer[WIDTH_##type]; \
        write_##type(buffer, x); \
        for (size_t i = 0; i < count; ++i) to[i] = buffer[i]; \
    }
#if defined LANES_AVX512
INLINE vector_f64 read_some_f64(const double *from, size_t count) {
    return (vector_f64)_mm512_maskz_loadu_pd((__mmask8)((1u << count) - 1), from);
}
INLINE void write_some_f64(double *to, vector_f64 x, size_t count) {
    _mm512_mask_storeu_pd(to, (__mmask8)((1u << count) - 1), (__m512d)x);
}
INLINE vector_f32 read_some_f32(const float *from, size_t count) {
    return (vector_f32)_mm512_maskz_loadu_ps((__mmask16)((1u << count) - 1), from);
}
INLINE void write_some_f32(float *to, vector_f32 x, size_t count) {
    _mm512_mask_storeu_ps(to, (__mmask16)((1u << count) - 1), (__m512)x);
}
#elif defined LANES_AVX2
INLINE __m256i first_f64(size_t count) {
    return _mm256_cmpgt_epi64(_mm256_set1_epi64x((long long)count), _mm256_setr_epi64x(0, 1, 2, 3));
}
INLINE __m256i first_f32(size_t count) {
    return _mm256_cmpgt_epi32(_mm256_set1_epi32((int)count), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}
INLINE vector_f64 read_some_f64(const double *from, size_t count) {
    return (vector_f64)_mm256_maskload_pd(from, first_f64(count));
}
INLINE void write_some_f64(double *to, vector_f64 x, size_t count) {
    _mm256_maskstore_pd(to, first_f64(count), (__m256d)x);
}
INLINE vector_f32 read_some_f32(const float *from, size_t count) {
    return (vector_f32)_mm256_maskload_ps(from, first_f32(count));
}
INLINE void write_some_f32(float *to, vector_f32 x, size_t count) {
    _mm256_maskstore_ps(to, first_f32(count), (__m256)x);
}
#elif LANES == 1
#define read_some_f64(from, count) ((void)(count), read_f64(from))
#define read_some_f32(from, count) ((void)(count), read_f32(from))
#define write_some_f64(to, x, count) ((void)(count), write_f64(to, x))
#define write_some_f32(to, x, count) ((void)(count), write_f32(to, x))
#else
SOME_BY_LOOP(f64, double)
SOME_BY_LOOP(f32, float)
#endif

#if LANES == 1
INLINE vector_f64 broadcast_f64(double x) { return x; }
INLINE vector_f32 broadcast_f32(float x) { return x; }
#else
INLINE vector_f64 broadcast_f64(double x) { return x - (vector_f64){0}; }
INLINE vector_f32 broadcast_f32(float x) { return x - (vector_f32){0}; }
#endif

/* How many rows of c's tile are computed at once, at most, and its vectors; columns of a matrix at once. */
#if defined LANES_SSE || (LANES == 1 && !defined HAS_FMA)  /* fma is long */
enum { MOST_ROWS = 1, MOST_VECTORS = 1, COLUMNS_AT_ONCE = 1 };
#elif LANES == 1
enum { MOST_ROWS = 4, MOST_VECTORS = 2, COLUMNS_AT_ONCE = 4 };
#elif defined LANES_AVX2
enum { MOST_ROWS = 4, MOST_VECTORS = 3, COLUMNS_AT_ONCE = 8 };
#else
enum { MOST_ROWS = 8, MOST_VECTORS = 3, COLUMNS_AT_ONCE = 8 };
#endif

/* A tile to where its columns are no neighbours. */
#define SCATTER(type, item) \
    static __attribute__((noinline)) void scatter_##type(size_t rows, size_t columns, const void *from_, \
        size_t from_row, void *c_, ptrdiff_t c_row, ptrdiff_t c_column) { \
        const item *from = from_; \
        item *c = c_; \
        for (size_t j = 0; j < columns; ++j) \
            for (size_t i = 0; i < rows; ++i) \
                c[(ptrdiff_t)i * c_row + (ptrdiff_t)j * c_column] = from[i * from_row + j]; \
    }
SCATTER(f64, double)
SCATTER(f32, float)
#if LANES > 1
struct c64 { double parts[2]; };
struct c32 { float parts[2]; };
SCATTER(c64, struct c64)
SCATTER(c32, struct c32)
#endif

/* rows and vectors are constants; the last vector has `last` numbers in memory, all of them if not partial. */
#define DEFINE_SMALL(type, real) \
    INLINE void tile_##type(const int rows, const int vectors, const int partial, size_t last, size_t k, \
                            const real *a, ptrdiff_t a_row, ptrdiff_t a_column, const real *b, ptrdiff_t b_row, \
                            real *c, ptrdiff_t c_row, ptrdiff_t c_column) { \
        vector_##type s[MOST_ROWS][MOST_VECTORS], y[MOST_VECTORS]; \
        UNROLL for (int i = 0; i < rows; ++i) \
            UNROLL for (int j = 0; j < vectors; ++j) s[i][j] = broadcast_##type(0); \
        for (size_t p = 0; p < k; ++p, a += a_column, b += b_row) { \
            UNROLL for (int j = 0; j < vectors; ++j) \
                y[j] = partial && j == vectors - 1 ? read_some_##type(b + j * WIDTH_##type, last) \
                                                   : read_##type(b + j * WIDTH_##type); \
            UNROLL for (int i = 0; i < rows; ++i) { \
                vector_##type x = broadcast_##type(a[i * a_row]); \
                UNROLL for (int j = 0; j < vectors; ++j) s[i][j] = fma_##type(x, y[j], s[i][j]); \
            } \
        } \
        real scattered[MOST_ROWS * MOST_VECTORS * WIDTH_##type], *to = c_column == 1 ? c : scattered; \
        const ptrdiff_t to_row = c_column == 1 ? c_row : vectors * WIDTH_##type; \
        UNROLL for (int i = 0; i < rows; ++i) \
            UNROLL for (int j = 0; j < vectors; ++j) { \
                vector_##type value = canonical_##type(s[i][j]); \
                if (partial && j == vectors - 1) write_some_##type(to + i * to_row + j * WIDTH_##type, value, last); \
                else write_##type(to + i * to_row + j * WIDTH_##type, value); \
            } \
        if (c_column != 1) \
            scatter_##type((size_t)rows, (size_t)(vectors - partial) * WIDTH_##type + (partial ? last : 0), scattered, \
                           (size_t)to_row, c, c_row, c_column); \
    } \
    INLINE void rows_##type(const int vectors, const int partial, size_t last, size_t m, size_t k, const real *a, \
                            ptrdiff_t a_row, ptrdiff_t a_column, const real *b, ptrdiff_t b_row, real *c, \
                            ptrdiff_t c_row, ptrdiff_t c_column) { \
        size_t i = 0; \
        SOME_ROWS(8, type) \
        SOME_ROWS(4, type) \
        SOME_ROWS(2, type) \
        SOME_ROWS(1, type) \
    } \
    static __attribute__((noinline)) void whole_##type(int vectors, size_t m, size_t k, const real *a, \
        ptrdiff_t a_row, ptrdiff_t a_column, const real *b, ptrdiff_t b_row, real *c, ptrdiff_t c_row, \
        ptrdiff_t c_column) { \
        if (MOST_VECTORS > 2 && vectors == 3) \
            rows_##type(MOST_VECTORS, 0, 0, m, k, a, a_row, a_column, b, b_row, c, c_row, c_column); \
        else if (MOST_VECTORS > 1 && vectors == 2) \
            rows_##type(MOST_VECTORS > 1 ? 2 : 1, 0, 0, m, k, a, a_row, a_column, b, b_row, c, c_row, c_column); \
        else rows_##type(1, 0, 0, m, k, a, a_row, a_column, b, b_row, c, c_row, c_column); \
    } \
    static __attribute__((noinline)) void partial_##type(int vectors, size_t last, size_t m, size_t k, const real *a, \
        ptrdiff_t a_row, ptrdiff_t a_column, const real *b, ptrdiff_t b_row, real *c, ptrdiff_t c_row, \
        ptrdiff_t c_column) { \
        if (MOST_VECTORS > 2 && vectors == 3) \
            rows_##type(MOST_VECTORS, 1, last, m, k, a, a_row, a_column, b, b_row, c, c_row, c_column); \
        else if (MOST_VECTORS > 1 && vectors == 2) \
            rows_##type(MOST_VECTORS > 1 ? 2 : 1, 1, last, m, k, a, a_row, a_column, b, b_row, c, c_row, c_column); \
        else rows_##type(1, 1, last, m, k, a, a_row, a_column, b, b_row, c, c_row, c_column); \
    } \
    static void small_##type(size_t m, size_t n, size_t k, const real *a, ptrdiff_t a_row, ptrdiff_t a_column, \
                             const real *b, ptrdiff_t b_row, real *c, ptrdiff_t c_row, ptrdiff_t c_column) { \
        size_t vectors = (n + WIDTH_##type - 1) / WIDTH_##type, last = n - (vectors - 1) * WIDTH_##type; \
        while (vectors > 0) { \
            size_t now = vectors == 4 && MOST_VECTORS > 2 ? 2 : vectors < MOST_VECTORS ? vectors : MOST_VECTORS; \
            if (now == vectors && last < WIDTH_##type) \
                partial_##type((int)now, last, m, k, a, a_row, a_column, b, b_row, c, c_row, c_column); \
            else whole_##type((int)now, m, k, a, a_row, a_column, b, b_row, c, c_row, c_column); \
            vectors -= now; \
            b += now * WIDTH_##type; \
            c += (ptrdiff_t)now * WIDTH_##type * c_column; \
        } \
    }
#define SOME_ROWS(rows, type) \
    for (; MOST_ROWS >= rows && m - i >= rows; i += rows) \
        tile_##type(MOST_ROWS >= rows ? rows : 1, vectors, partial, last, k, a + (ptrdiff_t)i * a_row, a_row, a_column, \
                    b, b_row, c + (ptrdiff_t)i * c_row, c_row, c_column);
DEFINE_SMALL(f64, double)
DEFINE_SMALL(f32, float)

#define DEFINE_COLUMNS(type, real) \
    INLINE void some_columns_##type(const int columns, size_t rows, const real *from, ptrdiff_t column, \
                                    const real *x, ptrdiff_t x_stride, real *s) { \
        vector_##type factor[COLUMNS_AT_ONCE]; \
        UNROLL for (int q = 0; q < columns; ++q) factor[q] = broadcast_##type(x[q * x_stride]); \
        size_t i = 0; \
        for (; i + WIDTH_##type <= rows; i += WIDTH_##type) { \
            vector_##type sum = read_##type(s + i); \
            UNROLL for (int q = 0; q < columns; ++q) \
                sum = fma_##type(factor[q], read_##type(from + q * column + i), sum); \
            write_##type(s + i, sum); \
        } \
        if (i < rows) { \
            vector_##type sum = read_some_##type(s + i, rows - i); \
            UNROLL for (int q = 0; q < columns; ++q) \
                sum = fma_##type(factor[q], read_some_##type(from + q * column + i, rows - i), sum); \
            write_some_##type(s + i, sum, rows - i); \
        } \
    } \
    static void columns_##type(size_t rows, size_t columns, const real *from, ptrdiff_t column, const real *x, \
                               ptrdiff_t x_stride, real *s) { \
        size_t p = 0; \
        for (; p + COLUMNS_AT_ONCE <= columns; p += COLUMNS_AT_ONCE) \
            some_columns_##type(COLUMNS_AT_ONCE, rows, from + (ptrdiff_t)p * column, column, \
                                x + (ptrdiff_t)p * x_stride, x_stride, s); \
        for (; p < columns; ++p) \
            some_columns_##type(1, rows, from + (ptrdiff_t)p * column, column, x + (ptrdiff_t)p * x_stride, x_stride, \
                                s); \
    }
DEFINE_COLUMNS(f64, double)
DEFINE_COLUMNS(f32, float)

/* Complex numbers. */

/* The two factors of a chain's two steps, as (real, imaginary) pairs. */
#define FACTORS(type, real) \
    struct factors_##type { real first[2], second[2]; }; \
    INLINE struct factors_##type factors_of_##type(const real x[2], struct complex_roles roles) { \
        real im = roles.conjugate_vector ? -x[1] : x[1], sign = roles.conjugate_matrix ? -1 : 1; \
        if (roles.matrix_is_left) return (struct factors_##type){{x[0], im}, {-im * sign, x[0] * sign}}; \
        return (struct factors_##type){{x[0], x[0] * sign}, {-im * sign, im}}; \
    }
FACTORS(f64, double)
FACTORS(f32, float)

#if LANES == 1
#define DEFINE_COMPLEX_COLUMNS(type, real, complex) \
    static void columns_##complex(size_t rows, size_t columns, const real *from, ptrdiff_t column, const real *x, \
                                  ptrdiff_t x_stride, real *s, struct complex_roles roles) { \
        for (size_t p = 0; p < columns; ++p, from += 2 * column, x += 2 * x_stride) { \
            struct factors_##type f = factors_of_##type(x, roles); \
            for (size_t i = 0; i < rows; ++i) { \
                const real *v = from + 2 * i; \
                s[2 * i] = fma_one_##type(v[0], f.first[0], s[2 * i]); \
                s[2 * i] = fma_one_##type(v[1], f.second[0], s[2 * i]); \
                s[2 * i + 1] = fma_one_##type(v[!roles.matrix_is_left], f.first[1], s[2 * i + 1]); \
                s[2 * i + 1] = fma_one_##type(v[roles.matrix_is_left], f.second[1], s[2 * i + 1]); \
            } \
        } \
    } \
    static void small_##complex(size_t m, size_t n, size_t k, const real *a, ptrdiff_t a_row, ptrdiff_t a_column, \
                                int conjugate_a, const real *b, ptrdiff_t b_row, int conjugate_b, real *c, \
                                ptrdiff_t c_row, ptrdiff_t c_column) { \
        struct complex_roles roles = {conjugate_b, conjugate_a, 0}; \
        for (size_t i = 0; i < m; ++i) \
            for (size_t j = 0; j < n; ++j) { \
                real s[2] = {0, 0}; \
                real *to = c + 2 * ((ptrdiff_t)i * c_row + (ptrdiff_t)j * c_column); \
                columns_##complex(1, k, b + 2 * j, b_row, a + 2 * (ptrdiff_t)i * a_row, a_column, s, roles); \
                to[0] = canonical_one_##type(s[0]); \
                to[1] = canonical_one_##type(s[1]); \
            } \
    }
#else

#define PICK_2(a, b) a, b
#define PICK_4(a, b) PICK_2(a, b), a + 2, b + 2
#define PICK_8(a, b) PICK_4(a, b), a + 4, b + 4, a + 6, b + 6
#define PICK_16(a, b) PICK_8(a, b), a + 8, b + 8, a + 10, b + 10, a + 12, b + 12, a + 14, b + 14
#define PICK(n, a, b) PICK_(n, a, b)
#define PICK_(n, a, b) PICK_##n(a, b)
#if LANES == 2
#define NUMBER_f64 2
#define NUMBER_f32_WIDE 4
#elif LANES == 4
#define NUMBER_f64 4
#define NUMBER_f32_WIDE 8
#else
#define NUMBER_f64 8
#define NUMBER_f32_WIDE 16
#endif
#ifdef LANES_SSE
#define NUMBER_f32 NUMBER_f64
#else
#define NUMBER_f32 NUMBER_f32_WIDE
#endif

#define PAIRS(type, real) \
    INLINE vector_##type swapped_##type(vector_##type v) { \
        return __builtin_shufflevector(v, v, PICK(NUMBER_##type, 1, 0)); \
    } \
    INLINE vector_##type reals_##type(vector_##type v) { \
        return __builtin_shufflevector(v, v, PICK(NUMBER_##type, 0, 0)); \
    } \
    INLINE vector_##type imaginaries_##type(vector_##type v) { \
        return __builtin_shufflevector(v, v, PICK(NUMBER_##type, 1, 1)); \
    } \
    INLINE vector_##type pair_##type(const real pair[2]) { \
        real all_of_them[WIDTH_##type]; \
        UNROLL for (int i = 0; i < WIDTH_##type; ++i) all_of_them[i] = pair[i & 1]; \
        return read_##type(all_of_them); \
    }
PAIRS(f64, double)
PAIRS(f32, float)

#define DEFINE_COMPLEX_COLUMNS(type, real, complex) \
    enum { COMPLEX_COLUMNS_##type = COLUMNS_AT_ONCE > 4 ? 4 : COLUMNS_AT_ONCE }; \
    INLINE void some_columns_##complex(const int columns, const int left, size_t rows, const real *from, \
                                       ptrdiff_t column, const real *x, ptrdiff_t x_stride, real *s, \
                                       struct complex_roles roles) { \
        vector_##type first[COMPLEX_COLUMNS_##type], second[COMPLEX_COLUMNS_##type]; \
        UNROLL for (int q = 0; q < columns; ++q) { \
            struct factors_##type f = factors_of_##type(x + 2 * q * x_stride, roles); \
            first[q] = pair_##type(f.first); \
            second[q] = pair_##type(f.second); \
        } \
        for (size_t i = 0, count; i < 2 * rows; i += count) { \
            count = 2 * rows - i; \
            int whole = count >= WIDTH_##type; \
            if (whole) count = WIDTH_##type; \
            vector_##type sum = whole ? read_##type(s + i) : read_some_##type(s + i, count); \
            UNROLL for (int q = 0; q < columns; ++q) { \
                const real *here = from + 2 * q * column + i; \
                vector_##type v = whole ? read_##type(here) : read_some_##type(here, count); \
                sum = fma_##type(first[q], left ? reals_##type(v) : v, sum); \
                sum = fma_##type(second[q], left ? imaginaries_##type(v) : swapped_##type(v), sum); \
            } \
            if (whole) write_##type(s + i, sum); \
            else write_some_##type(s + i, sum, count); \
        } \
    } \
    INLINE void all_columns_##complex(const int left, size_t rows, size_t columns, const real *from, \
                                      ptrdiff_t column, const real *x, ptrdiff_t x_stride, real *s, \
                                      struct complex_roles roles) { \
        size_t p = 0; \
        for (; p + COMPLEX_COLUMNS_##type <= columns; p += COMPLEX_COLUMNS_##type) \
            some_columns_##complex(COMPLEX_COLUMNS_##type, left, rows, from + 2 * (ptrdiff_t)p * column, column, \
                                   x + 2 * (ptrdiff_t)p * x_stride, x_stride, s, roles); \
        for (; p < columns; ++p) \
            some_columns_##complex(1, left, rows, from + 2 * (ptrdiff_t)p * column, column, \
                                   x + 2 * (ptrdiff_t)p * x_stride, x_stride, s, roles); \
    } \
    static void columns_##complex(size_t rows, size_t columns, const real *from, ptrdiff_t column, const real *x, \
                                  ptrdiff_t x_stride, real *s, struct complex_roles roles) { \
        if (roles.matrix_is_left) all_columns_##complex(1, rows, columns, from, column, x, x_stride, s, roles); \
        else all_columns_##complex(0, rows, columns, from, column, x, x_stride, s, roles); \
    } \
    \
    /* rows and vectors are constants. The signs of the second factor go to b's vector, which all rows share. */ \
    enum { COMPLEX_ROWS_##type = MOST_ROWS > 4 ? 4 : MOST_ROWS, \
           COMPLEX_VECTORS_##type = MOST_VECTORS > 2 ? 2 : MOST_VECTORS }; \
    INLINE void tile_##complex(const int rows, const int vectors, const int partial, size_t last, size_t k, \
                               const real *a, ptrdiff_t a_row, ptrdiff_t a_column, const real *b, ptrdiff_t b_row, \
                               const real first_sign[2], const real second_sign[2], real *c, ptrdiff_t c_row, \
                               ptrdiff_t c_column) { \
        vector_##type s[COMPLEX_ROWS_##type][COMPLEX_VECTORS_##type]; \
        vector_##type y[COMPLEX_VECTORS_##type], z[COMPLEX_VECTORS_##type]; \
        const vector_##type y_sign = pair_##type(first_sign), z_sign = pair_##type(second_sign); \
        UNROLL for (int i = 0; i < rows; ++i) \
            UNROLL for (int j = 0; j < vectors; ++j) s[i][j] = broadcast_##type(0); \
        for (size_t p = 0; p < k; ++p, a += 2 * a_column, b += 2 * b_row) { \
            UNROLL for (int j = 0; j < vectors; ++j) { \
                vector_##type v = partial && j == vectors - 1 ? read_some_##type(b + j * WIDTH_##type, last) \
                                                              : read_##type(b + j * WIDTH_##type); \
                y[j] = v * y_sign; \
                z[j] = swapped_##type(v) * z_sign; \
            } \
            UNROLL for (int i = 0; i < rows; ++i) { \
                vector_##type re = broadcast_##type(a[2 * i * a_row]); \
                vector_##type im = broadcast_##type(a[2 * i * a_row + 1]); \
                UNROLL for (int j = 0; j < vectors; ++j) s[i][j] = fma_##type(re, y[j], s[i][j]); \
                UNROLL for (int j = 0; j < vectors; ++j) s[i][j] = fma_##type(im, z[j], s[i][j]); \
            } \
        } \
        real scattered[COMPLEX_ROWS_##type * COMPLEX_VECTORS_##type * WIDTH_##type]; \
        real *to = c_column == 1 ? c : scattered; \
        const ptrdiff_t to_row = c_column == 1 ? 2 * c_row : vectors * WIDTH_##type; \
        UNROLL for (int i = 0; i < rows; ++i) \
            UNROLL for (int j = 0; j < vectors; ++j) { \
                vector_##type value = canonical_##type(s[i][j]); \
                if (partial && j == vectors - 1) write_some_##type(to + i * to_row + j * WIDTH_##type, value, last); \
                else write_##type(to + i * to_row + j * WIDTH_##type, value); \
            } \
        if (c_column != 1) \
            scatter_##complex((size_t)rows, ((size_t)(vectors - partial) * WIDTH_##type + (partial ? last : 0)) / 2, \
                              scattered, (size_t)to_row / 2, c, c_row, c_column); \
    } \
    INLINE void rows_##complex(const int vectors, const int partial, size_t last, size_t m, size_t k, const real *a, \
                               ptrdiff_t a_row, ptrdiff_t a_column, const real *b, ptrdiff_t b_row, \
                               const real first_sign[2], const real second_sign[2], real *c, ptrdiff_t c_row, \
                               ptrdiff_t c_column) { \
        size_t i = 0; \
        SOME_COMPLEX_ROWS(4, type, complex) \
        SOME_COMPLEX_ROWS(2, type, complex) \
        SOME_COMPLEX_ROWS(1, type, complex) \
    } \
    static void small_##complex(size_t m, size_t n, size_t k, const real *a, ptrdiff_t a_row, ptrdiff_t a_column, \
                                int conjugate_a, const real *b, ptrdiff_t b_row, int conjugate_b, real *c, \
                                ptrdiff_t c_row, ptrdiff_t c_column) { \
        enum { MOST = COMPLEX_VECTORS_##type }; \
        real sign_a = conjugate_a ? -1 : 1, sign_b = conjugate_b ? -1 : 1; \
        const real first_sign[2] = {1, sign_b}, second_sign[2] = {-sign_a * sign_b, sign_a}; \
        for (size_t done = 0, now; done < 2 * n; done += now) { \
            const real *here = b + done; \
            real *to = c + (ptrdiff_t)done * c_column; \
            now = 2 * n - done; \
            if (MOST > 1 && now >= 2 * WIDTH_##type) { \
                now = 2 * WIDTH_##type; \
                rows_##complex(MOST, 0, 0, m, k, a, a_row, a_column, here, b_row, first_sign, second_sign, to, c_row, \
                               c_column); \
            } else if (MOST > 1 && now > WIDTH_##type) { \
                rows_##complex(MOST, 1, now - WIDTH_##type, m, k, a, a_row, a_column, here, b_row, first_sign, \
                               second_sign, to, c_row, c_column); \
            } else if (now >= WIDTH_##type) { \
                now = WIDTH_##type; \
                rows_##complex(1, 0, 0, m, k, a, a_row, a_column, here, b_row, first_sign, second_sign, to, c_row, \
                               c_column); \
            } else { \
                rows_##complex(1, 1, now, m, k, a, a_row, a_column, here, b_row, first_sign, second_sign, to, c_row, \
                               c_column); \
            } \
        } \
    }
#define SOME_COMPLEX_ROWS(rows, type, complex) \
    for (; COMPLEX_ROWS_##type >= rows && m - i >= rows; i += rows) \
        tile_##complex(COMPLEX_ROWS_##type >= rows ? rows : 1, vectors, partial, last, k, \
                       a + 2 * (ptrdiff_t)i * a_row, a_row, a_column, b, b_row, first_sign, second_sign, \
                       c + 2 * (ptrdiff_t)i * c_row, c_row, c_column);
#endif
DEFINE_COMPLEX_COLUMNS(f64, double, c64)
DEFINE_COMPLEX_COLUMNS(f32, float, c32)

/* Transposition: squares in registers, the rest item by item. Rows are asked for ahead of their use, for the processor
   does not foresee that many of them. */
enum { AHEAD_BYTES = 512 };

#define BY_ITEMS(item, first_row, first_column) \
    for (size_t item_row = first_row; item_row < rows; ++item_row) \
        for (size_t item_column = first_column; item_column < columns; ++item_column) \
            memcpy((char *)to_ + (item_column * to_row + item_row) * sizeof(item), \
                   (const char *)from_ + ((ptrdiff_t)item_row * from_row + (ptrdiff_t)item_column * from_column) * \
                                             (ptrdiff_t)sizeof(item), sizeof(item))
#define DEFINE_TRANSPOSE(name, type, real) \
    static void name(size_t rows, size_t columns, const void *from_, ptrdiff_t from_row, ptrdiff_t from_column, \
                     void *to_, size_t to_row) { \
        if (from_column != 1) { \
            BY_ITEMS(real, 0, 0); \
            return; \
        } \
        const real *from = from_; \
        real *to = to_; \
        const size_t square_rows = rows - rows % SQUARE_##type, square_columns = columns - columns % SQUARE_##type; \
        for (size_t i = 0; i < square_rows; i += SQUARE_##type) \
            for (size_t j = 0; j < square_columns; j += SQUARE_##type) { \
                square_##type square[SQUARE_##type]; \
                UNROLL for (int r = 0; r < SQUARE_##type; ++r) { \
                    const real *line = from + (ptrdiff_t)(i + (size_t)r) * from_row + j; \
                    memcpy(&square[r], line, sizeof *square); \
                    __builtin_prefetch((const void *)((uintptr_t)line + AHEAD_BYTES), 0, 2); \
                } \
                transpose_##type(square); \
                UNROLL for (int r = 0; r < SQUARE_##type; ++r) \
                    memcpy(to + (j + (size_t)r) * to_row + i, &square[r], sizeof *square); \
            } \
        if (square_columns < columns) { \
            size_t all_rows = rows; \
            rows = square_rows; \
            BY_ITEMS(real, 0, square_columns); \
            rows = all_rows; \
        } \
        BY_ITEMS(real, square_rows, 0); \
    }
DEFINE_TRANSPOSE(transpose_4, f32, float)
DEFINE_TRANSPOSE(transpose_8, f64, double)

static void transpose_16(size_t rows, size_t columns, const void *from_, ptrdiff_t from_row, ptrdiff_t from_column,
                         void *to_, size_t to_row) {
    struct item { double parts[2]; };
    const struct item *from = from_;
    struct item *to = to_;
    size_t i = 0;
    for (; i + 4 <= rows; i += 4, from += 4 * from_row)
        for (size_t j = 0; j < columns; ++j) {
            struct item four[4];
            UNROLL for (int r = 0; r < 4; ++r) {
                const struct item *item = from + r * from_row + (ptrdiff_t)j * from_column;
                four[r] = *item;
                if (j % 4 == 0) __builtin_prefetch((const void *)((uintptr_t)item + AHEAD_BYTES), 0, 2);
            }
            UNROLL for (int r = 0; r < 4; ++r) to[j * to_row + i + (size_t)r] = four[r];
        }
    from = from_;
    BY_ITEMS(struct item, i, 0);
}

const struct unpacked_kernels JOIN(bitfast_, BITFAST_LEVEL, unpacked, kernels) = {
    small_f64, small_c64, columns_f64, columns_c64, small_f32, small_c32, columns_f32, columns_c32,
    transpose_4, transpose_8, transpose_16,
};
