/* libfaces: pictures and templates in integers only, so that every chip, compiler and vector length gives the same bits.
   Each function is defined by the comment on top of its file, and in words in docs/bits.md. Callers check arguments
   (native.py); here they are taken as valid. Functions that need memory return 0, or 1 where there was none. */
#ifndef BITFAST_FACES_H
#define BITFAST_FACES_H

#include <stddef.h>
#include <stdint.h>

#ifdef __clang__
#define FACES_COMPILER_HAS_LEVELS (__clang_major__ >= 14)
#else
#define FACES_COMPILER_HAS_LEVELS (__GNUC__ >= 12)
#endif

#define FACES_API __attribute__((visibility("default")))

/* A loop that is compiled once per level of x86-64 (its ABI, 3.1.1), chosen when the library is loaded. Elsewhere the
   baseline has what it needs: smlal on aarch64. Which level runs cannot be told from the results. Names of processors
   instead of levels would leave out those that are newer than the compiler. For static functions only: Clang 14 finds no
   others from another file. */
#if defined __x86_64__ && defined __GLIBC__ && FACES_COMPILER_HAS_LEVELS
#define FACES_LEVELS __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define FACES_LEVELS
#endif

enum { CHANNELS = 3, DIMENSIONS = 128 };

FACES_API int faces_resize(const uint8_t *pixels, int64_t height, int64_t width, const int64_t box[4],
                           const uint8_t border[CHANNELS], int64_t out_height, int64_t out_width, uint8_t *out);
FACES_API int faces_warp(const uint8_t *pixels, int64_t height, int64_t width, const int64_t matrix[6],
                         const uint8_t border[CHANNELS], int64_t side, uint8_t *out);
FACES_API void faces_gray(const uint8_t *pixels, int64_t count, uint8_t *out);
FACES_API int64_t faces_sharpness(const uint8_t *gray, int64_t height, int64_t width);
FACES_API void faces_scores(const int16_t *templates, int64_t count, const int16_t *queries, int64_t queries_count,
                            int32_t *scores);
FACES_API void faces_nearest(const int16_t *templates, int64_t count, const int16_t *queries, int64_t queries_count,
                             int64_t k, int32_t *scores, int64_t *indices);
FACES_API int64_t faces_first_invalid(const int16_t *templates, int64_t count);

/* Rounds towards minus infinity; `divisor` is positive. */
static inline int64_t floor_div(int64_t dividend, int64_t divisor) {
    const int64_t quotient = dividend / divisor;
    return quotient - (dividend % divisor < 0);
}

static inline int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }
static inline int64_t greatest(int64_t a, int64_t b) { return a > b ? a : b; }

#endif
