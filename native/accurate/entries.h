/* Makes a function's entries for both formats from one that computes with wides:
       static wide exp_of(double x, range limits, unsigned *status)      ACCURATE_UNARY(exp)
       static wide atan2_of(double y, double x, range limits, unsigned *status)     ACCURATE_BINARY(atan2)
   It never sees a NaN; it adds what it signals itself to *status (overflow and underflow are found when the wide is
   rounded) and may leave a result beyond the limits at wide_beyond or wide_beneath.

   Two functions have answers for a NaN that is not signalling; they say so by a function of the arguments' NaNs. */
#ifndef BITFAST_ENTRIES_H
#define BITFAST_ENTRIES_H

#include "accurate.h"
#include "wide.h"

/* A magnitude of 2^overflow or more is infinite when rounded; one below 2^underflow becomes 0. */
typedef struct { int64_t overflow, underflow; } range;
static const range range_f64 = {1024, -1075}, range_f32 = {128, -150};

WIDE_INLINE wide wide_beyond(bool negative) { return wide_from_u64(1, 1 << 20, negative); }
WIDE_INLINE wide wide_beneath(bool negative) { return wide_from_u64(1, -(1 << 20), negative); }
WIDE_INLINE wide wide_invalid(unsigned *status) { *status |= STATUS_INVALID; return wide_nan(); }
WIDE_INLINE wide wide_pole(bool negative, unsigned *status) {
    *status |= STATUS_DIVIDE_BY_ZERO;
    return wide_infinite(negative);
}

WIDE_INLINE uint64_t bits_f64(double x) { uint64_t bits; memcpy(&bits, &x, sizeof bits); return bits; }
WIDE_INLINE uint32_t bits_f32(float x) { uint32_t bits; memcpy(&bits, &x, sizeof bits); return bits; }

/* 0 for a number, 1 for a quiet NaN, 2 for a signalling one: what tells them apart is the leading bit of the fraction
   (IEEE 754-2019, 6.2.1). */
WIDE_INLINE int nan_f64(double x) {
    uint64_t magnitude = bits_f64(x) << 1 >> 1;
    return magnitude <= 0x7ff0000000000000 ? 0 : magnitude < 0x7ff8000000000000 ? 2 : 1;
}

WIDE_INLINE int nan_f32(float x) {
    uint32_t magnitude = bits_f32(x) << 1 >> 1;
    return magnitude <= 0x7f800000 ? 0 : magnitude < 0x7fc00000 ? 2 : 1;
}

#define ACCURATE_UNARY(name)                                                                                          \
    double bitfast_accurate_##name##_f64(double x, unsigned *status) {                                                \
        int nan = nan_f64(x);                                                                                         \
        if (nan == 2) *status |= STATUS_INVALID;                                                                      \
        return wide_to_f64(nan ? wide_nan() : name##_of(x, range_f64, status), status);                               \
    }                                                                                                                 \
    float bitfast_accurate_##name##_f32(float x, unsigned *status) {                                                  \
        int nan = nan_f32(x);                                                                                         \
        if (nan == 2) *status |= STATUS_INVALID;                                                                      \
        return wide_to_f32(nan ? wide_nan() : name##_of(x, range_f32, status), status);                               \
    }

/* name_of_nan(x, y) gives the answer where x or y is a quiet NaN (and neither a signalling one). */
#define ACCURATE_BINARY_WITH_NAN(name, name_of_nan)                                                                   \
    double bitfast_accurate_##name##_f64(double x, double y, unsigned *status) {                                      \
        int nan = nan_f64(x) | nan_f64(y);                                                                            \
        if (nan & 2) *status |= STATUS_INVALID;                                                                       \
        wide result = !nan ? name##_of(x, y, range_f64, status) : nan & 2 ? wide_nan() : name_of_nan(x, y);           \
        return wide_to_f64(result, status);                                                                           \
    }                                                                                                                 \
    float bitfast_accurate_##name##_f32(float x, float y, unsigned *status) {                                         \
        int nan = nan_f32(x) | nan_f32(y);                                                                            \
        if (nan & 2) *status |= STATUS_INVALID;                                                                       \
        wide result = !nan ? name##_of(x, y, range_f32, status) : nan & 2 ? wide_nan() : name_of_nan(x, y);           \
        return wide_to_f32(result, status);                                                                           \
    }

WIDE_INLINE wide always_nan(double x, double y) { (void)x, (void)y; return wide_nan(); }
#define ACCURATE_BINARY(name) ACCURATE_BINARY_WITH_NAN(name, always_nan)

#endif
