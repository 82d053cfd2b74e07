/* Resizes a box of a picture: the mean over areas where it shrinks, linear between centres where it grows.

   The box [L, L + W) × [T, T + H) is in 1/64 pixel. Pixel i covers [64·i, 64·(i + 1)); outside the picture every pixel has
   the colour `border`. Either axis has its own weights, which are integers and add up to 2^14:

   W ≥ 64·n, n pixels of output (shrinks): in units of 1/(64·n) pixel, output x covers [b, b + W), b = n·L + x·W, and pixel i
   covers [64·n·i, 64·n·(i + 1)). With c(e) = floor((2^15·(clamp(e, b, b + W) − b) + W) / (2·W)), the share of what lies
   before e in 2^-14 rounded half up, the weight of i is c(64·n·(i + 1)) − c(64·n·i).
   W < 64·n (grows): t = 2·n·L + (2·x + 1)·W − 64·n is the centre of output x, from the centre of pixel 0, in 1/(128·n)
   pixel. i = floor(t / (128·n)), f = floor((2^14·(t − 128·n·i) + 64·n) / (128·n)); i has the weight 2^14 − f, i + 1 has f.

   Columns first: m = floor((Σ weight·pixel + 2^5) / 2^6), 16 bits with 8 of them after the point; then rows:
   floor((Σ weight·m + 2^21) / 2^22). Sums of weights make a picture of one colour stay that colour. */
#include "faces.h"

#include <stdlib.h>
#include <string.h>

enum { WEIGHT_BITS = 14, WHOLE = 1 << WEIGHT_BITS, MIDDLE_BITS = 8, UNIT = 64, CHUNK = 3072 };

/* The pixels of the picture that one pixel of the output reads. What is missing from WHOLE is the border's. */
struct taps {
    int64_t first, count;
    const uint16_t *weights;
    uint32_t border;
};

/* 2^14 times the share of [begin, begin + extent) before `end`, rounded half up. */
static int64_t share_before(int64_t end, int64_t begin, int64_t extent) {
    const int64_t inside = least(greatest(end - begin, 0), extent);
    return (inside * (2 * WHOLE) + extent) / (2 * extent);
}

/* One output pixel of an axis of `size` source pixels; its weights go to `weights`. */
static struct taps taps_of(int64_t start, int64_t extent, int64_t out_size, int64_t x, int64_t size, uint16_t *weights) {
    struct taps taps = {0, 0, weights, WHOLE};
    if (extent >= UNIT * out_size) {
        const int64_t pixel = UNIT * out_size, begin = out_size * start + x * extent, end = begin + extent;
        taps.first = greatest(floor_div(begin, pixel), 0);
        taps.count = greatest(least(-floor_div(-end, pixel), size) - taps.first, 0);
        for (int64_t i = 0; i < taps.count; ++i)
            weights[i] = (uint16_t)(share_before(pixel * (taps.first + i + 1), begin, extent) -
                                    share_before(pixel * (taps.first + i), begin, extent));
    } else {
        const int64_t pixel = 2 * UNIT * out_size, centre = 2 * out_size * start + (2 * x + 1) * extent - UNIT * out_size;
        const int64_t i = floor_div(centre, pixel);
        const int64_t fraction = ((centre - pixel * i) * WHOLE + pixel / 2) / pixel;
        const int64_t pair[2] = {WHOLE - fraction, fraction};
        taps.first = greatest(i, 0);
        taps.count = greatest(least(i + 2, size) - taps.first, 0);
        for (int64_t j = 0; j < taps.count; ++j) weights[j] = (uint16_t)pair[taps.first + j - i];
    }
    for (int64_t j = 0; j < taps.count; ++j) taps.border -= weights[j];
    return taps;
}

/* All of an axis, in one block of memory; NULL where there is none. */
static struct taps *axis(int64_t start, int64_t extent, int64_t out_size, int64_t size) {
    const size_t weights = (size_t)(size + 2 * out_size); /* a pixel is whole in one output pixel, or shared by two */
    struct taps *taps = malloc((size_t)out_size * sizeof *taps + weights * sizeof(uint16_t));
    if (taps == NULL) return NULL;
    uint16_t *next = (uint16_t *)(taps + out_size);
    for (int64_t x = 0; x < out_size; ++x) {
        taps[x] = taps_of(start, extent, out_size, x, size, next);
        next += taps[x].count;
    }
    return taps;
}

