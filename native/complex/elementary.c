/* Functions of one complex number at a time: each a fixed sequence of IEEE operations and of the correctly rounded real
   functions, in double. docs/complex.md has the formulas and their errors; special values are those of C23, Annex G.
   A real argument gives what the real function gives, where that is defined.

   The inverse functions are Kahan's ("Branch cuts for complex elementary functions", 1987), whose square roots cancel
   nowhere. Rotations need no arithmetic: sin, tan, asin and atan of x + iy are sinh, tanh, asinh and atanh of y + ix
   with the parts exchanged. */
#include "bitfast_complex.h"

#include "../dispatch.h"
#include "../two_sum.h"

#define REAL(name) bitfast_chosen.level.name.scalar_f64
#define ABS __builtin_fabs
#define COPYSIGN __builtin_copysign
#define INFINITE __builtin_inf()
#define NAN_ __builtin_nan("")

typedef bitfast_complex number;

static const double PI = 0x1.921fb54442d18p+1, LN_2 = 0x1.62e42fefa39efp-1, LOG2_E = 0x1.71547652b82fep+0,
                    LOG10_2 = 0x1.34413509f79ffp-2, LOG10_E = 0x1.bcb7b1526e50ep-2;

static int is_finite(double x) { return x - x == 0; }
static int is_nan(double x) { return x != x; }
static int is_infinite(double x) { return ABS(x) == INFINITE; }
static double larger(double x, double y) { return ABS(x) < ABS(y) ? ABS(y) : ABS(x); }
static number exchanged(number z) { return (number){z.im, z.re}; }
static const number not_a_number = {NAN_, NAN_};

/* e^x·(c + is), |c|, |s| <= 1, where e^x overflows too; a half of it for `factor` 0.5. */
static number power_times(double x, double c, double s, double factor) {
    if (!(x > 709)) {
        double power = REAL(exp)(x) * factor;
        return (number){power * c, power * s};
    }
    int steps = x <= 1418 ? 2 : 4;
    double root = REAL(exp)((x <= 2836 ? x : 2836) / steps);
    number result = {c * factor, s * factor};
    for (int k = 0; k < steps; ++k) result.re *= root, result.im *= root;
    return result;
}

static number exp_of(number z) {
    double x = z.re, y = z.im;
    if (y == 0) return (number){REAL(exp)(x), y};
    if (!is_finite(y))
        return x == -INFINITE ? (number){0, 0} : x == INFINITE ? (number){x, NAN_} : not_a_number;
    return x == INFINITE ? (number){x * REAL(cos)(y), x * REAL(sin)(y)}
                         : power_times(x, REAL(cos)(y), REAL(sin)(y), 1);
}

/* Re = (e^x - 1)·cos y - 2·sin²(y/2). */
static number expm1_of(number z) {
    double x = z.re, y = z.im;
    if (y == 0) return (number){REAL(expm1)(x), y};
    if (!is_finite(y) || !(x <= 709)) {
        number power = exp_of(z);
        return (number){power.re - 1, power.im};
    }
    double c = REAL(cos)(y), s = REAL(sin)(y), half = REAL(sin)(y * 0.5), power = REAL(exp)(x);
    return (number){x < -40 ? power * c - 1 : REAL(expm1)(x) * c - 2 * (half * half), power * s};
}

/* a² + b² + c + d, rounded once or nearly so. */
static double squares_and(double a, double b, double c, double d) {
    double p = a * a, q = b * b, first, second, third;
    double p_rest = bitfast_chosen.shapes.fma_f64(a, a, -p), q_rest = bitfast_chosen.shapes.fma_f64(b, b, -q);
    double sum = two_sum(two_sum(two_sum(c, d, &first), p, &second), q, &third);
    return sum + (first + second + third + (p_rest + q_rest));
}

/* A logarithm of a magnitude: log of the base, the factor that makes it of the natural one, and of 2. */
typedef struct { double (*of)(double); double factor, of_2; } logarithm;

