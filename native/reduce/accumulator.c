/* The exact accumulator: adding integers to a fixed-point number, merging, rounding once, bytes to store. */
#include "accumulator.h"

#include <string.h>

static uint64_t bits_of(double x) { uint64_t b; memcpy(&b, &x, sizeof b); return b; }

void bitfast_accumulator_clear(bitfast_accumulator *a) { exact_clear(exact(a)); }

/* Limbs `from` to below `to` are there afterwards. */
static inline void cover(struct exact *e, uint32_t from, uint32_t to) {
    if (e->low == e->high) e->low = e->high = from;
    if (e->high < to) {
        uint64_t sign = e->low == e->high ? 0 : (uint64_t)((int64_t)e->limb[e->high - 1] >> 63);
        while (e->high < to) e->limb[e->high++] = sign;
    }
    while (e->low > from) e->limb[--e->low] = 0;
}

/* e += the number of `count` limbs in two's complement that begins at limb `from`. */
static inline void add_limbs(struct exact *e, uint32_t from, const uint64_t *limbs, uint32_t count) {
    cover(e, from, from + count);
    const uint64_t sign = (uint64_t)((int64_t)limbs[count - 1] >> 63), before = e->limb[e->high - 1] >> 63;
    uint64_t carry = 0;
    for (uint32_t k = 0; k < count; ++k) {
        unsigned __int128 sum = (unsigned __int128)e->limb[from + k] + limbs[k] + carry;
        e->limb[from + k] = (uint64_t)sum;
        carry = (uint64_t)(sum >> 64);
    }
    for (uint32_t k = from + count; k < e->high && carry != (sign & 1); ++k) {
        uint64_t sum = e->limb[k] + sign + carry;
        carry = sign ? sum == UINT64_MAX ? carry : 1 : sum == 0;
        e->limb[k] = sum;
    }
    if (before == (sign & 1) && e->limb[e->high - 1] >> 63 != before && e->high < LIMBS) e->limb[e->high++] = sign;
}

void bitfast_exact_add_integer(struct exact *e, __int128 value, int exponent) {
    if (value == 0) return;
    const int bit = exponent - LOWEST_BIT, shift = bit & 63;
    const uint64_t low = (uint64_t)value, high = (uint64_t)(value >> 64);
    uint64_t limbs[3] = {low, high, (uint64_t)(value >> 127)};
    if (shift) {
        limbs[0] = low << shift;
        limbs[1] = low >> (64 - shift) | high << shift;
        limbs[2] = (uint64_t)(value >> (128 - shift));
    }
    uint32_t count = 3;
    while (count > 1 && limbs[count - 1] == (uint64_t)((int64_t)limbs[count - 2] >> 63)) --count;
    add_limbs(e, (uint32_t)bit >> 6, limbs, count);
}

enum { BIAS = 1075, INFINITE = 0x7ff };  /* a double is its significand times 2^(exponent field - 1075) */

static inline int field(uint64_t b) { return (int)(b >> 52 & INFINITE); }
static inline uint64_t significand_of(uint64_t b) {
    uint64_t fraction = b & ((UINT64_C(1) << 52) - 1);
    return field(b) ? fraction | UINT64_C(1) << 52 : fraction;
}
static inline int exponent_of(uint64_t b) { return (field(b) ? field(b) : 1) - BIAS; }
static inline unsigned special(uint64_t b) {
    return b << 12 ? NOT_A_NUMBER : b >> 63 ? MINUS_INFINITY : PLUS_INFINITY;
}

void bitfast_exact_add_f64(struct exact *e, double x) {
    const uint64_t b = bits_of(x);
    const __int128 magnitude = (__int128)significand_of(b);
    if (field(b) == INFINITE) {
        e->seen |= special(b);
    } else if (magnitude == 0) {
        e->seen |= b ? MINUS_ZERO : PLUS_ZERO;
    } else {
        e->seen |= NONZERO;
        bitfast_exact_add_integer(e, b >> 63 ? -magnitude : magnitude, exponent_of(b));
    }
}

void bitfast_exact_add_product(struct exact *e, double x, double y) {
    const uint64_t a = bits_of(x), b = bits_of(y), negative = (a ^ b) >> 63;
    const __int128 magnitude = (__int128)significand_of(a) * (__int128)significand_of(b);
    if (field(a) == INFINITE || field(b) == INFINITE) {
        int nan = (field(a) == INFINITE && a << 12) || (field(b) == INFINITE && b << 12);
        int invalid = nan || a << 1 == 0 || b << 1 == 0;
        e->seen |= invalid ? NOT_A_NUMBER : negative ? MINUS_INFINITY : PLUS_INFINITY;
    } else if (magnitude == 0) {
        e->seen |= negative ? MINUS_ZERO : PLUS_ZERO;
    } else {
        e->seen |= NONZERO;
        bitfast_exact_add_integer(e, negative ? -magnitude : magnitude, exponent_of(a) + exponent_of(b));
    }
}

