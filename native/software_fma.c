/* a·b + c rounded once, in integers: for chips without the instruction, for the arguments that software_fma.h leaves,
   and to know whether a tiny result is exact. Right for every argument. */
#include "elementary/exact.h"

#include <stdint.h>
#include <string.h>

typedef unsigned __int128 u128;

static uint64_t bits_of(double x) { uint64_t b; memcpy(&b, &x, sizeof b); return b; }
static double with_bits(uint64_t b) { double x; memcpy(&x, &b, sizeof x); return x; }

static const uint64_t infinity = UINT64_C(0x7ff0000000000000), sign_bit = UINT64_C(1) << 63;

/* A finite nonzero number as significand·2^exponent, the significand with 53 bits. */
struct parts { uint64_t significand; int exponent; };

static struct parts parts_of(double x) {
    uint64_t b = bits_of(x) & ~sign_bit;
    int biased = (int)(b >> 52);
    if (biased) return (struct parts){(b & ((UINT64_C(1) << 52) - 1)) | UINT64_C(1) << 52, biased - 1075};
    int shift = __builtin_clzll(b) - 11;
    return (struct parts){b << shift, -1074 - shift};
}

/* x·2^-count with the last bit set if bits were lost. */
static u128 shifted_with_sticky_bit(u128 x, int count) {
    if (count > 127) return x != 0;
    return x >> count | ((x & (((u128)1 << count) - 1)) != 0);
}

static int bit_length(u128 x) {
    uint64_t high = (uint64_t)(x >> 64);
    return high ? 128 - __builtin_clzll(high) : 64 - __builtin_clzll((uint64_t)x);
}

/* x·2^exponent rounded to nearest, ties to even; x > 0, its last bit may be a sticky one if it has at least 56 bits. */
static uint64_t rounded_bits(u128 x, int exponent, unsigned *status) {
    int last = exponent + bit_length(x) - 53;
    if (last < -1074) last = -1074;
    int shift = last - exponent;
    uint64_t significand;
    int inexact = 0;
    if (shift <= 0) {
        significand = (uint64_t)(x << -shift);
    } else if (shift > 127) {
        significand = 0;
        inexact = 1;
    } else {
        u128 rest = x & (((u128)1 << shift) - 1), half = (u128)1 << (shift - 1);
        significand = (uint64_t)(x >> shift);
        significand += rest > half || (rest == half && (significand & 1));
        inexact = rest != 0;
    }
    /* A significand below 2^52 is a subnormal one, and one of 2^53 carries into the exponent. */
    uint64_t result = last > 971 ? infinity : ((uint64_t)(last + 1074) << 52) + significand;
    if (result >= infinity) {
        *status |= STATUS_OVERFLOW;
        return infinity;
    }
    if (inexact && result < UINT64_C(1) << 52) *status |= STATUS_UNDERFLOW;
    return result;
}

double bitfast_software_fma_status(double a, double b, double c, unsigned *status) {
    if (a != a || b != b || c != c) return with_bits(CANONICAL_NAN_F64);
    uint64_t size_a = bits_of(a) & ~sign_bit, size_b = bits_of(b) & ~sign_bit, size_c = bits_of(c) & ~sign_bit;
    if (size_a == infinity || size_b == infinity) {
        uint64_t sign = (bits_of(a) ^ bits_of(b)) & sign_bit;
        if (size_a == 0 || size_b == 0 || (size_c == infinity && (bits_of(c) & sign_bit) != sign)) {
            *status |= STATUS_INVALID;
            return with_bits(CANONICAL_NAN_F64);
        }
        return with_bits(infinity | sign);
    }
    if (size_c == infinity) return c;
    if (size_a == 0 || size_b == 0) return a * b + c;

    struct parts x = parts_of(a), y = parts_of(b);
    uint64_t sign = (bits_of(a) ^ bits_of(b)) & sign_bit;
    /* Both terms get their highest bit at place 124 or 125. The one that is shifted right then loses bits only when it
       is so much smaller that the difference cannot cancel. */
    u128 product = (u128)x.significand * y.significand << 20;
    int exponent = x.exponent + y.exponent - 20;
    if (size_c == 0) return with_bits(rounded_bits(product, exponent, status) | sign);
    struct parts z = parts_of(c);
    u128 term = (u128)z.significand << 72;
    int shift = exponent - (z.exponent - 72);
    if (shift >= 0) {
        term = shifted_with_sticky_bit(term, shift);
    } else {
        product = shifted_with_sticky_bit(product, -shift);
        exponent = z.exponent - 72;
    }
    if (sign == (bits_of(c) & sign_bit)) return with_bits(rounded_bits(product + term, exponent, status) | sign);
    if (product == term) return 0;
    if (product > term) return with_bits(rounded_bits(product - term, exponent, status) | sign);
    return with_bits(rounded_bits(term - product, exponent, status) | (sign ^ sign_bit));
}

double bitfast_software_fma(double a, double b, double c) {
    unsigned status = 0;
    return bitfast_software_fma_status(a, b, c, &status);
}

/* In float32 the product is exact in double; the sum is rounded to odd there (see software_fma.h), then to float32. A
   function of this file alone: where it is inlined, GCC 12 puts two of them into one vector (-ftree-slp-vectorize) and
   rounds some wrongly. */
float bitfast_software_fmaf(float a, float b, float c) {
    double product = (double)a * b, sum = product + c, part = sum - product;
    double lost = (product - (sum - part)) + (c - part);  /* NaN where the sum is not finite: then it stays as it is */
    int64_t inexact = -(int64_t)((lost < 0) | (lost > 0)), even = (int64_t)(bits_of(sum) & 1) - 1;
    int64_t step = (int64_t)((bits_of(sum) ^ bits_of(lost)) & sign_bit ? -1 : 1);
    return (float)with_bits(bits_of(sum) + (uint64_t)(inexact & even & step));
}
