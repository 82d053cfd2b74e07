/* Prints a digest of what each function of libfaces gives for numbers drawn by an integer generator. The same lines come out
   on every chip: native_digests.txt. Built and run by test_faces_native_chips.py. */
#include "../native/faces.h"

#include <stdio.h>
#include <stdlib.h>

static uint64_t state = 1;

/* SplitMix64 (Steele, Lea, Flood 2014). */
static uint64_t draw(void) {
    uint64_t z = state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static int64_t between(int64_t low, int64_t high) { return low + (int64_t)(draw() % (uint64_t)(high - low + 1)); }

/* FNV-1a, of values and not of bytes, so that the order of bytes in memory does not matter. */
static void mix(uint64_t *digest, int64_t value) {
    for (int byte = 0; byte < 8; ++byte) *digest = (*digest ^ ((uint64_t)value >> (8 * byte) & 255)) * 0x100000001b3u;
}

static const uint64_t FRESH = 0xcbf29ce484222325u;

enum { HEIGHT = 97, WIDTH = 131, SIDE = 40, COUNT = 300, QUERIES = 3, BEST = 20 };

static uint8_t picture[HEIGHT * WIDTH * 3], out[SIDE * SIDE * 3], brightness[HEIGHT * WIDTH];
static int16_t templates[COUNT * DIMENSIONS];
static int32_t scores[QUERIES * COUNT];
static int64_t indices[QUERIES * COUNT];

int main(void) {
    uint64_t resized = FRESH, warped = FRESH, measured = FRESH, found = FRESH;
    for (int round = 0; round < 60; ++round) {
        for (size_t i = 0; i < sizeof picture; ++i) picture[i] = (uint8_t)(round % 4 ? draw() : draw() % 2 * 255);
        const uint8_t border[3] = {(uint8_t)draw(), (uint8_t)draw(), (uint8_t)draw()};
        const int64_t left = between(-4000, 9000), top = between(-4000, 7000), height = between(1, SIDE), width = between(1, SIDE);
        const int64_t box[4] = {left, top, left + between(1, 12000), top + between(1, 12000)};
        if (faces_resize(picture, HEIGHT, WIDTH, box, border, height, width, out)) abort();
        for (int64_t i = 0; i < height * width * 3; ++i) mix(&resized, out[i]);

        const int64_t step = between(1, 7) << 16, side = between(1, SIDE);
        const int64_t matrix[6] = {between(-step, step), between(-step, step), between(-50 * 65536, 150 << 16),
                                   between(-step, step), between(-step, step), between(-50 * 65536, 150 << 16)};
        if (faces_warp(picture, HEIGHT, WIDTH, matrix, border, side, out)) abort();
        for (int64_t i = 0; i < side * side * 3; ++i) mix(&warped, out[i]);

        faces_gray(picture, HEIGHT * WIDTH, brightness);
        for (int64_t i = 0; i < HEIGHT * WIDTH; ++i) mix(&measured, brightness[i]);
        mix(&measured, faces_sharpness(brightness, HEIGHT, WIDTH));
    }
    for (int round = 0; round < 4; ++round) {
        const int64_t most = round % 2 ? 5 : 4095; /* ties in every other round; 128 · 4095² < 2^31 */
        for (int i = 0; i < COUNT * DIMENSIONS; ++i) templates[i] = (int16_t)between(-most, most);
        mix(&found, faces_first_invalid(templates, COUNT));
        faces_scores(templates, COUNT, templates, QUERIES, scores);
        for (int i = 0; i < QUERIES * COUNT; ++i) mix(&found, scores[i]);
        faces_nearest(templates, COUNT, templates, QUERIES, BEST, scores, indices);
        for (int i = 0; i < QUERIES * BEST; ++i) {
            mix(&found, scores[i]);
            mix(&found, indices[i]);
        }
    }
    printf("resize %016llx\nwarp %016llx\nmeasures %016llx\nsearch %016llx\n", (unsigned long long)resized,
           (unsigned long long)warped, (unsigned long long)measured, (unsigned long long)found);
    return 0;
}
