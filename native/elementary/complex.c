/* Products and quotients of complex numbers.

   Product: (a.re·b.re - a.im·b.im, a.re·b.im + a.im·b.re), every operation rounded; commutative, and z times its
   conjugate is real. Relative error of the whole below √5·2^-53 (Brent, Percival, Zimmermann, "Error bounds on complex
   floating-point multiplication", Math. Comp. 76, 2007).

   Quotient (a + bi)/(c + di), float64: a, b and c, d are scaled by the powers of two that bring the larger of the two
   to [1, 2) (largest numbers: [2, 4)), so that nothing overflows; ac + bd, bc - ad and c² + d² are sums of two exact
   products rounded once or nearly so; two divisions; the scales come back in two multiplications. A part is off by less
   than 2 ulp where it is normal. A divisor with a part 0 divides as a real number does, each part correctly rounded.
   float32: the same without scales in double, where the products are exact, rounded at the end.
   Infinite and NaN parts, and the divisor 0: as in C23, Annex G.5.1. */
#include "exact.h"

#define JOINED(name, form) JOIN(bitfast_, BITFAST_LEVEL, name, form)

#include "../double_double.h"

/* __builtin_nan("") is the canonical NaN. */
INLINE double canonical(double x) { return x == x ? x : __builtin_nan(""); }
INLINE float canonical_f32(float x) { return x == x ? x : __builtin_nanf(""); }

typedef struct { f64 re, im; } parts;

/* a·b + c·d, rounded once but where the two cancel to less than 2^-50. */
INLINE f64 sum_of_products(f64 a, f64 b, f64 c, f64 d) {
    f64x2 p = two_product(a, b), q = two_product(c, d), sum = two_sum(p.hi, q.hi);
    return sum.hi + (sum.lo + (p.lo + q.lo));
}

/* The exponent field of the larger magnitude, at most 0x7fd: 2^1023 over it is normal. */
INLINE i64 exponent_of(f64 x, f64 y) {
    f64 a = absolute(x), b = absolute(y);
    i64 exponent = shift_right_logical(bits(choose(less(a, b), b, a)), 52);
    return choose_bits(less_bits(all_bits(0x7fd), exponent), all_bits(0x7fd), exponent);
}

INLINE f64 power_over(i64 exponent) { return from_bits(((int64_t)0x7fe - exponent) << 52); }

INLINE parts quotient_f64(f64 a, f64 b, f64 c, f64 d) {
    i64 above = exponent_of(a, b), below = exponent_of(c, d);
    f64 up = power_over(above), down = power_over(below);
    f64 p = a * up, q = b * up, r = c * down, s = d * down;
    m64 is_real = equal(d, all(0)), is_imaginary = equal(c, all(0));
    f64 norm = choose(is_real, r, choose(is_imaginary, s, sum_of_products(r, r, s, s)));
    f64 re = choose(is_real, p, choose(is_imaginary, q, sum_of_products(p, r, q, s)));
    f64 im = choose(is_real, q, choose(is_imaginary, -p, sum_of_products(q, r, -p, s)));
    /* 2^(above - below) as two normal powers. */
    i64 shift = above - below, half = shift >> 1;
    f64 first = from_bits((half + 1023) << 52), second = from_bits((shift - half + 1023) << 52);
    return (parts){re / norm * first * second, im / norm * first * second};
}

INLINE parts quotient_f32(f64 a, f64 b, f64 c, f64 d) {
    m64 is_real = equal(d, all(0)), is_imaginary = equal(c, all(0));
    f64 norm = choose(is_real, c, choose(is_imaginary, d, c * c + d * d));
    f64 re = choose(is_real, a, choose(is_imaginary, b, a * c + b * d));
    f64 im = choose(is_real, b, choose(is_imaginary, -a, b * c - a * d));
    return (parts){re / norm, im / norm};
}

/* Where a part is not finite, or the divisor is 0. */
INLINE m64 is_special(f64 a, f64 b, f64 c, f64 d) {
    const double infinity = __builtin_inf();
    m64 finite = less(absolute(a), all(infinity)) & less(absolute(b), all(infinity)) &
                 less(absolute(c), all(infinity)) & less(absolute(d), all(infinity));
    return negated(finite) | (equal(c, all(0)) & equal(d, all(0)));
}

/* An infinite part as ±1, a finite one as ±0. */
static double boxed(double x) { return __builtin_copysign(__builtin_fabs(x) == __builtin_inf() ? 1 : 0, x); }

static __attribute__((noinline, cold)) unsigned special_quotient(double a, double b, double c, double d, double *re,
                                                                 double *im) {
    /* A NaN's sign must not matter: RISC-V drops it where float becomes double. */
    a = canonical(a), b = canonical(b), c = canonical(c), d = canonical(d);
    const double infinity = __builtin_inf();
    int first_is_finite = __builtin_fabs(a) < infinity && __builtin_fabs(b) < infinity;
    int first_is_infinite = __builtin_fabs(a) == infinity || __builtin_fabs(b) == infinity;
    int second_is_finite = __builtin_fabs(c) < infinity && __builtin_fabs(d) < infinity;
    int second_is_infinite = __builtin_fabs(c) == infinity || __builtin_fabs(d) == infinity;
    int given_nan = a != a || b != b || c != c || d != d;
    unsigned status = 0;
    *re = *im = __builtin_nan("");
    if (c == 0 && d == 0 && (a == a || b == b)) {
        double pole = __builtin_copysign(infinity, c);
        *re = pole * a, *im = pole * b;
        if (first_is_finite && (a != 0 || b != 0)) status = STATUS_DIVIDE_BY_ZERO;
    } else if (first_is_infinite && second_is_finite) {
        a = boxed(a), b = boxed(b);
        *re = infinity * (a * c + b * d), *im = infinity * (b * c - a * d);
    } else if (second_is_infinite && first_is_finite) {
        c = boxed(c), d = boxed(d);
        *re = 0 * (a * c + b * d), *im = 0 * (b * c - a * d);
    }
    *re = canonical(*re), *im = canonical(*im);
    return !given_nan && (*re != *re || *im != *im) ? status | STATUS_INVALID : status;
}

