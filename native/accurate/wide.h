/* The number the accurate path computes with: floating point in software, 256 bits of significand, 64 of exponent.

   Operations truncate; each states its relative error. A function whose result is off by less than 2^-190 is rounded
   right by wide_to_f64 and wide_to_f32, for the reason given there. Only integer arithmetic decides bits: the doubles
   in division and square root are starting values of iterations that converge whatever their last bits are. */
#ifndef BITFAST_WIDE_H
#define BITFAST_WIDE_H

#include <string.h>

#include "../levels.h"
#include "fraction.h"

#define WIDE_FUNCTION static __attribute__((noinline, unused))

enum wide_kind { WIDE_NUMBER, WIDE_INFINITE, WIDE_NAN };

typedef struct {
    fraction significand; /* normalised: the top bit is set; or 0 for the number 0 */
    int64_t exponent;     /* 2^exponent <= |value| < 2^(exponent + 1) */
    bool negative;
    signed char rest;     /* the exact value is a little smaller (-1) or larger (1) in magnitude; arithmetic drops it */
    unsigned char kind;
} wide;

/* Making a wide. */

WIDE_INLINE wide wide_zero(bool negative) { return (wide){.negative = negative}; }
WIDE_INLINE wide wide_infinite(bool negative) { return (wide){.negative = negative, .kind = WIDE_INFINITE}; }
WIDE_INLINE wide wide_nan(void) { return (wide){.kind = WIDE_NAN}; }
WIDE_INLINE bool wide_is_zero(wide a) { return a.kind == WIDE_NUMBER && !a.significand.limb[3]; }

/* ±f·2^exponent for a fraction f, exactly. */
WIDE_INLINE wide wide_from_fraction(fraction f, int64_t exponent, bool negative) {
    int zeros = 0;
    for (int i = 3; i >= 0; --i, zeros += 64)
        if (f.limb[i]) {
            zeros += __builtin_clzll(f.limb[i]);
            f = fraction_shift_left(f, zeros);
            return (wide){.significand = f, .exponent = exponent - 1 - zeros, .negative = negative};
        }
    return wide_zero(negative);
}

WIDE_INLINE wide wide_from_u64(uint64_t n, int64_t exponent, bool negative) { /* ±n·2^exponent, exactly */
    if (!n) return wide_zero(negative);
    int zeros = __builtin_clzll(n);
    return (wide){.significand = {{0, 0, 0, n << zeros}}, .exponent = exponent + 63 - zeros, .negative = negative};
}

WIDE_INLINE wide wide_from_integer(int64_t n) { return wide_from_u64(n < 0 ? -(uint64_t)n : (uint64_t)n, 0, n < 0); }

WIDE_INLINE wide wide_from_f64(double x) { /* exactly; also -0, infinite, NaN */
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    bool negative = bits >> 63;
    int biased = (int)(bits >> 52) & 0x7ff;
    uint64_t trailing = bits & 0xfffffffffffff;
    if (biased == 0x7ff) return trailing ? wide_nan() : wide_infinite(negative);
    if (biased) return wide_from_u64(trailing | (uint64_t)1 << 52, biased - 1075, negative);
    return wide_from_u64(trailing, -1074, negative);
}

/* |a| as a fraction, truncated: error less than 2^-256, absolute. Needs |a| < 1. */
WIDE_INLINE fraction wide_to_fraction(wide a) { return fraction_shift_right(a.significand, -1 - a.exponent); }

