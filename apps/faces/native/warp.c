/* Cuts a turned and scaled square out of a picture: linear between pixels, after means of whole blocks where it shrinks.

   `matrix` is a b c / d e f in 1/65536 pixel: the centre of output pixel (x, y) lies at
   u = (a·(2·x + 1) + b·(2·y + 1) + 2·c) / 2^17, v = (d·(2·x + 1) + e·(2·y + 1) + 2·f) / 2^17 in the picture, where pixel i
   covers [i, i + 1) and has its centre at i + 1/2. Outside the picture every pixel has the colour `border`.

   Blocks: k is the greatest integer with k² ≤ |a·e − b·d| / 2^32, the area of an output pixel, and at least 1. Where k > 1
   the picture is replaced by its means over k × k pixels, counted from its upper left corner: floor((Σ + floor(k²/2)) / k²).
   So a step is below 2 pixels, and linear interpolation leaves none out.
   Linear: p = floor(((2^17·u) − 65536·k + 32·k) / (64·k)) is u/k − 1/2 in 2^-11, rounded half up; i = floor(p / 2^11),
   f = p − 2^11·i; i has the weight 2^11 − f, i + 1 has f; so for v. The pixel is floor((Σ + 2^21) / 2^22) over the four. */
#include "faces.h"

#include <stdlib.h>
#include <string.h>

enum { FRACTION_BITS = 11, FRACTION = 1 << FRACTION_BITS, CENTRE = 1 << 16 };

/* Part of a picture (or of its blocks' means), of which pixel (left, top) comes first; around it there is border. */
struct part {
    const uint8_t *pixels;
    int64_t left, top, width, height;
};

/* floor(dividend / divisor) of an arithmetic progression, without a division a step. */
struct walk {
    int64_t quotient, remainder, step_quotient, step_remainder, divisor;
};

static struct walk walk_from(int64_t dividend, int64_t step, int64_t divisor) {
    const int64_t quotient = floor_div(dividend, divisor), step_quotient = floor_div(step, divisor);
    return (struct walk){quotient, dividend - quotient * divisor, step_quotient, step - step_quotient * divisor, divisor};
}

static inline int64_t walk_on(struct walk *walk) {
    const int64_t here = walk->quotient;
    walk->quotient += walk->step_quotient;
    walk->remainder += walk->step_remainder;
    if (walk->remainder >= walk->divisor) {
        walk->remainder -= walk->divisor;
        ++walk->quotient;
    }
    return here;
}

static int64_t block_side(const int64_t matrix[6]) {
    int64_t area = matrix[0] * matrix[4] - matrix[1] * matrix[3], k = 1;
    if (area < 0) area = -area;
    while ((k + 1) * (k + 1) <= area >> 32) ++k;
    return k;
}

/* 2^17·u − 65536·k + 32·k of the output's column 0, row y, by a row of the matrix. */
static int64_t row_start(const int64_t row[3], int64_t y, int64_t k) {
    return row[0] + row[1] * (2 * y + 1) + 2 * row[2] - CENTRE * k + 32 * k;
}

/* The least and the greatest block that the output reads: an affine map has its extremes in corners. */
static void reach(const int64_t row[3], int64_t side, int64_t k, int64_t *low, int64_t *high) {
    *low = INT64_MAX;
    *high = INT64_MIN;
    for (int corner = 0; corner < 4; ++corner) {
        const int64_t dividend = row_start(row, corner & 1 ? side - 1 : 0, k) + (corner & 2 ? 2 * row[0] * (side - 1) : 0);
        const int64_t pixel = floor_div(dividend, 64 * k * FRACTION);
        *low = least(*low, pixel);
        *high = greatest(*high, pixel + 1);
    }
}

FACES_LEVELS
static void add_bytes(uint32_t *restrict sums, const uint8_t *restrict row, int64_t count) {
    for (int64_t j = 0; j < count; ++j) sums[j] += row[j];
}

