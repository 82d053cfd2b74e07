/* exp, exp2, exp10 and expm1, accurate path.
   t = k·ln2 + r, 0 <= r < ln2;  e^r = e^(i/2^7) · e^(j/2^14) · e^s, s < 2^-14 in 256-bit fixed point;
   e^s = 1 + s·(1 + s/2 + s²/6 + …) (derive/accurate.py). */
#include "exp_log.h"

#include "exp_data.h"

/* 2^k · e^r for a fraction r < ln2. */
static wide power(fraction r, int64_t k) {
    unsigned high = (unsigned)(r.limb[3] >> 57), low = (unsigned)(r.limb[3] >> 50) & 127;
    r.limb[3] &= ((uint64_t)1 << 50) - 1;
    wide growth = wide_multiply(wide_from_fraction(r, 0, false), wide_series(GROWTH, GROWTH_DEGREE, r, false));
    wide tables = wide_multiply((wide){.significand = POWERS_HIGH[high]}, (wide){.significand = POWERS_LOW[low]});
    return wide_scaled(wide_multiply(tables, wide_add(wide_from_u64(1, 0, false), growth)), k);
}

/* |k|·ln2 as 64 bits before and 256 after the binary point; the error is below |k|·2^-256. */
static fraction multiple_of_ln2(uint64_t k, uint64_t *integer) {
    fraction multiple;
    u128 total = 0;
    for (int i = 0; i < 4; ++i) {
        total += (u128)LN2.limb[i] * k;
        multiple.limb[i] = (uint64_t)total;
        total >>= 64;
    }
    *integer = (uint64_t)total;
    return multiple;
}

wide bitfast_wide_exp(wide t, range limits) {
    if (wide_is_zero(t) || t.exponent < -256) return wide_from_u64(1, 0, false);
    if (t.exponent >= 20) return t.negative ? wide_beneath(false) : wide_beyond(false);
    /* |t| < 2^20 as whole + part, and its quotient by ln2 from 40 bits of the part: at most 1 too small. */
    uint64_t whole = t.exponent < 0 ? 0 : t.significand.limb[3] >> (63 - t.exponent);
    fraction part = t.exponent < 0 ? fraction_shift_right(t.significand, -1 - t.exponent)
                                   : fraction_shift_left(t.significand, (int)t.exponent + 1);
    uint64_t quotient = (uint64_t)((((u128)whole << 40) + (part.limb[3] >> 24)) * 0x171547652b82fe >> 92);
    int64_t k = t.negative ? -(int64_t)quotient - 1 : (int64_t)quotient;
    if (k > limits.overflow + 1) return wide_beyond(false);
    if (k < limits.underflow - 2) return wide_beneath(false);

    /* r = |t| - |k|·ln2 or |k|·ln2 - |t|, then brought into [0, ln2). */
    uint64_t multiple_whole;
    fraction multiple = multiple_of_ln2((uint64_t)(t.negative ? -k : k), &multiple_whole);
    bool borrow, ignored;
    fraction r = t.negative ? fraction_subtract(multiple, part, &borrow) : fraction_subtract(part, multiple, &borrow);
    int64_t r_whole = (int64_t)(t.negative ? multiple_whole - whole : whole - multiple_whole) - borrow;
    while (r_whole < 0) {
        r = fraction_add(r, LN2, &borrow);
        r_whole += borrow, k -= 1;
    }
    while (r_whole > 0 || !fraction_less(r, LN2)) {
        r = fraction_subtract(r, LN2, &ignored);
        r_whole -= ignored, k += 1;
    }
    return power(r, k);
}

wide bitfast_wide_expm1(wide t) {
    if (wide_is_zero(t)) return t;
    if (t.exponent >= -15) {
        const range everything = {INT32_MAX, INT32_MIN};
        return wide_subtract(bitfast_wide_exp(t, everything), wide_from_u64(1, 0, false));
    }
    wide result = wide_multiply(t, wide_series(GROWTH, GROWTH_DEGREE, wide_to_fraction(t), t.negative));
    if (t.exponent < -190) result.rest = t.negative ? -1 : 1;
    return result;
}

static wide exp_of(double x, range limits, unsigned *status) {
    (void)status;
    wide t = wide_from_f64(x);
    if (t.kind == WIDE_INFINITE) return t.negative ? wide_zero(false) : t;
    return bitfast_wide_exp(t, limits);
}

static wide exp10_of(double x, range limits, unsigned *status) {
    (void)status;
    wide t = wide_from_f64(x);
    if (t.kind == WIDE_INFINITE) return t.negative ? wide_zero(false) : t;
    return bitfast_wide_exp(wide_multiply(t, wide_from_fraction(LN10_QUARTER, 2, false)), limits);
}

/* 2^(k + f) = 2^k · e^(f·ln2); integers give powers of two, exactly. */
static wide exp2_of(double x, range limits, unsigned *status) {
    (void)status;
    wide t = wide_from_f64(x);
    if (t.kind == WIDE_INFINITE) return t.negative ? wide_zero(false) : t;
    if (wide_is_zero(t) || t.exponent < -256) return wide_from_u64(1, 0, false);
    if (t.exponent > 20) return t.negative ? wide_beneath(false) : wide_beyond(false);
    int64_t k = t.exponent < 0 ? 0 : (int64_t)(t.significand.limb[3] >> (63 - t.exponent));
    if (t.negative && -k < limits.underflow) return wide_beneath(false);
    if (!t.negative && k >= limits.overflow) return wide_beyond(false);
    fraction f = t.exponent < 0 ? fraction_shift_right(t.significand, -1 - t.exponent)
                                : fraction_shift_left(t.significand, (int)t.exponent + 1);
    bool borrow = false;
    if (t.negative) f = fraction_subtract((fraction){{0}}, f, &borrow);
    return power(fraction_multiply(f, LN2), t.negative ? -k - borrow : k);
}

static wide expm1_of(double x, range limits, unsigned *status) {
    (void)status;
    wide t = wide_from_f64(x);
    if (t.negative && (t.kind == WIDE_INFINITE || t.exponent >= 6)) { /* -1 + e^-64 and above round to -1 */
        wide result = wide_from_integer(-1);
        result.rest = t.kind == WIDE_INFINITE ? 0 : -1;
        return result;
    }
    if (t.kind == WIDE_INFINITE) return t;
    /* e^x - 1 rounds as e^x does from where e^x has more than 256 bits before the point, and overflows with it. */
    if (t.exponent >= 9) return bitfast_wide_exp(t, limits);
    return bitfast_wide_expm1(t);
}

ACCURATE_UNARY(exp)
ACCURATE_UNARY(exp2)
ACCURATE_UNARY(exp10)
ACCURATE_UNARY(expm1)
