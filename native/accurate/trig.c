/* sin, cos and tan, accurate path. x = (n + f)·π/2 with n an integer and |f| <= 1/2, from as many bits of 2/π as x
   needs (Payne and Hanek, "Radian reduction for trigonometric functions", 1983); then r = |f|·π/2 = jπ/512 + t with
   |t| < 2^-8.3, sin and cos of jπ/512 from a table and of t by Taylor's series in fixed point. */
#include "entries.h"
#include "trig_data.h"

enum { TERMS = sizeof SINE_SERIES / sizeof *SINE_SERIES };

/* Below 2^-60, x - x³/6 and 1 - x²/2 are told from x and 1 by their side alone. */
enum { TINY_EXPONENT = -60 };

/* (quadrant + f)·π/2, of |x|. */
typedef struct { unsigned quadrant; wide f; } angle;

/* The argument |x| >= 2^-60 is an integer m times 2^e. Multiples of 4 in 2/π·2^e are left away, then 384 bits of it
   taken, so the product with m is off by less than 2^(53 - 382); the f nearest to 0 is about 2^-62 (Muller,
   Elementary Functions, its chapter on range reduction), so its relative error is less than 2^-254. */
static angle reduced(double x) {
    uint64_t bits = bits_f64(x), m = (bits & 0xfffffffffffff) | (uint64_t)1 << 52;
    unsigned first = (unsigned)((int)(bits >> 52 & 0x7ff) - 1075 + 126), word = first / 64, shift = first % 64;
    uint64_t p[6], carry = 0;
    for (unsigned i = 0; i < 6; ++i) {
        const uint64_t *from = TWO_OVER_PI + word + 5 - i;
        u128 step = (u128)m * (from[0] << shift | from[1] >> 1 >> (63 - shift)) + carry;
        p[i] = (uint64_t)step;
        carry = (uint64_t)(step >> 64);
    }
    angle result = {.quadrant = (unsigned)(p[5] >> 62)};
    for (int i = 5; i > 0; --i) p[i] = p[i] << 2 | p[i - 1] >> 62;
    p[0] <<= 2;
    bool negative = p[5] >> 63;
    if (negative) {
        result.quadrant += 1;
        uint64_t one = 1;
        for (int i = 0; i < 6; ++i) {
            p[i] = ~p[i] + one;
            one = one && !p[i];
        }
    }
    int zeros = 0;
    for (; !p[5]; zeros += 64) {
        for (int i = 5; i > 0; --i) p[i] = p[i - 1];
        p[0] = 0;
    }
    int rest = __builtin_clzll(p[5]);
    for (int i = 5; i > 1; --i) p[i] = p[i] << rest | p[i - 1] >> 1 >> (63 - rest);
    result.f = (wide){.significand = {{p[2], p[3], p[4], p[5]}}, .exponent = -1 - zeros - rest, .negative = negative};
    return result;
}

/* u·(c[0] - u·(c[1] - u·(…))) */
static fraction alternating(fraction u, const fraction *c) {
    bool borrow;
    fraction sum = c[TERMS - 1];
    for (int k = TERMS - 2; k >= 0; --k) sum = fraction_subtract(c[k], fraction_multiply(u, sum), &borrow);
    return fraction_multiply(u, sum);
}

WIDE_INLINE fraction fraction_minus(fraction a, fraction b) {
    bool borrow;
    return fraction_subtract(a, b, &borrow);
}

WIDE_INLINE fraction fraction_plus(fraction a, fraction b) {
    bool carry;
    return fraction_add(a, b, &carry);
}

/* |f|·π/2 = jπ/512 ± t; sin t = t·(1 - w), cos t = 1 - v. */
typedef struct {
    uint64_t j;
    bool below; /* -t */
    fraction t, w, v;
} expansion;

static expansion expanded(wide f) {
    fraction g = wide_to_fraction(f);
    expansion e = {.j = ((g.limb[3] >> 55) + 1) >> 1};
    g.limb[3] -= e.j << 56;
    e.below = g.limb[3] >> 63;
    if (e.below) g = fraction_minus((fraction){{0}}, g);
    e.t = fraction_shift_left(fraction_multiply(g, HALF_PI_HALVED), 1);
    fraction u = fraction_multiply(e.t, e.t);
    e.w = alternating(u, SINE_SERIES);
    e.v = alternating(u, COSINE_SERIES);
    return e;
}

/* sin((quadrant + f)·π/2); relative error less than 2^-198. */
static wide sine_at(unsigned quadrant, wide f, const expansion *e) {
    bool cosine = quadrant & 1, flipped = quadrant >> 1 & 1;
    if (e->j == 0) { /* the table has a zero there */
        if (cosine) return wide_from_fraction(fraction_minus((fraction){{0}}, e->v), 0, flipped);
        wide r = wide_scaled(wide_multiply(f, wide_from_fraction(HALF_PI_HALVED, 0, flipped)), 1);
        return wide_multiply(r, wide_from_fraction(fraction_minus((fraction){{0}}, e->w), 0, false));
    }
    fraction near = cosine ? COSINES[e->j] : SINES[e->j], other = cosine ? SINES[e->j] : COSINES[e->j];
    fraction sine_t = fraction_minus(e->t, fraction_multiply(e->t, e->w));
    fraction sum = fraction_minus(near, fraction_multiply(near, e->v)), turned = fraction_multiply(other, sine_t);
    sum = e->below == cosine ? fraction_plus(sum, turned) : fraction_minus(sum, turned);
    return wide_from_fraction(sum, 0, flipped != (!cosine && f.negative));
}

static wide slightly_off(wide value, signed char rest) {
    value.rest = rest;
    return value;
}

static wide sin_of(double x, range limits, unsigned *status) {
    (void)limits;
    wide argument = wide_from_f64(x);
    if (argument.kind == WIDE_INFINITE) return wide_invalid(status);
    if (wide_is_zero(argument)) return argument;
    if (argument.exponent < TINY_EXPONENT) return slightly_off(argument, -1);
    angle a = reduced(x);
    expansion e = expanded(a.f);
    wide sine = sine_at(a.quadrant, a.f, &e);
    sine.negative = sine.negative != argument.negative;
    return sine;
}

static wide cos_of(double x, range limits, unsigned *status) {
    (void)limits;
    wide argument = wide_from_f64(x);
    if (argument.kind == WIDE_INFINITE) return wide_invalid(status);
    if (wide_is_zero(argument)) return wide_from_u64(1, 0, false);
    if (argument.exponent < TINY_EXPONENT) return slightly_off(wide_from_u64(1, 0, false), -1);
    angle a = reduced(x);
    expansion e = expanded(a.f);
    return sine_at(a.quadrant + 1, a.f, &e);
}

static wide tan_of(double x, range limits, unsigned *status) {
    (void)limits;
    wide argument = wide_from_f64(x);
    if (argument.kind == WIDE_INFINITE) return wide_invalid(status);
    if (wide_is_zero(argument)) return argument;
    if (argument.exponent < TINY_EXPONENT) return slightly_off(argument, 1);
    angle a = reduced(x);
    expansion e = expanded(a.f);
    wide tangent = wide_divide(sine_at(a.quadrant, a.f, &e), sine_at(a.quadrant + 1, a.f, &e));
    tangent.negative = tangent.negative != argument.negative;
    return tangent;
}

ACCURATE_UNARY(sin)
ACCURATE_UNARY(cos)
ACCURATE_UNARY(tan)