/* Means of k × k pixels for the blocks of `part`, all of which touch the picture. `sums` has k·width pixels. */
static void reduce(const uint8_t *pixels, int64_t height, int64_t width, int64_t k, const uint8_t *border,
                   const struct part *part, uint32_t *sums, uint8_t *out) {
    const uint32_t area = (uint32_t)(k * k);
    const int64_t left = part->left * k, columns = least(part->width * k, width - left);
    for (int64_t by = 0; by < part->height; ++by) {
        const int64_t top = (part->top + by) * k, rows = least(k, height - top);
        memset(sums, 0, (size_t)(columns * CHANNELS) * sizeof *sums);
        for (int64_t y = 0; y < rows; ++y) add_bytes(sums, pixels + ((top + y) * width + left) * CHANNELS, columns * CHANNELS);
        for (int64_t bx = 0; bx < part->width; ++bx) {
            const int64_t inside = least(k, columns - bx * k);
            const uint32_t outside = area - (uint32_t)(inside * rows);
            for (int c = 0; c < CHANNELS; ++c) {
                uint32_t sum = area / 2 + outside * border[c];
                for (int64_t x = 0; x < inside; ++x) sum += sums[(bx * k + x) * CHANNELS + c];
                *out++ = (uint8_t)(sum / area);
            }
        }
    }
}

static inline const uint8_t *pixel_at(const struct part *part, int64_t x, int64_t y, const uint8_t *border) {
    const int64_t column = x - part->left, row = y - part->top;
    const int inside = column >= 0 && column < part->width && row >= 0 && row < part->height;
    return inside ? part->pixels + (row * part->width + column) * CHANNELS : border;
}

static void sample(const struct part *part, const int64_t matrix[6], int64_t k, const uint8_t *border, int64_t side,
                   uint8_t *out) {
    for (int64_t y = 0; y < side; ++y) {
        struct walk across = walk_from(row_start(matrix, y, k), 2 * matrix[0], 64 * k);
        struct walk down = walk_from(row_start(matrix + 3, y, k), 2 * matrix[3], 64 * k);
        for (int64_t x = 0; x < side; ++x) {
            const int64_t p = walk_on(&across), q = walk_on(&down);
            const int64_t column = floor_div(p, FRACTION), row = floor_div(q, FRACTION);
            const uint32_t right = (uint32_t)(p - column * FRACTION), low = (uint32_t)(q - row * FRACTION);
            const uint8_t *corners[4] = {pixel_at(part, column, row, border), pixel_at(part, column + 1, row, border),
                                         pixel_at(part, column, row + 1, border), pixel_at(part, column + 1, row + 1, border)};
            const uint32_t weights[4] = {(FRACTION - right) * (FRACTION - low), right * (FRACTION - low),
                                         (FRACTION - right) * low, right * low};
            for (int c = 0; c < CHANNELS; ++c) {
                uint32_t sum = 1u << (2 * FRACTION_BITS - 1);
                for (int i = 0; i < 4; ++i) sum += weights[i] * corners[i][c];
                *out++ = (uint8_t)(sum >> (2 * FRACTION_BITS));
            }
        }
    }
}

int faces_warp(const uint8_t *pixels, int64_t height, int64_t width, const int64_t matrix[6],
               const uint8_t border[CHANNELS], int64_t side, uint8_t *out) {
    const int64_t k = block_side(matrix);
    struct part part = {pixels, 0, 0, width, height};
    if (k == 1) {
        sample(&part, matrix, k, border, side, out);
        return 0;
    }
    int64_t left, right, top, bottom;
    reach(matrix, side, k, &left, &right);
    reach(matrix + 3, side, k, &top, &bottom);
    part.left = least(greatest(left, 0), (width - 1) / k);
    part.top = least(greatest(top, 0), (height - 1) / k);
    part.width = greatest(least(right, (width - 1) / k) - part.left + 1, 0);
    part.height = greatest(least(bottom, (height - 1) / k) - part.top + 1, 0);
    uint8_t *blocks = malloc((size_t)(part.width * part.height * CHANNELS) + 1);
    uint32_t *sums = malloc((size_t)(part.width * k * CHANNELS + 1) * sizeof *sums);
    const int missing = blocks == NULL || sums == NULL;
    if (!missing) {
        reduce(pixels, height, width, k, border, &part, sums, blocks);
        part.pixels = blocks;
        sample(&part, matrix, k, border, side, out);
    }
    free(blocks);
    free(sums);
    return missing;
}
