/* Arguments for tests: bit patterns of every exponent, with significands that are mostly 0s, mostly 1s or random. */
#ifndef NASTY_H
#define NASTY_H

#include <stdint.h>
#include <string.h>

static uint64_t splitmix_state = 1;

/* Steele, Lea and Flood, Fast splittable pseudorandom number generators, OOPSLA 2014. */
static inline uint64_t splitmix64(void) {
    uint64_t z = splitmix_state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static inline double as_f64(uint64_t b) { double x; memcpy(&x, &b, sizeof x); return x; }
static inline float as_f32(uint32_t b) { float x; memcpy(&x, &b, sizeof x); return x; }
static inline uint64_t bits64(double x) { uint64_t b; memcpy(&b, &x, sizeof b); return b; }
static inline uint32_t bits32(float x) { uint32_t b; memcpy(&b, &x, sizeof b); return b; }

static inline uint64_t nasty_significand(int width) {
    uint64_t mask = ((uint64_t)1 << width) - 1, r = splitmix64();
    switch (r & 7) {
    case 0: return 0;
    case 1: return mask;
    case 2: return (uint64_t)1 << (r >> 8) % (unsigned)width;
    case 3: return mask & ~((uint64_t)1 << (r >> 8) % (unsigned)width);
    case 4: return mask & ~(mask >> (r >> 8) % (unsigned)width);
    default: return splitmix64() & mask;
    }
}

/* Exponents: all alike, or within `spread` of the middle, or at an end. */
static inline double nasty_f64(int spread) {
    uint64_t r = splitmix64();
    uint64_t exponent = spread ? (uint64_t)(1023 + (int)((r >> 8) % (2 * (unsigned)spread + 1)) - spread) : (r >> 8) % 2048;
    if ((r & 63) == 1) exponent = (r >> 8) & 1 ? 0 : 2046 + ((r >> 9) & 1);
    return as_f64((r & 128) << 56 | exponent << 52 | nasty_significand(52));
}

static inline float nasty_f32(int spread) {
    uint64_t r = splitmix64();
    uint32_t exponent = spread ? (uint32_t)(127 + (int)((r >> 8) % (2 * (unsigned)spread + 1)) - spread) : (uint32_t)((r >> 8) % 256);
    if ((r & 63) == 1) exponent = (r >> 8) & 1 ? 0 : 254 + ((r >> 9) & 1);
    return as_f32((uint32_t)((r & 128) << 24) | exponent << 23 | (uint32_t)nasty_significand(23));
}

#endif
