/* Brightness and sharpness.

   gray = floor((77·R + 150·G + 29·B + 128) / 256), ITU-R BT.601's weights in 1/256.
   sharpness = floor(Σ (4·c − north − south − west − east)² / n), over the n pixels that have all four neighbours; 0 without
   any. One term is below 2^21, so sums of pictures of 2^42 pixels fit. */
#include "faces.h"

FACES_LEVELS
static void brightness(const uint8_t *restrict pixels, int64_t count, uint8_t *restrict out) {
    for (int64_t i = 0; i < count; ++i)
        out[i] = (uint8_t)((77 * pixels[3 * i] + 150 * pixels[3 * i + 1] + 29 * pixels[3 * i + 2] + 128) >> 8);
}

FACES_LEVELS
static int64_t row_energy(const uint8_t *row, int64_t width) {
    int64_t sum = 0;
    for (int64_t x = 1; x + 1 < width; ++x) {
        const int32_t second = 4 * row[x] - row[x - width] - row[x + width] - row[x - 1] - row[x + 1];
        sum += second * second;
    }
    return sum;
}

void faces_gray(const uint8_t *pixels, int64_t count, uint8_t *out) { brightness(pixels, count, out); }

int64_t faces_sharpness(const uint8_t *gray, int64_t height, int64_t width) {
    int64_t sum = 0;
    for (int64_t y = 1; y + 1 < height; ++y) sum += row_energy(gray + y * width, width);
    return height < 3 || width < 3 ? 0 : sum / ((height - 2) * (width - 2));
}