#ifdef BITFAST_SCALAR

bitfast_complex JOINED(cmultiply, scalar_f64)(bitfast_complex a, bitfast_complex b) {
    return (bitfast_complex){canonical(a.re * b.re - a.im * b.im), canonical(a.re * b.im + a.im * b.re)};
}
bitfast_complexf JOINED(cmultiply, scalar_f32)(bitfast_complexf a, bitfast_complexf b) {
    return (bitfast_complexf){canonical_f32(a.re * b.re - a.im * b.im), canonical_f32(a.re * b.im + a.im * b.re)};
}

#define QUOTIENT(format, complex_type, real) \
    complex_type JOINED(cdivide, scalar_##format)(complex_type a, complex_type b) { \
        parts q = quotient_##format(a.re, a.im, b.re, b.im); \
        if (__builtin_expect(is_special(a.re, a.im, b.re, b.im), 0)) { \
            unsigned status = special_quotient(a.re, a.im, b.re, b.im, &q.re, &q.im); \
            if (status) bitfast_raise(status); \
        } \
        return (complex_type){(real)q.re, (real)q.im}; \
    }
QUOTIENT(f64, bitfast_complex, double)
QUOTIENT(f32, bitfast_complexf, float)

#else

/* With the parts apart: where they alternate, GCC 12 makes vfmaddsub of the product in spite of -ffp-contract=off. */
#define PRODUCTS(format, complex_type, real, canonical_part) \
    unsigned JOINED(cmultiply, array_##format)(const complex_type *x, const complex_type *y, complex_type *result, \
                                               size_t n) { \
        enum { BLOCK = 64 }; \
        real a[BLOCK], b[BLOCK], c[BLOCK], d[BLOCK], re[BLOCK], im[BLOCK]; \
        for (size_t first = 0; first < n; first += BLOCK) { \
            size_t count = n - first < BLOCK ? n - first : BLOCK; \
            for (size_t k = 0; k < count; ++k) { \
                a[k] = x[first + k].re, b[k] = x[first + k].im, c[k] = y[first + k].re, d[k] = y[first + k].im; \
            } \
            for (size_t k = 0; k < count; ++k) re[k] = canonical_part(a[k] * c[k] - b[k] * d[k]); \
            for (size_t k = 0; k < count; ++k) im[k] = canonical_part(a[k] * d[k] + b[k] * c[k]); \
            for (size_t k = 0; k < count; ++k) result[first + k].re = re[k], result[first + k].im = im[k]; \
        } \
        return STATUS_OF_PROCESSOR; \
    }
PRODUCTS(f64, bitfast_complex, double, canonical)
PRODUCTS(f32, bitfast_complexf, float, canonical_f32)

#define QUOTIENTS(format, complex_type, real) \
    unsigned JOINED(cdivide, array_##format)(const complex_type *x, const complex_type *y, complex_type *result, \
                                             size_t n) { \
        enum { BLOCK = 64 }; \
        unsigned status = 0; \
        double a[BLOCK], b[BLOCK], c[BLOCK], d[BLOCK], re[BLOCK], im[BLOCK]; \
        for (size_t first = 0; first < n; first += BLOCK) { \
            size_t count = n - first < BLOCK ? n - first : BLOCK; \
            for (size_t k = 0; k < count; ++k) { \
                a[k] = x[first + k].re, b[k] = x[first + k].im, c[k] = y[first + k].re, d[k] = y[first + k].im; \
            } \
            for (size_t k = count; k % LANES; ++k) a[k] = b[k] = c[k] = d[k] = 1; \
            for (size_t k = 0; k < count; k += LANES) { \
                f64 p = load(a + k), q = load(b + k), r = load(c + k), s = load(d + k); \
                parts quotient = quotient_##format(p, q, r, s); \
                store(re + k, quotient.re); \
                store(im + k, quotient.im); \
                for (unsigned lanes = lane_bits(is_special(p, q, r, s)); lanes; lanes &= lanes - 1) { \
                    size_t lane = k + (size_t)__builtin_ctz(lanes); \
                    status |= special_quotient(a[lane], b[lane], c[lane], d[lane], re + lane, im + lane); \
                } \
            } \
            const real infinity = (real)__builtin_inf(); \
            int64_t infinite = 0; \
            for (size_t k = 0; k < count; ++k) { \
                real size_re = (real)__builtin_fabs(re[k]), size_im = (real)__builtin_fabs(im[k]); \
                infinite |= -(int64_t)((size_re == infinity) | (size_im == infinity)); \
                result[first + k].re = (real)re[k], result[first + k].im = (real)im[k]; \
            } \
            for (size_t k = 0; infinite && k < count; ++k) \
                if (__builtin_fabs(a[k]) <= DBL_MAX && __builtin_fabs(b[k]) <= DBL_MAX && (c[k] != 0 || d[k] != 0) && \
                    ((real)__builtin_fabs(re[k]) == infinity || (real)__builtin_fabs(im[k]) == infinity)) \
                    status |= STATUS_OVERFLOW; \
        } \
        return status; \
    }
QUOTIENTS(f64, bitfast_complex, double)
QUOTIENTS(f32, bitfast_complexf, float)

#endif