/* log |z|: near 1 from |z|² - 1, and scaled at the ends of the range. */
static double log_of_magnitude(double x, double y, logarithm log) {
    double size = larger(x, y);
    if (size > 0x1p1022 && is_finite(x) && is_finite(y)) return log.of(REAL(hypot)(x * 0.5, y * 0.5)) + log.of_2;
    if (size < 0x1p-1000 && size > 0) return log.of(REAL(hypot)(x * 0x1p100, y * 0x1p100)) - 100 * log.of_2;
    double magnitude = REAL(hypot)(x, y);
    if (magnitude > 0.5 && magnitude < 2)
        return 0.5 * (REAL(log1p)(squares_and(size, ABS(x) < ABS(y) ? x : y, -1, 0)) * log.factor);
    return log.of(magnitude);
}

static number logarithm_of(number z, logarithm log) {
    return (number){log_of_magnitude(z.re, z.im, log), REAL(atan2)(z.im, z.re) * log.factor};
}
static number log_of(number z) { return logarithm_of(z, (logarithm){REAL(log), 1, LN_2}); }
static number log2_of(number z) { return logarithm_of(z, (logarithm){REAL(log2), LOG2_E, 1}); }
static number log10_of(number z) { return logarithm_of(z, (logarithm){REAL(log10), LOG10_E, LOG10_2}); }

static number log1p_of(number z) {
    double u = 1 + z.re, magnitude = REAL(hypot)(u, z.im), re;
    if (magnitude > 0.5 && magnitude < 2) re = 0.5 * REAL(log1p)(squares_and(z.re, z.im, 2 * z.re, 0));
    else re = log_of_magnitude(u, z.im, (logarithm){REAL(log), 1, LN_2});
    return (number){re, REAL(atan2)(z.im, u)};
}

/* t = √((|x| + |z|)/2) and |y|/2t are the parts; scaled by 4^k where |x| + |z| would overflow or lose bits. */
static number sqrt_of(number z) {
    double x = z.re, y = z.im, size = larger(x, y);
    if (x == 0 && y == 0) return (number){0, y};
    if (is_infinite(y)) return (number){INFINITE, y};
    if (is_infinite(x)) {
        if (x > 0) return (number){x, is_nan(y) ? y : COPYSIGN(0, y)};
        return is_nan(y) ? (number){y, INFINITE} : (number){0, COPYSIGN(INFINITE, y)};
    }
    if (is_nan(x) || is_nan(y)) return not_a_number;
    double scale = 1;
    if (size > 0x1p1020) x *= 0x1p-4, y *= 0x1p-4, scale = 0x1p2;
    else if (size < 0x1p-900) x *= 0x1p200, y *= 0x1p200, scale = 0x1p-100;
    double t = REAL(sqrt)((ABS(x) + REAL(hypot)(x, y)) * 0.5), other = ABS(y) / (2 * t);
    return x >= 0 ? (number){t * scale, COPYSIGN(other * scale, z.im)}
                  : (number){other * scale, COPYSIGN(t * scale, z.im)};
}

static number sinh_of(number z) {
    double x = z.re, y = z.im;
    if (y == 0) return (number){REAL(sinh)(x), y};
    if (!is_finite(y)) return x == 0 || is_infinite(x) ? (number){x, NAN_} : not_a_number;
    double c = REAL(cos)(y), s = REAL(sin)(y);
    if (is_infinite(x)) return (number){x * c, INFINITE * s};
    if (!(ABS(x) > 709)) return (number){REAL(sinh)(x) * c, REAL(cosh)(x) * s};
    return power_times(ABS(x), COPYSIGN(1, x) * c, s, 0.5);
}