void bitfast_exact_merge(struct exact *e, const struct exact *other) {
    e->seen |= other->seen;
    if (other->low == other->high) return;
    if (e->low == e->high) {
        e->low = other->low;
        e->high = other->high;
        memcpy(e->limb + e->low, other->limb + e->low, (e->high - e->low) * sizeof *e->limb);
        return;
    }
    struct exact copy;
    if (e == other) other = memcpy(&copy, other, sizeof copy);
    add_limbs(e, other->low, other->limb + other->low, other->high - other->low);
}

void bitfast_exact_negate(struct exact *e) {
    static const unsigned signs[] = {PLUS_INFINITY, MINUS_INFINITY, PLUS_ZERO, MINUS_ZERO};
    unsigned seen = e->seen & (NOT_A_NUMBER | NONZERO);
    for (int k = 0; k < 4; ++k)
        if (e->seen & signs[k]) seen |= signs[k ^ 1];
    e->seen = seen;
    if (e->low == e->high) return;
    uint64_t before = e->limb[e->high - 1] >> 63, carry = 1;
    for (uint32_t k = e->low; k < e->high; ++k) {
        e->limb[k] = ~e->limb[k] + carry;
        carry = carry && e->limb[k] == 0;
    }
    if (before && e->limb[e->high - 1] >> 63 && e->high < LIMBS) e->limb[e->high++] = 0;  /* the least number */
}

void bitfast_accumulator_merge(bitfast_accumulator *a, const bitfast_accumulator *b) {
    bitfast_exact_merge(exact(a), exact_const(b));
}
void bitfast_accumulator_negate(bitfast_accumulator *a) { bitfast_exact_negate(exact(a)); }

int bitfast_exact_magnitude(const struct exact *e, uint64_t *magnitude, int *count, int *exponent) {
    uint32_t low = e->low, high = e->high;
    while (low < high && e->limb[low] == 0) ++low;
    *count = 0;
    *exponent = 0;
    if (low == high) return 0;
    const uint64_t negative = e->limb[high - 1] >> 63;
    uint64_t carry = negative;
    int n = 0;
    for (uint32_t k = low; k < high; ++k, ++n) {
        magnitude[n] = (e->limb[k] ^ -negative) + carry;
        carry = carry && magnitude[n] == 0;
    }
    while (magnitude[n - 1] == 0) --n;
    *count = n;
    *exponent = 64 * (int)low + LOWEST_BIT;
    return negative ? -1 : 1;
}

struct leading bitfast_leading(const uint64_t *magnitude, int count, int exponent) {
    const uint64_t top = magnitude[count - 1];
    const int zeros = __builtin_clzll(top);
    struct leading l = {top << zeros, exponent + 64 * count - 1 - zeros, 0};
    int rest = count - 1;  /* limbs of which not all bits are looked at yet */
    if (rest && zeros) {
        l.bits |= magnitude[rest - 1] >> (64 - zeros);
        l.more = magnitude[--rest] << zeros != 0;
    }
    while (rest && !l.more) l.more = magnitude[--rest] != 0;
    return l;
}

/* The highest 127 or 128 bits, W·4^k, have a root of 64 bits: r = ⌊√W⌋, and the rest of the root is more than
   nothing unless r² = W and nothing follows. */
struct leading bitfast_leading_root(const uint64_t *magnitude, int count, int exponent) {
    struct leading first = bitfast_leading(magnitude, count, exponent);
    unsigned __int128 w = (unsigned __int128)first.bits << 64;
    int more = 0;
    if (first.more) {  /* 64 more bits, and whether anything follows those */
        const int zeros = __builtin_clzll(magnitude[count - 1]);
        uint64_t next = count > 1 ? magnitude[count - 2] << zeros : 0;
        if (count > 2 && zeros) next |= magnitude[count - 3] >> (64 - zeros);
        w |= next;
        if (count > 2 && zeros) more = magnitude[count - 3] << zeros != 0;
        for (int k = count - 3 - (zeros != 0); k >= 0 && !more; --k) more = magnitude[k] != 0;
    }
    /* w's highest bit is worth 2^exponent: that exponent must be odd, as 2^127 is. */
    if ((first.exponent & 1) == 0) {
        more |= (int)(w & 1);
        w >>= 1;
    }
    double guess = __builtin_sqrt((double)w);
    uint64_t r = guess >= 0x1p64 ? UINT64_MAX : (uint64_t)guess;
    __int128 rest = (__int128)(w - (unsigned __int128)r * r);
    r += (uint64_t)(int64_t)((double)rest / (2 * guess));
    /* Within one or two of the root now, unless the step went round: 2^64 - 1 is the largest root. */
    if (r < UINT64_C(1) << 63) r = UINT64_MAX;
    while ((unsigned __int128)r * r > w) --r;
    while (r != UINT64_MAX && (unsigned __int128)(r + 1) * (r + 1) <= w) ++r;
    more |= (unsigned __int128)r * r != w;
    return (struct leading){r, first.exponent >> 1, more};
}

