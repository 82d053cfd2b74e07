/* Products of integers at one level. Integers do not care for order: the kernel takes blocks of k and columns of b,
   packed where b's rows are not contiguous, and adds to c; where both operands run along k it takes plain dot
   products. */
#include "../integers.h"

#include "../../lanes.h"
#include "../../levels.h"

#include <string.h>

#if defined __AVX512BW__
#define VECTOR_BYTES 64
#elif defined __AVX2__ || (defined __ARM_FEATURE_SVE_BITS && __ARM_FEATURE_SVE_BITS >= 256)
#define VECTOR_BYTES 32
#else
#define VECTOR_BYTES 16
#endif

enum { BLOCK_K = 256, ROWS = 4 };

/* ROWS rows (or one) of c's block of two vectors' columns: sums over k steps of b, whose rows are b_row apart. */
#define DEFINE_TILE(name, type, vector, rows) \
    INLINE void name(size_t k, const type *a, ptrdiff_t a_row, ptrdiff_t a_column, const type *b, ptrdiff_t b_row, \
                     type *sums) { \
        vector low[rows], high[rows]; \
        for (int r = 0; r < rows; ++r) low[r] = high[r] = (vector){0}; \
        for (size_t p = 0; p < k; ++p, a += a_column, b += b_row) { \
            vector b_low, b_high; \
            memcpy(&b_low, b, sizeof b_low); \
            memcpy(&b_high, (const char *)b + sizeof b_low, sizeof b_high); \
            for (int r = 0; r < rows; ++r) { \
                type factor = a[r * a_row]; \
                low[r] += factor * b_low; \
                high[r] += factor * b_high; \
            } \
        } \
        for (int r = 0; r < rows; ++r) { \
            memcpy((char *)sums + 2 * r * sizeof *low, &low[r], sizeof *low); \
            memcpy((char *)sums + (2 * r + 1) * sizeof *low, &high[r], sizeof *high); \
        } \
    }