static number cosh_of(number z) {
    double x = z.re, y = z.im;
    if (y == 0) return (number){REAL(cosh)(x), is_nan(x) ? y : COPYSIGN(1, x) * y};
    if (!is_finite(y))
        return is_infinite(x) ? (number){INFINITE, NAN_} : x == 0 ? (number){NAN_, 0} : not_a_number;
    double c = REAL(cos)(y), s = REAL(sin)(y);
    if (is_infinite(x)) return (number){INFINITE * c, x * s};
    if (!(ABS(x) > 709)) return (number){REAL(cosh)(x) * c, REAL(sinh)(x) * s};
    return power_times(ABS(x), c, COPYSIGN(1, x) * s, 0.5);
}

/* (sinh x·cosh x + i·sin y·cos y)/(sinh²x + cos²y), in which nothing cancels. */
static number tanh_of(number z) {
    double x = z.re, y = z.im;
    if (y == 0) return (number){REAL(tanh)(x), y};
    if (is_infinite(x)) return (number){COPYSIGN(1, x), is_nan(y) ? 0 : COPYSIGN(0, y)};
    if (x == 0) return (number){x, REAL(tan)(y)};
    if (!is_finite(y) || is_nan(x)) return not_a_number;
    double c = REAL(cos)(y), s = REAL(sin)(y);
    if (ABS(x) > 22) return (number){COPYSIGN(1, x), 4 * (s * c) * REAL(exp)(-2 * ABS(x))};
    double h = REAL(sinh)(x), norm = h * h + c * c;
    return (number){h * REAL(cosh)(x) / norm, s * c / norm};
}

static number sin_of(number z) { return exchanged(sinh_of(exchanged(z))); }
static number cos_of(number z) { return cosh_of((number){-z.im, z.re}); }
static number tan_of(number z) { return exchanged(tanh_of(exchanged(z))); }

/* Beyond this a square plus 1 is the square. */
#define LARGE 0x1p500

/* asinh(z) = i·asin(-iz); asin(p + iq) = atan2(p, Re(√(1-w)·√(1+w))) + i·asinh(Im(conj √(1-w)·√(1+w))). */
static number asinh_of(number z) {
    double x = z.re, y = z.im;
    if (is_infinite(x)) return (number){x, is_nan(y) ? y : COPYSIGN(is_infinite(y) ? PI / 4 : 0, y)};
    if (is_infinite(y)) return is_nan(x) ? (number){INFINITE, x} : (number){COPYSIGN(INFINITE, x), COPYSIGN(PI / 2, y)};
    if (y == 0) return (number){REAL(asinh)(x), y};
    if (is_nan(x) || is_nan(y)) return not_a_number;
    if (larger(x, y) > LARGE) {
        number l = log_of((number){ABS(x), ABS(y)});
        return (number){COPYSIGN(l.re + LN_2, x), COPYSIGN(l.im, y)};
    }
    if (x == 0 && ABS(y) <= 1) return (number){x, REAL(asin)(y)};
    number a = sqrt_of((number){1 - y, -x}), b = sqrt_of((number){1 + y, x});
    return (number){REAL(asinh)(a.re * b.im - a.im * b.re), REAL(atan2)(y, a.re * b.re - a.im * b.im)};
}

/* 2·atan2(Re √(1-z), Re √(1+z)) + i·asinh(Im(conj √(1+z)·√(1-z))) */
static number acos_of(number z) {
    double x = z.re, y = z.im;
    if (is_infinite(x)) {
        if (is_nan(y)) return (number){y, INFINITE};
        double quarter = is_infinite(y) ? PI / 4 : 0;
        return (number){x > 0 ? quarter : is_infinite(y) ? 3 * (PI / 4) : PI, -COPYSIGN(INFINITE, y)};
    }
    if (is_infinite(y)) return (number){is_nan(x) ? x : PI / 2, -y};
    if (is_nan(x) || is_nan(y)) return x == 0 ? (number){PI / 2, NAN_} : not_a_number;
    if (y == 0 && ABS(x) <= 1) return (number){REAL(acos)(x), -y};
    if (larger(x, y) > LARGE) {
        number l = log_of((number){x, ABS(y)});
        return (number){l.im, -COPYSIGN(l.re + LN_2, y)};
    }
    number a = sqrt_of((number){1 - x, -y}), b = sqrt_of((number){1 + x, y});
    return (number){2 * REAL(atan2)(a.re, b.re), REAL(asinh)(b.re * a.im - b.im * a.re)};
}