/* The leading bits as a double in [1, 2), truncated: |value| = this·2^exponent but for 2^-52. */
WIDE_INLINE double wide_leading(wide a) {
    uint64_t bits = (a.significand.limb[3] << 1 >> 12) | (uint64_t)1023 << 52;
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* Arithmetic on numbers (not on infinities and NaN). */

WIDE_INLINE wide wide_negated(wide a) { a.negative = !a.negative, a.rest = 0; return a; }
WIDE_INLINE wide wide_magnitude(wide a) { a.negative = false, a.rest = 0; return a; }
WIDE_INLINE wide wide_scaled(wide a, int64_t power) { a.exponent += power, a.rest = 0; return a; } /* a·2^power */

WIDE_INLINE int wide_compare_magnitudes(wide a, wide b) { /* the sign of |a| - |b| */
    if (wide_is_zero(a) || wide_is_zero(b)) return wide_is_zero(b) - wide_is_zero(a);
    if (a.exponent != b.exponent) return a.exponent < b.exponent ? -1 : 1;
    return fraction_less(b.significand, a.significand) - fraction_less(a.significand, b.significand);
}

/* a·b; relative error less than 2^-255, none if the product has at most 256 bits. */
WIDE_INLINE wide wide_multiply(wide a, wide b) {
    uint64_t p[8];
    bool negative = a.negative != b.negative;
    if (wide_is_zero(a) || wide_is_zero(b)) return wide_zero(negative);
    product_512(&a.significand, &b.significand, p);
    wide product = {.exponent = a.exponent + b.exponent + 1, .negative = negative};
    if (p[7] >> 63) {
        product.significand = (fraction){{p[4], p[5], p[6], p[7]}};
        return product;
    }
    product.exponent -= 1;
    for (int i = 0; i < 4; ++i) product.significand.limb[i] = (p[i + 4] << 1) | (p[i + 3] >> 63);
    return product;
}

/* a + b; relative error less than 2^-254, also where they cancel; none if the sum has at most 256 bits and the
   exponents differ by at most 64. */
WIDE_FUNCTION wide wide_add(wide a, wide b) {
    if (wide_is_zero(a) && wide_is_zero(b)) return wide_zero(a.negative && b.negative);
    int order = wide_compare_magnitudes(a, b);
    if (order == 0 && a.negative != b.negative) return wide_zero(false);
    wide large = order < 0 ? b : a, small = order < 0 ? a : b;
    large.rest = 0;
    if (wide_is_zero(small) || large.exponent - small.exponent > 300) return large;
    int64_t distance = large.exponent - small.exponent;
    fraction shifted = fraction_shift_right(small.significand, distance);
    uint64_t guard = distance == 0 || distance >= 256 ? 0  /* the 64 bits that fell off first */
                   : distance < 64 ? small.significand.limb[0] << (64 - distance)
                   : fraction_shift_right(small.significand, distance - 64).limb[0];
    bool carry, borrow;
    if (large.negative == small.negative) {
        large.significand = fraction_add(large.significand, shifted, &carry);
        if (carry) {
            large.significand = fraction_shift_right(large.significand, 1);
            large.significand.limb[3] |= (uint64_t)1 << 63;
            large.exponent += 1;
        }
        return large;
    }
    fraction difference = fraction_subtract(large.significand, shifted, &borrow);
    if (guard) difference = fraction_subtract(difference, (fraction){{1}}, &borrow);
    wide result = wide_from_fraction(difference, large.exponent + 1, large.negative);
    if (!guard) return result;
    if (fraction_is_zero(difference)) return wide_from_u64(-guard, large.exponent - 319, large.negative);
    int64_t up = large.exponent - result.exponent; /* the bits that moved in from below */
    uint64_t low = -guard;
    fraction moved = {{low}};
    moved = up > 64 ? fraction_shift_left(moved, (int)up - 64) : fraction_shift_right(moved, 64 - up);
    for (int i = 0; i < 4; ++i) result.significand.limb[i] |= moved.limb[i];
    return result;
}

WIDE_INLINE wide wide_subtract(wide a, wide b) { return wide_add(a, wide_negated(b)); }

/* e = 1 - 2^bits·x, |e| < 1/2, as magnitude and sign: what an iteration's estimate is off by. */
WIDE_INLINE fraction fraction_defect(fraction x, int bits, bool *negative) {
    bool borrow;
    x = fraction_shift_left(x, bits);
    *negative = !(x.limb[3] >> 63);
    return *negative ? x : fraction_subtract((fraction){{0}}, x, &borrow);
}

/* r·(1 + step), or r·(1 - step). */
WIDE_INLINE fraction fraction_corrected(fraction r, fraction step, bool less) {
    bool carry;
    step = fraction_multiply(r, step);
    return less ? fraction_subtract(r, step, &carry) : fraction_add(r, step, &carry);
}

/* first + second where the iteration's e is positive, first - second where it is negative: terms of first and second
   order. */
WIDE_INLINE fraction fraction_step(fraction first, fraction second, bool negative) {
    bool carry;
    return negative ? fraction_subtract(first, second, &carry) : fraction_add(first, second, &carry);
}

/* 2^-192 <= x < 1: exactly. */
WIDE_INLINE fraction fraction_from_f64(double x) { return wide_to_fraction(wide_from_f64(x)); }

/* 1/a; relative error less than 2^-250. A double's 50 bits become 150 by one step of third order, then 300. */
WIDE_FUNCTION wide wide_reciprocal(wide a) {
    bool less;
    /* d = |a|/2 and r = 1/2|a|, but for the exponent. */
    fraction d = a.significand, r = fraction_from_f64(0.5 / wide_leading(a));
    fraction e = fraction_defect(fraction_multiply(d, r), 2, &less);
    r = fraction_corrected(r, fraction_step(e, fraction_multiply(e, e), less), less);
    e = fraction_defect(fraction_multiply(d, r), 2, &less);
    return wide_from_fraction(fraction_corrected(r, e, less), 1 - a.exponent, a.negative);
}

/* a/b; relative error less than 2^-249. */
WIDE_FUNCTION wide wide_divide(wide a, wide b) { return wide_multiply(a, wide_reciprocal(b)); }

/* 1/√a for a > 0; relative error less than 2^-248. With e = 1 - a·r², 1/√a = r·(1 + e/2 + 3e²/8 + …). */
WIDE_FUNCTION wide wide_reciprocal_root(wide a) {
    bool less;
    int odd = (int)(a.exponent & 1);
    fraction d = fraction_shift_right(a.significand, 1 - odd); /* a/4 and 1/2√a, but for the exponent */
    fraction r = fraction_from_f64(0.5 / __builtin_sqrt(odd ? 2 * wide_leading(a) : wide_leading(a)));
    fraction e = fraction_defect(fraction_multiply(d, fraction_multiply(r, r)), 4, &less);
    fraction second = fraction_multiply(fraction_multiply(e, e), (fraction){{0, 0, 0, (uint64_t)3 << 61}});
    r = fraction_corrected(r, fraction_step(fraction_shift_right(e, 1), second, less), less);
    e = fraction_defect(fraction_multiply(d, fraction_multiply(r, r)), 4, &less);
    r = fraction_corrected(r, fraction_shift_right(e, 1), less);
    return wide_from_fraction(r, 1 - (a.exponent - odd) / 2, false);
}

/* √a for a >= 0; relative error less than 2^-249. */
WIDE_FUNCTION wide wide_root(wide a) { return wide_is_zero(a) ? a : wide_multiply(a, wide_reciprocal_root(a)); }

/* The integer nearest to a, halves away from 0; |a| < 2^62. */
WIDE_INLINE int64_t wide_nearest(wide a) {
    if (wide_is_zero(a) || a.exponent < -1) return 0;
    uint64_t doubled = a.significand.limb[3] >> (62 - a.exponent); /* the integer part of 2|a| */
    int64_t n = (int64_t)((doubled + 1) >> 1);
    return a.negative ? -n : n;
}

/* Rounding. */

/* The encoding, but for its sign, of a number that is not 0, in the format with `precision` bits and exponents up to
   `largest`.

   A value within 2^-190, relative, of a number of 54 bits is taken for that number, corrected by `rest`: only exact
   values come so near to a midpoint, where it matters. For functions of one argument the hardest cases known are near
   2^-120 (Lefèvre and Muller's and CORE-MATH's searches); for pow, Hubrecht, Jeannerod and Zimmermann ("Towards a
   correctly-rounded and fast power function in binary64 arithmetic", 2023) list the exact and midpoint cases, and that
   one of 2^128 pairs of arguments comes nearer than 2^-190 to another midpoint has a chance of 2^-9 at most (assumed,
   not proved); algebraic functions keep a distance that their degree bounds. Functions whose exact value nears a
   representable one without being it set `rest`, so that underflow is told right. */
WIDE_FUNCTION uint64_t wide_encoding(const wide *a, int precision, int largest, unsigned *status) {
    uint64_t infinity = (uint64_t)(2 * largest + 1) << (precision - 1), top = a->significand.limb[3];
    int64_t exponent = a->exponent, smallest = 1 - largest;
    const uint64_t *limb = a->significand.limb, below = 0x3ff; /* of limb 3, what is below the 54th bit */
    bool above = !(top & below) && !limb[2] && limb[1] < 4;
    bool under = (top & below) == below && limb[2] == UINT64_MAX && limb[1] >= UINT64_MAX - 3;
    if (under) {
        top = (top | below) + 1;
        if (!top) top = (uint64_t)1 << 63, exponent += 1;
    }
    if (above || under) {
        top = a->rest > 0 ? top | 1 : a->rest < 0 ? top - 1 : top;
    } else {
        top |= 1;
    }

    if (exponent > largest) return *status |= STATUS_OVERFLOW, infinity;
    int64_t shift = 64 - precision + (exponent < smallest ? smallest - exponent : 0);
    if (shift > 64) return *status |= STATUS_UNDERFLOW, 0;
    uint64_t kept = shift == 64 ? 0 : top >> shift, lost = shift == 64 ? top : top << (64 - shift);
    const uint64_t half = (uint64_t)1 << 63, least_normal = (uint64_t)1 << (precision - 1);
    kept += lost > half || (lost == half && (kept & 1));
    if (exponent < smallest) {
        if (lost && kept < least_normal) *status |= STATUS_UNDERFLOW;
        return kept;
    }
    /* A carry moves the exponent on. */
    uint64_t encoding = kept + ((uint64_t)(exponent + largest - 1) << (precision - 1));
    if (encoding >= infinity) *status |= STATUS_OVERFLOW;
    return encoding;
}

/* Zeros, infinities and NaN are frequent enough to be quick. */
WIDE_INLINE double wide_to_f64(wide a, unsigned *status) {
    uint64_t bits = a.kind == WIDE_NAN ? 0x7ff8000000000000
                  : a.kind == WIDE_INFINITE ? 0x7ff0000000000000
                  : !a.significand.limb[3] ? 0
                  : wide_encoding(&a, 53, 1023, status);
    bits |= (uint64_t)(a.negative && a.kind != WIDE_NAN) << 63;
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

WIDE_INLINE float wide_to_f32(wide a, unsigned *status) {
    uint32_t bits = a.kind == WIDE_NAN ? 0x7fc00000
                  : a.kind == WIDE_INFINITE ? 0x7f800000
                  : !a.significand.limb[3] ? 0
                  : (uint32_t)wide_encoding(&a, 24, 127, status);
    bits |= (uint32_t)(a.negative && a.kind != WIDE_NAN) << 31;
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

#endif
