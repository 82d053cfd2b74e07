#include "half.h"
#include "../levels.h"

#include <string.h>

double half_to_double(uint16_t half) {
    uint64_t sign = (uint64_t)(half >> 15) << 63, pattern;
    int exponent = half >> 10 & 31, fraction = half & 1023;
    if (exponent == 0) {
        double value = fraction * 0x1p-24;
        memcpy(&pattern, &value, sizeof pattern);
        pattern |= sign;
    } else {
        uint64_t wide = exponent == 31 ? 2047 : (uint64_t)(exponent - 15 + 1023);
        pattern = sign | wide << 52 | (uint64_t)fraction << 42;
    }
    double value;
    memcpy(&value, &pattern, sizeof value);
    return value;
}

uint16_t double_to_half(double value) {
    uint64_t pattern;
    memcpy(&pattern, &value, sizeof pattern);
    uint16_t sign = (uint16_t)(pattern >> 48 & 0x8000);
    pattern &= ~((uint64_t)1 << 63);
    if (pattern > (uint64_t)2047 << 52) return sign | 0x7e00;
    if (pattern == (uint64_t)2047 << 52) return sign | 0x7c00;
    int exponent = (int)(pattern >> 52) - 1023;
    if (exponent < -26) {  /* less than half of the smallest subnormal, and not for ties */
        if (pattern) bitfast_raise(STATUS_UNDERFLOW);
        return sign;
    }
    /* In units of the result's last place: 2^-24 for subnormals, else 2^(exponent - 10). */
    int dropped = exponent < -14 ? 42 + (-14 - exponent) : 42;
    uint64_t significand = (pattern & (((uint64_t)1 << 52) - 1)) | (uint64_t)1 << 52;
    uint64_t kept = significand >> dropped, rest = significand & (((uint64_t)1 << dropped) - 1);
    uint64_t half = (uint64_t)1 << (dropped - 1);
    kept += rest > half || (rest == half && (kept & 1));
    if (exponent < -14) {
        if (rest) bitfast_raise(STATUS_UNDERFLOW);
        return sign | (uint16_t)kept;  /* a carry makes it the smallest normal number */
    }
    uint64_t result = ((uint64_t)(exponent + 14) << 10) + kept;
    if (result >= 0x7c00) {
        bitfast_raise(STATUS_OVERFLOW);
        return sign | 0x7c00;
    }
    return sign | (uint16_t)result;
}

static int is_nan(uint16_t half) { return (half & 0x7fff) > 0x7c00; }

uint16_t half_nextafter(uint16_t x, uint16_t y) {
    if (is_nan(x) || is_nan(y)) return 0x7e00;
    double from = half_to_double(x), to = half_to_double(y);
    if (from == to) return y;
    if (from == 0) {
        bitfast_raise(STATUS_UNDERFLOW);
        return (y & 0x8000) | 1;
    }
    uint16_t next = (from < to) == (from > 0) ? x + 1 : x - 1;
    if ((next & 0x7fff) == 0x7c00) bitfast_raise(STATUS_OVERFLOW);
    if ((next & 0x7fff) < 0x0400) bitfast_raise(STATUS_UNDERFLOW);
    return next;
}