/* i·acos(z) or -i·acos(z), whichever has a real part that is not negative. */
static number acosh_of(number z) {
    if (z.im == 0 && z.re >= 1) return (number){REAL(acosh)(z.re), z.im};
    number angle = acos_of(z);
    return (number){ABS(angle.im), COPYSIGN(angle.re, z.im)};
}

/* log1p(4x/|1 - z|²)/4 + i·atan2(2y, (1 - x)(1 + x) - y²)/2 for x >= 0; odd in x. */
static number atanh_of(number z) {
    double x = ABS(z.re), y = z.im, re;
    if (is_infinite(y) || x == INFINITE)
        return (number){is_nan(x) ? 0 : COPYSIGN(0, z.re), is_nan(y) ? y : COPYSIGN(PI / 2, y)};
    if (is_nan(y) && x == 0) return (number){z.re, y};
    if (is_nan(x) || is_nan(y)) return not_a_number;
    if (y == 0 && x <= 1) return (number){REAL(atanh)(z.re), y};
    if (x == 0) return (number){z.re, REAL(atan)(y)};
    if (larger(x, y) > LARGE) {
        double quarter = x * 0.25, distance = REAL(hypot)(quarter, y * 0.25);
        return (number){COPYSIGN(quarter / distance / distance * 0.25, z.re), COPYSIGN(PI / 2, y)};
    }
    double distance = REAL(hypot)(1 - x, y);
    if (distance < 0x1p-400) re = 0.5 * (LN_2 - REAL(log)(distance));
    else re = 0.25 * REAL(log1p)(4 * x / distance / distance);
    return (number){COPYSIGN(re, z.re), 0.5 * REAL(atan2)(2 * y, (1 - x) * (1 + x) - y * y)};
}

static number asin_of(number z) { return exchanged(asinh_of(exchanged(z))); }
static number atan_of(number z) { return exchanged(atanh_of(exchanged(z))); }

static number multiply_of(number z, number w) { return bitfast_chosen.shapes.cmultiply_f64(z, w); }

static number sign_of(number z) {
    double x = z.re, y = z.im, size = larger(x, y);
    if (is_nan(x) || is_nan(y) || (is_infinite(x) && is_infinite(y))) return not_a_number;
    if (size == 0) return (number){0, 0};
    if (size == INFINITE) return is_infinite(x) ? (number){COPYSIGN(1, x), 0} : (number){0, COPYSIGN(1, y)};
    if (size > 0x1p1000) x *= 0x1p-100, y *= 0x1p-100;
    else if (size < 0x1p-900) x *= 0x1p200, y *= 0x1p200;
    double magnitude = REAL(hypot)(x, y);
    return (number){x / magnitude, y / magnitude};
}

/* z^n by squaring. */
static number whole_power(number z, int n) {
    number result = z;
    int any = 0;
    for (int rest = n < 0 ? -n : n; rest; rest >>= 1) {
        if (rest & 1) result = any ? multiply_of(result, z) : z, any = 1;
        if (rest > 1) z = multiply_of(z, z);
    }
    return n < 0 ? bitfast_chosen.shapes.cdivide_f64((number){1, 0}, result) : result;
}