/* The significand and exponent fields together: a carry out of the significand is one more in the exponent. */
static inline uint64_t rounded_fields(struct leading l, int precision, int least_exponent, int most_exponent) {
    if (l.exponent > most_exponent) return (uint64_t)(most_exponent - least_exponent + 2) << (precision - 1);
    const int normal = l.exponent >= least_exponent;
    const int kept = normal ? precision : precision - (least_exponent - l.exponent);
    if (kept < 0) return 0;
    uint64_t result = kept ? l.bits >> (64 - kept) : 0, rest = l.bits << kept;
    const uint64_t half = UINT64_C(1) << 63;
    result += rest > half || (rest == half && (l.more || (result & 1)));
    return normal ? ((uint64_t)(l.exponent - least_exponent) << (precision - 1)) + result : result;
}

double bitfast_round_f64(struct leading l, int negative) {
    uint64_t fields = rounded_fields(l, 53, -1022, 1023) | (uint64_t)(negative != 0) << 63;
    double result;
    memcpy(&result, &fields, sizeof result);
    return result;
}

float bitfast_round_f32(struct leading l, int negative) {
    uint32_t fields = (uint32_t)rounded_fields(l, 24, -126, 127) | (uint32_t)(negative != 0) << 31;
    float result;
    memcpy(&result, &fields, sizeof result);
    return result;
}

#define DEFINE_VALUE(suffix, real, format) \
    real bitfast_exact_value##suffix(const struct exact *e) { \
        uint64_t magnitude[LIMBS]; \
        int count, exponent, sign = e->seen & SPECIALS ? 0 : bitfast_exact_magnitude(e, magnitude, &count, &exponent); \
        if (sign == 0) return (real)exact_special(e->seen); \
        return bitfast_round_##format(bitfast_leading(magnitude, count, exponent), sign < 0); \
    } \
    real bitfast_accumulator_value##suffix(const bitfast_accumulator *a) { \
        return bitfast_exact_value##suffix(exact_const(a)); \
    } \
    real bitfast_exact_root##suffix(const struct exact *e) { \
        uint64_t magnitude[LIMBS]; \
        int count, exponent; \
        if (e->seen & SPECIALS || !bitfast_exact_magnitude(e, magnitude, &count, &exponent)) \
            return (real)exact_special(e->seen); \
        return bitfast_round_##format(bitfast_leading_root(magnitude, count, exponent), 0); \
    }
DEFINE_VALUE(, double, f64)
DEFINE_VALUE(f, float, f32)

/* One form per value: what is not finite has no limbs and one special; zeros are told apart only where all were. */
static unsigned canonical(unsigned seen) {
    if (seen & NOT_A_NUMBER || (seen & SPECIALS) == SPECIALS - NOT_A_NUMBER) return NOT_A_NUMBER;
    if (seen & SPECIALS) return seen & SPECIALS;
    return seen & NONZERO ? NONZERO : seen;
}

/* Eight bytes that say what follows: the form's name and version, and what was seen. Then the limbs, all of them, the
   least byte first. */
static const unsigned char form[7] = {'b', 'f', 'a', 'c', 'c', 0, 1};

void bitfast_accumulator_store(const bitfast_accumulator *a, unsigned char *bytes) {
    const struct exact *e = exact_const(a);
    const unsigned seen = canonical(e->seen);
    const int is_there = !(seen & SPECIALS) && e->low != e->high;
    const uint64_t sign = is_there ? (uint64_t)((int64_t)e->limb[e->high - 1] >> 63) : 0;
    memcpy(bytes, form, sizeof form);
    bytes[7] = (unsigned char)seen;
    for (uint32_t k = 0; k < LIMBS; ++k) {
        uint64_t limb = !is_there || k < e->low ? 0 : k < e->high ? e->limb[k] : sign;
        for (int byte = 0; byte < 8; ++byte) bytes[8 + 8 * k + byte] = (unsigned char)(limb >> 8 * byte);
    }
}

int bitfast_accumulator_load(bitfast_accumulator *a, const unsigned char *bytes) {
    struct exact *e = exact(a);
    exact_clear(e);
    const unsigned seen = bytes[7];
    if (memcmp(bytes, form, sizeof form) != 0 || seen > (NONZERO | (NONZERO - 1)) || canonical(seen) != seen) return -1;
    uint64_t any = 0;
    for (uint32_t k = 0; k < LIMBS; ++k) {
        uint64_t limb = 0;
        for (int byte = 0; byte < 8; ++byte) limb |= (uint64_t)bytes[8 + 8 * k + byte] << 8 * byte;
        any |= e->limb[k] = limb;
    }
    if (any && seen != NONZERO) return -1;
    e->seen = seen;
    e->high = any ? LIMBS : 0;
    if (!any) return 0;
    while (e->limb[e->low] == 0) ++e->low;
    while (e->high > e->low + 1 && e->limb[e->high - 1] == (uint64_t)((int64_t)e->limb[e->high - 2] >> 63)) --e->high;
    return 0;
}