#define DEFINE_PRODUCT(name, type) \
    typedef type vector_##type __attribute__((vector_size(VECTOR_BYTES))); \
    enum { COLUMNS_##type = 2 * VECTOR_BYTES / sizeof(type) }; \
    DEFINE_TILE(tile_##type, type, vector_##type, ROWS) \
    DEFINE_TILE(row_##type, type, vector_##type, 1) \
    \
    static void dots_##type(size_t m, size_t n, size_t k, const type *a, ptrdiff_t a_row, const type *b, \
                            ptrdiff_t b_column, type *c, ptrdiff_t c_row, ptrdiff_t c_column) { \
        for (size_t i = 0; i < m; ++i, a += a_row, c += c_row) \
            for (size_t j = 0; j < n; ++j) { \
                const type *other = b + (ptrdiff_t)j * b_column; \
                type sum = 0; \
                for (size_t p = 0; p < k; ++p) sum = (type)(sum + (type)(a[p] * other[p])); \
                c[(ptrdiff_t)j * c_column] = sum; \
            } \
    } \
    \
    static void name(size_t m, size_t n, size_t k, const void *a_, ptrdiff_t a_row, ptrdiff_t a_column, \
                     const void *b_, ptrdiff_t b_row, ptrdiff_t b_column, void *c_, ptrdiff_t c_row, \
                     ptrdiff_t c_column) { \
        enum { COLUMNS = COLUMNS_##type }; \
        if ((b_column != 1 || n == 1) && m > 1 && a_row == 1 && !(a_column == 1 && b_row == 1)) { \
            name(n, m, k, b_, b_column, b_row, a_, a_column, a_row, c_, c_column, c_row); \
            return; \
        } \
        const type *a = a_, *b = b_; \
        type *c = c_; \
        if (a_column == 1 && b_row == 1 && (b_column != 1 || n == 1)) { \
            dots_##type(m, n, k, a, a_row, b, b_column, c, c_row, c_column); \
            return; \
        } \
        type packed[BLOCK_K * COLUMNS], sums[ROWS * COLUMNS]; \
        for (size_t j = 0; j < n; j += COLUMNS) { \
            size_t columns = n - j < COLUMNS ? n - j : COLUMNS; \
            for (size_t p = 0; p < k || p == 0; p += BLOCK_K) { \
                size_t depth = k - p < BLOCK_K ? k - p : BLOCK_K; \
                const type *from = b + (ptrdiff_t)p * b_row + (ptrdiff_t)j * b_column; \
                ptrdiff_t from_row = b_row; \
                if (b_column != 1 || columns < COLUMNS) { \
                    memset(packed, 0, depth * COLUMNS * sizeof *packed); \
                    for (size_t q = 0; q < depth; ++q) \
                        for (size_t l = 0; l < columns; ++l) \
                            packed[q * COLUMNS + l] = from[(ptrdiff_t)q * b_row + (ptrdiff_t)l * b_column]; \
                    from = packed; \
                    from_row = COLUMNS; \
                } \
                for (size_t i = 0, rows; i < m; i += rows) { \
                    const type *here = a + (ptrdiff_t)i * a_row + (ptrdiff_t)p * a_column; \
                    rows = m - i < ROWS ? 1 : ROWS; \
                    if (rows == 1) row_##type(depth, here, a_row, a_column, from, from_row, sums); \
                    else tile_##type(depth, here, a_row, a_column, from, from_row, sums); \
                    for (size_t r = 0; r < rows; ++r) \
                        for (size_t l = 0; l < columns; ++l) { \
                            type *to = &c[(ptrdiff_t)(i + r) * c_row + (ptrdiff_t)(j + l) * c_column]; \
                            *to = (type)(p ? *to + sums[r * COLUMNS + l] : sums[r * COLUMNS + l]); \
                        } \
                } \
            } \
        } \
    }
DEFINE_PRODUCT(of_8_bits, uint8_t)
DEFINE_PRODUCT(of_16_bits, uint16_t)
DEFINE_PRODUCT(of_32_bits, uint32_t)
DEFINE_PRODUCT(of_64_bits, uint64_t)

/* Stops at the first p that decides a row of c. */
static void of_truth_values(size_t m, size_t n, size_t k, const void *a_, ptrdiff_t a_row, ptrdiff_t a_column,
                            const void *b_, ptrdiff_t b_row, ptrdiff_t b_column, void *c_, ptrdiff_t c_row,
                            ptrdiff_t c_column) {
    enum { COLUMNS = 64 };
    const uint8_t *a = a_, *b = b_;
    uint8_t *c = c_;
    if (b_column != 1 && a_row == 1 && m > n) {
        of_truth_values(n, m, k, b, b_column, b_row, a, a_column, a_row, c, c_column, c_row);
        return;
    }
    for (size_t j = 0; j < n; j += COLUMNS) {
        size_t columns = n - j < COLUMNS ? n - j : COLUMNS;
        for (size_t i = 0; i < m; ++i) {
            uint8_t found[COLUMNS] = {0};
            const uint8_t *here = a + (ptrdiff_t)i * a_row;
            for (size_t p = 0; p < k; ++p, here += a_column) {
                if (!*here) continue;
                const uint8_t *row = b + (ptrdiff_t)p * b_row + (ptrdiff_t)j * b_column;
                if (columns == COLUMNS && b_column == 1) {
                    for (size_t l = 0; l < COLUMNS; ++l) found[l] |= row[l] != 0;
                    uint64_t everywhere = UINT64_MAX;
                    for (size_t l = 0; l < COLUMNS; l += sizeof everywhere) {
                        uint64_t eight;
                        memcpy(&eight, found + l, sizeof eight);
                        everywhere &= eight;
                    }
                    if (everywhere == UINT64_C(0x0101010101010101)) break;
                } else {
                    uint8_t everywhere = 1;
                    for (size_t l = 0; l < columns; ++l)
                        everywhere &= found[l] |= row[(ptrdiff_t)l * b_column] != 0;
                    if (everywhere) break;
                }
            }
            uint8_t *to = c + (ptrdiff_t)i * c_row + (ptrdiff_t)j * c_column;
            for (size_t l = 0; l < columns; ++l) to[(ptrdiff_t)l * c_column] = found[l];
        }
    }
}

integer_product JOIN(bitfast_, BITFAST_LEVEL, int8, product);

const struct integer_kernels JOIN(bitfast_, BITFAST_LEVEL, integer, kernels) = {
    of_8_bits, of_16_bits, of_32_bits, of_64_bits, of_truth_values, JOIN(bitfast_, BITFAST_LEVEL, int8, product),
};
