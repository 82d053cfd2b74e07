/* From exact sums to a result in its format, rounded once. */
#include "finish.h"

#include "rational.h"

#include <string.h>

static uint16_t half_of(struct leading l, int negative) {
    const uint16_t sign = (uint16_t)(negative ? 0x8000 : 0);
    if (l.exponent > 15) return sign | 0x7c00;
    const int normal = l.exponent >= -14, kept = normal ? 11 : 11 - (-14 - l.exponent);
    if (kept < 0) return sign;
    uint64_t result = kept ? l.bits >> (64 - kept) : 0, rest = l.bits << kept;
    const uint64_t half = UINT64_C(1) << 63;
    result += rest > half || (rest == half && (l.more || (result & 1)));
    return (uint16_t)(sign | ((normal ? (uint64_t)(l.exponent + 14) << 10 : 0) + result));
}

static void store_half(char *to, uint16_t half) { memcpy(to, &half, sizeof half); }

static uint64_t bits_of(double x) { uint64_t b; memcpy(&b, &x, sizeof b); return b; }

void bitfast_store_element(char *to, enum element_type type, double value) {
    if (value != value) value = __builtin_nan("");  /* the canonical one */
    if (type == ELEMENT_F64) {
        memcpy(to, &value, sizeof value);
    } else if (type == ELEMENT_F32) {
        float narrow = (float)value;
        memcpy(to, &narrow, sizeof narrow);
    } else {
        const uint64_t b = bits_of(value), magnitude = b & INT64_MAX;
        if (value != value) store_half(to, 0x7e00);
        else if (magnitude < UINT64_C(1) << 52) store_half(to, (uint16_t)(b >> 63 << 15));
        else store_half(to, half_of((struct leading){magnitude << 11 | UINT64_C(1) << 63,
                                                     (int)(magnitude >> 52) - 1023, 0}, b >> 63));
    }
}

static void store_leading(char *to, enum element_type type, struct leading l, int negative) {
    if (type == ELEMENT_F64) {
        double value = bitfast_round_f64(l, negative);
        memcpy(to, &value, sizeof value);
    } else if (type == ELEMENT_F32) {
        float value = bitfast_round_f32(l, negative);
        memcpy(to, &value, sizeof value);
    } else {
        store_half(to, half_of(l, negative));
    }
}

void bitfast_sums_clear(struct sums *s, const struct reduction *r) {
    bitfast_accumulator_clear(&s->first);
    bitfast_accumulator_clear(&s->second);
    bitfast_accumulator_clear(&s->imaginary);
    s->count = 0;
    s->largest = 0;
    (void)r;
}

void bitfast_sums_merge(struct sums *s, const struct sums *other, const struct reduction *r) {
    bitfast_accumulator_merge(&s->first, &other->first);
    bitfast_accumulator_merge(&s->second, &other->second);
    bitfast_accumulator_merge(&s->imaginary, &other->imaginary);
    s->count += other->count;
    if (!(s->largest >= other->largest) && s->largest == s->largest) s->largest = other->largest;
    (void)r;
}

static struct exact *inside(const bitfast_accumulator *a) { return exact((bitfast_accumulator *)a); }

static unsigned seen(const bitfast_accumulator *a) { return inside(a)->seen; }

/* n·(n - correction), for n > correction: both factors are numbers of 64 bits, times a power of two. */
static void divisor_of(struct whole *d, uint64_t n, double difference) {
    const uint64_t b = bits_of(difference), field = b >> 52;
    const uint64_t significand = (b & ((UINT64_C(1) << 52) - 1)) | (field ? UINT64_C(1) << 52 : 0);
    const int zeros = __builtin_ctzll(significand);
    bitfast_whole_of_integer(d, (unsigned __int128)n * (significand >> zeros), (field ? (int)field : 1) - 1075 + zeros);
}

