/* Quotients of whole numbers of many limbs, as far as rounding looks at them: school division, by a limb
   or bit by bit. */
#include "rational.h"

#include <string.h>

typedef unsigned __int128 u128;

static void trim(struct whole *w) {
    while (w->count && w->limb[w->count - 1] == 0) --w->count;
    if (w->count == 0) w->sign = w->exponent = 0;
}

void bitfast_whole_of_exact(struct whole *w, const struct exact *e) {
    w->sign = bitfast_exact_magnitude(e, w->limb, &w->count, &w->exponent);
}

void bitfast_whole_of_integer(struct whole *w, u128 magnitude, int exponent) {
    w->sign = 1;
    w->exponent = exponent;
    w->count = 2;
    w->limb[0] = (uint64_t)magnitude;
    w->limb[1] = (uint64_t)(magnitude >> 64);
    trim(w);
}

void bitfast_whole_scale(struct whole *a, uint64_t m) {
    uint64_t carry = 0;
    for (int k = 0; k < a->count; ++k) {
        u128 product = (u128)a->limb[k] * m + carry;
        a->limb[k] = (uint64_t)product;
        carry = (uint64_t)(product >> 64);
    }
    if (carry) a->limb[a->count++] = carry;
}

void bitfast_whole_square(struct whole *result, const struct whole *a) {
    result->sign = a->sign != 0;
    result->exponent = 2 * a->exponent;
    result->count = 2 * a->count;
    memset(result->limb, 0, (size_t)result->count * sizeof *result->limb);
    for (int i = 0; i < a->count; ++i) {
        uint64_t carry = 0;
        for (int k = 0; k < a->count; ++k) {
            u128 sum = (u128)a->limb[i] * a->limb[k] + result->limb[i + k] + carry;
            result->limb[i + k] = (uint64_t)sum;
            carry = (uint64_t)(sum >> 64);
        }
        result->limb[i + a->count] = carry;
    }
    trim(result);
}

void bitfast_whole_subtract(struct whole *a, const struct whole *b) {
    if (b->sign == 0) return;
    int shift = (a->exponent - b->exponent) / 64;  /* exponents of sums are multiples of 64 */
    if (shift > 0) {
        memmove(a->limb + shift, a->limb, (size_t)a->count * sizeof *a->limb);
        memset(a->limb, 0, (size_t)shift * sizeof *a->limb);
        a->count += shift;
        a->exponent = b->exponent;
        shift = 0;
    }
    uint64_t borrow = 0;
    for (int k = -shift, i = 0; k < a->count && (i < b->count || borrow); ++k, ++i) {
        u128 taken = (u128)(i < b->count ? b->limb[i] : 0) + borrow;
        borrow = taken > a->limb[k];
        a->limb[k] -= (uint64_t)taken;
    }
    trim(a);
}

static int length(const struct whole *w) { return 64 * w->count - __builtin_clzll(w->limb[w->count - 1]); }

static int bit(const struct whole *w, int index) {
    return index >= 0 && (w->limb[index >> 6] >> (index & 63) & 1);
}

static int any_below(const struct whole *w, int index) {
    if (index <= 0) return 0;
    for (int k = 0; k < index >> 6; ++k)
        if (w->limb[k]) return 1;
    return index & 63 && w->limb[index >> 6] << (64 - (index & 63)) != 0;
}

/* ⌊n/(d·2^index)⌋ in 127 or 128 bits, its last bit worth 2^exponent; whether a rest is left. */
struct long_quotient { u128 bits; int exponent, more; };

/* By one limb: the leading 192 bits of n, three steps of a limb each. */
static struct long_quotient divided_by_limb(const struct whole *n, const struct whole *d) {
    const int n_zeros = __builtin_clzll(n->limb[n->count - 1]), d_zeros = __builtin_clzll(d->limb[0]);
    const uint64_t divisor = d->limb[0] << d_zeros;
    uint64_t window[3];
    for (int k = 0; k < 3; ++k) {
        const int at = n->count - 1 - k;
        window[k] = at < 0 ? 0 : n->limb[at] << n_zeros;
        if (at > 0 && n_zeros) window[k] |= n->limb[at - 1] >> (64 - n_zeros);
    }
    const int carry = window[0] >= divisor;
    u128 rest = window[0] - (carry ? divisor : 0), bits = 0;
    for (int k = 1; k < 3; ++k) {
        rest = rest << 64 | window[k];
        bits = bits << 64 | rest / divisor;
        rest %= divisor;
    }
    struct long_quotient q = {bits, n->exponent + 64 * n->count - n_zeros - 192 - (d->exponent - d_zeros),
                              rest != 0 || any_below(n, 64 * n->count - n_zeros - 192)};
    if (carry) {
        q.more |= (int)(bits & 1);
        q.bits = bits >> 1 | (u128)1 << 127;
        ++q.exponent;
    }
    return q;
}

static struct long_quotient divided(const struct whole *n, const struct whole *d) {
    if (d->count == 1) return divided_by_limb(n, d);
    const int n_length = length(n), d_length = length(d);
    const int last = n_length - d_length - 127;  /* the quotient has 127 or 128 bits then */
    struct long_quotient q = {0, last + n->exponent - d->exponent, 0};
    if (d->count == 2 && d_length < 127) {
        u128 divisor = d->limb[0] | (u128)d->limb[1] << 64, rest = 0;
        int index = n_length - 1;
        for (int k = 1; k < d_length; ++k, --index) rest = rest << 1 | (u128)bit(n, index);
        for (; index >= last; --index) {
            rest = rest << 1 | (u128)bit(n, index);
            int fits = rest >= divisor;
            rest -= fits ? divisor : 0;
            q.bits = q.bits << 1 | (u128)fits;
        }
        q.more = rest != 0 || any_below(n, last);
        return q;
    }
    uint64_t rest[WIDE_LIMBS + 1] = {0};
    int index = n_length - 1;
    for (int taken = 1; index >= last; ++taken, --index) {
        uint64_t carry = (uint64_t)bit(n, index);
        for (int k = 0; k <= d->count; ++k) {
            uint64_t next = rest[k] >> 63;
            rest[k] = rest[k] << 1 | carry;
            carry = next;
        }
        if (taken < d_length) continue;
        int k = d->count, fits = rest[k] != 0;
        if (!fits) {
            while (--k >= 0 && rest[k] == d->limb[k]) {}
            fits = k < 0 || rest[k] > d->limb[k];
        }
        q.bits = q.bits << 1 | (u128)fits;
        if (!fits) continue;
        uint64_t borrow = 0;
        for (k = 0; k <= d->count; ++k) {
            u128 away = (u128)(k < d->count ? d->limb[k] : 0) + borrow;
            borrow = away > rest[k];
            rest[k] -= (uint64_t)away;
        }
    }
    for (int k = 0; k <= d->count; ++k) q.more |= rest[k] != 0;
    q.more |= any_below(n, last);
    return q;
}

static struct leading leading_of(struct long_quotient q, int is_root) {
    uint64_t limbs[3] = {(uint64_t)(q.more != 0), (uint64_t)q.bits, (uint64_t)(q.bits >> 64)};
    return is_root ? bitfast_leading_root(limbs, 3, q.exponent - 64) : bitfast_leading(limbs, 3, q.exponent - 64);
}

struct leading bitfast_quotient(const struct whole *n, const struct whole *d) { return leading_of(divided(n, d), 0); }
struct leading bitfast_quotient_root(const struct whole *n, const struct whole *d) {
    return leading_of(divided(n, d), 1);
}
