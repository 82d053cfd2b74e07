/* 256-bit fixed point: the significand of a wide, and what series are summed in. */
#ifndef BITFAST_FRACTION_H
#define BITFAST_FRACTION_H

#include <stdbool.h>
#include <stdint.h>

#define WIDE_INLINE static inline __attribute__((always_inline, unused))
typedef unsigned __int128 u128;

/* 256 bits, limb[3] the most significant: a fixed-point number limbs/2^256 in [0, 1), or a wide's significand. */
typedef struct { uint64_t limb[4]; } fraction;

/* a + b modulo 1, and the carry out. */
WIDE_INLINE fraction fraction_add(fraction a, fraction b, bool *carry) {
    fraction sum;
    u128 total = 0;
    for (int i = 0; i < 4; ++i) {
        total += (u128)a.limb[i] + b.limb[i];
        sum.limb[i] = (uint64_t)total;
        total >>= 64;
    }
    *carry = total != 0;
    return sum;
}

/* a - b modulo 1, and the borrow. */
WIDE_INLINE fraction fraction_subtract(fraction a, fraction b, bool *borrow) {
    fraction difference;
    uint64_t taken = 0;
    for (int i = 0; i < 4; ++i) {
        u128 step = (u128)a.limb[i] - b.limb[i] - taken;
        difference.limb[i] = (uint64_t)step;
        taken = (uint64_t)(step >> 64) & 1;
    }
    *borrow = taken != 0;
    return difference;
}

/* The product of 256 by 256 bits, exactly. */
WIDE_INLINE void product_512(const fraction *a, const fraction *b, uint64_t product[8]) {
    for (int i = 0; i < 4; ++i) {
        uint64_t carry = 0;
        for (int j = 0; j < 4; ++j) {
            u128 step = (u128)a->limb[i] * b->limb[j] + (i ? product[i + j] : 0) + carry;
            product[i + j] = (uint64_t)step;
            carry = (uint64_t)(step >> 64);
        }
        product[i + 4] = carry;
    }
}

/* a·b, truncated: error less than 2^-256, absolute. */
WIDE_INLINE fraction fraction_multiply(fraction a, fraction b) {
    uint64_t product[8];
    product_512(&a, &b, product);
    return (fraction){{product[4], product[5], product[6], product[7]}};
}

WIDE_INLINE bool fraction_is_zero(fraction a) { return !(a.limb[0] | a.limb[1] | a.limb[2] | a.limb[3]); }

WIDE_INLINE bool fraction_less(fraction a, fraction b) {
    for (int i = 3; i > 0; --i)
        if (a.limb[i] != b.limb[i]) return a.limb[i] < b.limb[i];
    return a.limb[0] < b.limb[0];
}

/* a/2^count, truncated; any count >= 0. */
WIDE_INLINE fraction fraction_shift_right(fraction a, int64_t count) {
    fraction b = {{0}};
    if (count >= 256) return b;
    int limbs = (int)(count / 64), rest = (int)(count % 64);
    for (int i = 0; i + limbs < 4; ++i) {
        uint64_t high = i + limbs + 1 < 4 ? a.limb[i + limbs + 1] : 0;
        b.limb[i] = (a.limb[i + limbs] >> rest) | (high << 1 << (63 - rest));
    }
    return b;
}

/* a·2^count modulo 1; 0 <= count < 256. */
WIDE_INLINE fraction fraction_shift_left(fraction a, int count) {
    fraction b = {{0}};
    int limbs = count / 64, rest = count % 64;
    for (int i = 3; i >= limbs; --i) {
        uint64_t low = i > limbs ? a.limb[i - limbs - 1] : 0;
        b.limb[i] = (a.limb[i - limbs] << rest) | (low >> 1 >> (63 - rest));
    }
    return b;
}

#endif