/* Σ|x - mean|²/(n - correction) as (n·Σx² - (Σx)² - (Σy)²)/(n·(n - correction)). */
static void finish_variance(const struct sums *s, const struct reduction *r, char *result) {
    double difference = (double)s->count - r->correction;
    if (difference < 0) difference = 0;  /* as NumPy has it */
    if (s->count == 0 || (seen(&s->first) | seen(&s->second) | seen(&s->imaginary)) & SPECIALS || difference != difference) {
        bitfast_store_element(result, r->result_type, __builtin_nan(""));
        return;
    }
    struct whole n, square, part;
    bitfast_whole_of_exact(&n, inside(&s->second));
    if (n.sign) bitfast_whole_scale(&n, s->count);
    const bitfast_accumulator *const parts[] = {&s->first, &s->imaginary};
    for (int k = 0; k < 2; ++k) {
        bitfast_whole_of_exact(&part, inside(parts[k]));
        if (part.sign == 0) continue;
        bitfast_whole_square(&square, &part);
        bitfast_whole_subtract(&n, &square);
    }
    if (difference == 0 || difference == __builtin_inf() || n.sign == 0) {
        double value = difference == 0 ? (n.sign ? __builtin_inf() : __builtin_nan("")) : 0;
        bitfast_store_element(result, r->result_type, value);
        return;
    }
    divisor_of(&square, s->count, difference);
    store_leading(result, r->result_type, r->operation == REDUCE_VARIANCE ? bitfast_quotient(&n, &square)
                                                                          : bitfast_quotient_root(&n, &square), 0);
}

static void finish_quotient(const struct sums *s, struct reduction *r, char *result) {
    struct whole n, d;
    const int is_average = r->operation == REDUCE_AVERAGE;
    double special = exact_special(seen(&s->first));
    if (is_average) {
        bitfast_whole_of_exact(&d, inside(&s->second));
        if (seen(&s->second) & SPECIALS) {
            double numerator = bitfast_accumulator_value(&s->first);
            bitfast_store_element(result, r->result_type, numerator / exact_special(seen(&s->second)));
            return;
        }
        if (d.sign == 0) {
            __atomic_store_n(&r->no_weight, 1, __ATOMIC_RELAXED);
            bitfast_store_element(result, r->result_type, __builtin_nan(""));
            return;
        }
        if (d.sign < 0) special = -special;
    } else {
        if (s->count == 0) special = __builtin_nan("");
        else bitfast_whole_of_integer(&d, s->count, 0);
    }
    if (!(seen(&s->first) & SPECIALS)) bitfast_whole_of_exact(&n, inside(&s->first));
    if (seen(&s->first) & SPECIALS || n.sign == 0) {
        bitfast_store_element(result, r->result_type, special);
        return;
    }
    store_leading(result, r->result_type, bitfast_quotient(&n, &d), (n.sign < 0) != (d.sign < 0));
}

void bitfast_sums_finish(const struct sums *s, struct reduction *r, char *result) {
    if (s->count == 0) __atomic_store_n(&r->empty, 1, __ATOMIC_RELAXED);
    switch (r->operation) {
    case REDUCE_VARIANCE: case REDUCE_DEVIATION: finish_variance(s, r, result); return;
    case REDUCE_MEAN: case REDUCE_AVERAGE: finish_quotient(s, r, result); return;
    case REDUCE_LARGEST: bitfast_store_element(result, r->result_type, s->largest); return;
    default: break;
    }
    struct exact *e = inside(&s->first);
    uint64_t magnitude[LIMBS];
    int count, exponent, sign = e->seen & SPECIALS ? 0 : bitfast_exact_magnitude(e, magnitude, &count, &exponent);
    if (sign == 0) {
        bitfast_store_element(result, r->result_type, exact_special(e->seen));
        return;
    }
    store_leading(result, r->result_type, r->operation == REDUCE_NORM ? bitfast_leading_root(magnitude, count, exponent)
                                                                      : bitfast_leading(magnitude, count, exponent),
                  sign < 0);
}