FACES_LEVELS
static void add_row(uint32_t *restrict sums, const uint8_t *restrict row, uint32_t weight, int64_t count) {
    for (int64_t j = 0; j < count; ++j) sums[j] += weight * row[j];
}

FACES_LEVELS
static void round_row(uint16_t *restrict middle, const uint32_t *restrict sums, int64_t count) {
    enum { SHIFT = WEIGHT_BITS - MIDDLE_BITS };
    for (int64_t j = 0; j < count; ++j) middle[j] = (uint16_t)((sums[j] + (1 << (SHIFT - 1))) >> SHIFT);
}

/* Columns: one row of the output's height and the source's width, from `pixels` on, `count` bytes wide. */
static void reduce_columns(const uint8_t *pixels, int64_t stride, const struct taps *taps, const uint8_t *border_row,
                           int64_t count, uint16_t *middle) {
    uint32_t sums[CHUNK];
    for (int64_t at = 0; at < count; at += CHUNK) {
        const int64_t length = least(CHUNK, count - at);
        memset(sums, 0, (size_t)length * sizeof *sums);
        if (taps->border != 0) add_row(sums, border_row, taps->border, length);
        for (int64_t i = 0; i < taps->count; ++i)
            if (taps->weights[i] != 0)
                add_row(sums, pixels + (taps->first + i) * stride + at, taps->weights[i], length);
        round_row(middle + at, sums, length);
    }
}

typedef uint16_t four_shorts __attribute__((vector_size(8)));
typedef uint32_t four_words __attribute__((vector_size(16)));

/* Rows: the colours of one pixel are added up together, and a fourth lane, which nobody reads. */
FACES_LEVELS
static void reduce_row(const uint16_t *middle, const struct taps *taps, const uint8_t *border, int64_t first,
                       int64_t out_width, uint8_t *out) {
    enum { SHIFT = WEIGHT_BITS + MIDDLE_BITS };
    const four_words background = {border[0], border[1], border[2], 0};
    for (int64_t x = 0; x < out_width; ++x) {
        four_words sum = background * (taps[x].border << MIDDLE_BITS) + (1u << (SHIFT - 1));
        for (int64_t i = 0; i < taps[x].count; ++i) {
            four_shorts pixel;
            memcpy(&pixel, middle + (taps[x].first + i - first) * CHANNELS, sizeof pixel);
            sum += __builtin_convertvector(pixel, four_words) * (uint32_t)taps[x].weights[i];
        }
        sum >>= SHIFT;
        for (int c = 0; c < CHANNELS; ++c) out[x * CHANNELS + c] = (uint8_t)sum[c];
    }
}

int faces_resize(const uint8_t *pixels, int64_t height, int64_t width, const int64_t box[4],
                 const uint8_t border[CHANNELS], int64_t out_height, int64_t out_width, uint8_t *out) {
    struct taps *across = axis(box[0], box[2] - box[0], out_width, width);
    struct taps *down = axis(box[1], box[3] - box[1], out_height, height);
    uint16_t *middle = malloc((size_t)(width * CHANNELS + 1) * sizeof *middle);
    uint8_t *border_row = malloc(CHUNK);
    const int missing = across == NULL || down == NULL || middle == NULL || border_row == NULL;
    if (!missing) {
        int64_t first = width, last = 0;
        for (int64_t x = 0; x < out_width; ++x)
            if (across[x].count > 0) {
                first = least(first, across[x].first);
                last = greatest(last, across[x].first + across[x].count);
            }
        const int64_t count = greatest(last - first, 0) * CHANNELS;
        for (int64_t j = 0; j < CHUNK; ++j) border_row[j] = border[j % CHANNELS];
        middle[count] = 0; /* the fourth lane of the last pixel */
        for (int64_t y = 0; y < out_height; ++y) {
            reduce_columns(pixels + first * CHANNELS, width * CHANNELS, &down[y], border_row, count, middle);
            reduce_row(middle, across, border, first, out_width, out + y * out_width * CHANNELS);
        }
    }
    free(across);
    free(down);
    free(middle);
    free(border_row);
    return missing;
}