/* e^(w·log z), the sums of products rounded once or nearly so; w = 1, 2, … 64 and their negatives by multiplication. */
static number pow_of(number z, number w) {
    if (w.re == 0 && w.im == 0) return (number){1, 0};
    if (z.re == 0 && z.im == 0) return w.re > 0 ? (number){0, 0} : not_a_number;
    if (w.im == 0 && ABS(w.re) <= 64 && w.re == (double)(int)w.re) return whole_power(z, (int)w.re);
    if (w.im == 0 && z.im == 0 && z.re > 0) return (number){REAL(pow)(z.re, w.re), 0};
    number l = log_of(z);
    double p = w.re * l.re, q = w.im * l.im, r = w.re * l.im, s = w.im * l.re, rest, angle_rest;
    double power = two_sum(p, -q, &rest), angle = two_sum(r, s, &angle_rest);
    if (!is_finite(power) || !is_finite(angle)) return exp_of((number){p - q, r + s});
    double (*fma)(double, double, double) = bitfast_chosen.shapes.fma_f64;
    rest += fma(w.re, l.re, -p) - fma(w.im, l.im, -q);
    angle_rest += fma(w.re, l.im, -r) + fma(w.im, l.re, -s);
    /* e^rest is 1 + rest, the turn by angle_rest 1 + i·angle_rest. */
    double c = REAL(cos)(angle), s_ = REAL(sin)(angle);
    double c_turned = c - s_ * angle_rest, s_turned = s_ + c * angle_rest;
    return power_times(power, c_turned + c_turned * rest, s_turned + s_turned * rest, 1);
}

/* The names. */

static double canonical(double x) { return is_nan(x) ? NAN_ : x; }
static float canonical_f32(float x) { return x != x ? __builtin_nanf("") : x; }
/* Of results, and of arguments: no sign of a NaN may matter, for RISC-V drops it where float becomes double. */
static number finished(number z) { return (number){canonical(z.re), canonical(z.im)}; }
static bitfast_complexf narrowed(number z) {
    return (bitfast_complexf){canonical_f32((float)z.re), canonical_f32((float)z.im)};
}
static number widened(bitfast_complexf z) { return finished((number){z.re, z.im}); }

#define COMPLEX_UNARY(name) \
    bitfast_complex bitfast_c##name(bitfast_complex z) { return finished(name##_of(finished(z))); } \
    bitfast_complexf bitfast_c##name##f(bitfast_complexf z) { return narrowed(name##_of(widened(z))); }
#define COMPLEX_BINARY(name) \
    bitfast_complex bitfast_c##name(bitfast_complex z, bitfast_complex w) { \
        return finished(name##_of(finished(z), finished(w))); \
    } \
    bitfast_complexf bitfast_c##name##f(bitfast_complexf z, bitfast_complexf w) { \
        return narrowed(name##_of(widened(z), widened(w))); \
    }
#include "functions.h"

#define ARITHMETIC(suffix, type, real, format) \
    type bitfast_cadd##suffix(type z, type w) { \
        return (type){bitfast_chosen.level.add.scalar_##format(z.re, w.re), \
                      bitfast_chosen.level.add.scalar_##format(z.im, w.im)}; \
    } \
    type bitfast_csubtract##suffix(type z, type w) { \
        return (type){bitfast_chosen.level.subtract.scalar_##format(z.re, w.re), \
                      bitfast_chosen.level.subtract.scalar_##format(z.im, w.im)}; \
    } \
    type bitfast_cmultiply##suffix(type z, type w) { return bitfast_chosen.shapes.cmultiply_##format(z, w); } \
    type bitfast_cdivide##suffix(type z, type w) { return bitfast_chosen.shapes.cdivide_##format(z, w); } \
    type bitfast_csquare##suffix(type z) { return bitfast_chosen.shapes.cmultiply_##format(z, z); } \
    type bitfast_creciprocal##suffix(type z) { return bitfast_chosen.shapes.cdivide_##format((type){1, 0}, z); } \
    real bitfast_cabsolute##suffix(type z) { return bitfast_chosen.level.hypot.scalar_##format(z.re, z.im); }
ARITHMETIC(, bitfast_complex, double, f64)
ARITHMETIC(f, bitfast_complexf, float, f32)
