/* Products of int8 as int32 at one level, in blocks of k: b's block is packed in groups of neighbours along k, as the
   level's dot product takes them, a's rows beside it.

   Four int8 at a time: VNNI's VPDPBUSD multiplies unsigned by signed bytes, so a + 128 stands for a and 128·Σb is
   subtracted; Arm's SDOT multiplies signed ones. Two int16 at a time: PMADDWD, exact for all int8. Else one int32. */
#include "../integers.h"

#include "../../lanes.h"
#include "../../levels.h"

#include <string.h>

#ifdef LANES_NEON
#include <sys/auxv.h>
#endif

integer_product JOIN(bitfast_, BITFAST_LEVEL, int8, product);

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__ && defined LANES_NEON
#error "groups of bytes are joined with the first one lowest"
#endif

enum { BLOCK_K = 256, BLOCK_ROWS = 128, ROWS = 4 };

/* A form of the product: `group` neighbours along k, `factor` the integer that holds one, `vector` of `lanes` int32. */
#define DEFINE_FORM(name, attribute, group, element, factor, vector, lanes, offset, dot) \
    enum { name##_COLUMNS = 2 * (lanes) }; \
    attribute static void name##_pack_b(const int8_t *b, ptrdiff_t b_row, ptrdiff_t b_column, size_t depth, \
                                        size_t columns, element *to, int32_t *correction) { \
        for (size_t l = 0; l < name##_COLUMNS; ++l) correction[l] = 0; \
        for (size_t p = 0; p < depth; p += group, to += group * name##_COLUMNS) { \
            int8_t gathered[4][name##_COLUMNS]; \
            const int8_t *rows[4] = {gathered[0], gathered[1], gathered[2], gathered[3]}; \
            uint32_t joint[name##_COLUMNS]; \
            for (size_t g = 0; g < group; ++g) { \
                const int8_t *row = b + (ptrdiff_t)(p + g) * b_row; \
                if (columns == name##_COLUMNS && b_column == 1 && p + g < depth) { \
                    rows[g] = row; \
                    continue; \
                } \
                for (size_t l = 0; l < name##_COLUMNS; ++l) \
                    gathered[g][l] = l < columns && p + g < depth ? row[(ptrdiff_t)l * b_column] : 0; \
            } \
            const int8_t *x = rows[0], *y = rows[1], *z = rows[2], *w = rows[3]; \
            for (size_t l = 0; l < name##_COLUMNS; ++l) { \
                joint[l] = group == 1   ? (uint32_t)x[l] \
                           : group == 2 ? (uint16_t)x[l] | (uint32_t)y[l] << 16 \
                                        : (uint8_t)x[l] | (uint32_t)(uint8_t)y[l] << 8 | \
                                              (uint32_t)(uint8_t)z[l] << 16 | (uint32_t)w[l] << 24; \
                if ((offset) != 0) correction[l] += (offset) * (x[l] + y[l] + z[l] + w[l]); \
            } \
            memcpy(to, joint, sizeof joint); \
        } \
    } \
    attribute static void name##_pack_a(const int8_t *a, ptrdiff_t a_row, ptrdiff_t a_column, size_t depth, \
                                        size_t rows, element *to, size_t to_row) { \
        for (size_t i = 0; i < rows; ++i, to += to_row, a += a_row) { \
            if (a_column == 1) \
                for (size_t p = 0; p < depth; ++p) to[p] = (element)(a[p] + (offset)); \
            else for (size_t p = 0; p < depth; ++p) to[p] = (element)(a[(ptrdiff_t)p * a_column] + (offset)); \
            for (size_t p = depth; p < to_row; ++p) to[p] = 0; \
        } \
    } \
    attribute static inline __attribute__((always_inline)) void name##_tile( \
        const int rows, size_t groups, const element *a, size_t a_row, const element *b, const int32_t *correction, \
        int32_t *sums) { \
        vector s[ROWS][2]; \
        for (int r = 0; r < rows; ++r) \
            for (int h = 0; h < 2; ++h) { \
                memcpy(&s[r][h], correction + h * (lanes), sizeof s[r][h]); \
                s[r][h] = -s[r][h]; \
            } \
        for (size_t q = 0; q < groups; ++q, a += group, b += group * name##_COLUMNS) { \
            vector y[2]; \
            memcpy(y, b, sizeof y); \
            for (int r = 0; r < rows; ++r) { \
                factor x; \
                memcpy(&x, a + (size_t)r * a_row, sizeof x); \
                s[r][0] = dot(s[r][0], x, y[0]); \
                s[r][1] = dot(s[r][1], x, y[1]); \
            } \
        } \
        for (int r = 0; r < rows; ++r) memcpy(sums + r * name##_COLUMNS, s[r], sizeof s[r]); \
    } \
    attribute static void name(size_t m, size_t n, size_t k, const int8_t *a, ptrdiff_t a_row, ptrdiff_t a_column, \
                               const int8_t *b, ptrdiff_t b_row, ptrdiff_t b_column, int32_t *c, ptrdiff_t c_row, \
                               ptrdiff_t c_column) { \
        _Alignas(64) element packed_a[BLOCK_ROWS * BLOCK_K], packed_b[BLOCK_K * name##_COLUMNS]; \
        _Alignas(64) int32_t correction[name##_COLUMNS], sums[ROWS * name##_COLUMNS]; \
        for (size_t i = 0; i < m; i += BLOCK_ROWS) { \
            size_t height = m - i < BLOCK_ROWS ? m - i : BLOCK_ROWS; \
            for (size_t p = 0; p < k || p == 0; p += BLOCK_K) { \
                size_t depth = k - p < BLOCK_K ? k - p : BLOCK_K, groups = (depth + group - 1) / group; \
                name##_pack_a(a + (ptrdiff_t)i * a_row + (ptrdiff_t)p * a_column, a_row, a_column, depth, height, \
                              packed_a, groups * group); \
                for (size_t j = 0; j < n; j += name##_COLUMNS) { \
                    size_t width = n - j < name##_COLUMNS ? n - j : name##_COLUMNS; \
                    name##_pack_b(b + (ptrdiff_t)p * b_row + (ptrdiff_t)j * b_column, b_row, b_column, depth, width, \
                                  packed_b, correction); \
                    for (size_t r = 0, rows; r < height; r += rows) { \
                        const element *here = packed_a + r * groups * group; \
                        rows = height - r < ROWS ? 1 : ROWS; \
                        if (rows == 1) name##_tile(1, groups, here, groups * group, packed_b, correction, sums); \
                        else name##_tile(ROWS, groups, here, groups * group, packed_b, correction, sums); \
                        for (size_t t = 0; t < rows; ++t) \
                            for (size_t l = 0; l < width; ++l) { \
                                int32_t *to = c + (ptrdiff_t)(i + r + t) * c_row + (ptrdiff_t)(j + l) * c_column; \
                                uint32_t sum = (uint32_t)sums[t * name##_COLUMNS + l]; \
                                *to = (int32_t)(p ? (uint32_t)*to + sum : sum); \
                            } \
                    } \
                } \
            } \
        } \
    }

#if defined LANES_AVX512
typedef int32_t v16 __attribute__((vector_size(64)));
#define WITH_VNNI __attribute__((target("avx512vnni")))
#define DOT_BYTES(s, x, y) ((v16)_mm512_dpbusd_epi32((__m512i)(s), _mm512_set1_epi32(x), (__m512i)(y)))
#define DOT_PAIRS(s, x, y) ((s) + (v16)_mm512_madd_epi16(_mm512_set1_epi32(x), (__m512i)(y)))
DEFINE_FORM(by_bytes, WITH_VNNI, 4, uint8_t, int32_t, v16, 16, 128, DOT_BYTES)
DEFINE_FORM(by_pairs, , 2, int16_t, int32_t, v16, 16, 0, DOT_PAIRS)
#define FORM(...) (__builtin_cpu_supports("avx512vnni") ? by_bytes(__VA_ARGS__) : by_pairs(__VA_ARGS__))
#elif defined LANES_AVX2
typedef int32_t v8 __attribute__((vector_size(32)));
#define DOT_PAIRS(s, x, y) ((s) + (v8)_mm256_madd_epi16(_mm256_set1_epi32(x), (__m256i)(y)))
DEFINE_FORM(by_pairs, , 2, int16_t, int32_t, v8, 8, 0, DOT_PAIRS)
#define FORM(...) by_pairs(__VA_ARGS__)
#elif defined LANES_SSE
typedef int32_t v4 __attribute__((vector_size(16)));
#define DOT_PAIRS(s, x, y) ((s) + (v4)_mm_madd_epi16(_mm_set1_epi32(x), (__m128i)(y)))
DEFINE_FORM(by_pairs, , 2, int16_t, int32_t, v4, 4, 0, DOT_PAIRS)
#define FORM(...) by_pairs(__VA_ARGS__)
#else
typedef int32_t v4 __attribute__((vector_size(16)));
#define DOT_ONE(s, x, y) ((s) + (x) * (y))
DEFINE_FORM(one_by_one, , 1, int32_t, int32_t, v4, 4, 0, DOT_ONE)
#ifdef LANES_NEON
#define WITH_DOT __attribute__((target("arch=armv8.2-a+dotprod")))
#define DOT_BYTES(s, x, y) ((v4)vdotq_s32((int32x4_t)(s), vreinterpretq_s8_s32(vdupq_n_s32(x)), (int8x16_t)(y)))
DEFINE_FORM(by_bytes, WITH_DOT, 4, int8_t, int32_t, v4, 4, 0, DOT_BYTES)
enum { HAS_DOT = 1 << 20 };  /* HWCAP_ASIMDDP, Linux's asm/hwcap.h */
#define FORM(...) (getauxval(AT_HWCAP) & HAS_DOT ? by_bytes(__VA_ARGS__) : one_by_one(__VA_ARGS__))
#else
#define FORM(...) one_by_one(__VA_ARGS__)
#endif
#endif

void JOIN(bitfast_, BITFAST_LEVEL, int8, product)(
    size_t m, size_t n, size_t k, const void *a, ptrdiff_t a_row, ptrdiff_t a_column, const void *b, ptrdiff_t b_row,
    ptrdiff_t b_column, void *c, ptrdiff_t c_row, ptrdiff_t c_column) {
    /* The side that is packed again for every block of rows is to be the small one. */
    if (n > 4 * m) FORM(n, m, k, b, b_column, b_row, a, a_column, a_row, c, c_column, c_row);
    else FORM(m, n, k, a, a_row, a_column, b, b_row, b_column, c, c_row, c_column);
}
