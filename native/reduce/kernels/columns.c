/* Sums of many columns at once, a column per lane: in double-double, with a bound of what that leaves out. A column of
   which the bound leaves the rounding open is undecided, and summed exactly by the caller; so no bit depends on what is
   done here.

   A running sum is `sum` + `rest`, both exact up to the rounding errors of `rest`, whose magnitudes `error` adds up
   (Ogita, Rump and Oishi, Accurate sum and dot product, SIAM J. Sci. Comput. 26, 2005, whose errors are summed without
   errors too). `error` is rounded itself, by far less than a half for fewer than 2^50 rows, and so counts twice
   below. It is 0 only if nothing was lost. */
#include "../columns.h"

#include "../../double_double.h"
#include "../../levels.h"

typedef struct { f64 sum, rest, error; } running;

INLINE running plus_rest(running r, f64 x) {
    f64x2 rest = two_sum(r.rest, x);
    return (running){r.sum, rest.hi, r.error + absolute(rest.lo)};
}

INLINE running plus(running r, f64 x) {
    f64x2 sum = two_sum(r.sum, x);
    r.sum = sum.hi;
    return plus_rest(r, sum.lo);
}

INLINE running plus_product(running r, f64 x, f64 y) {
    f64x2 p = two_product(x, y);
    return plus_rest(plus(r, p.hi), p.lo);
}

INLINE running load_running(const double *from) {
    return (running){load(from), load(from + COLUMNS), load(from + 2 * COLUMNS)};
}
INLINE void store_running(double *to, running r) {
    store(to, r.sum), store(to + COLUMNS, r.rest), store(to + 2 * COLUMNS, r.error);
}

enum { F64, F32 };

INLINE f64 load_from(const char *from, int type, int lane) {
    return type == F64 ? load((const double *)from + lane) : load_f32((const float *)from + lane);
}

/* Two vectors of columns side by side, so that one waits while the other works. */
INLINE void add(const struct column_block *b, const char *x, const char *y, int at, int type, enum column_sums sums) {
    running first[2], second[2] = {{all(0), all(0), all(0)}, {all(0), all(0), all(0)}};
    const int both = sums == COLUMN_MOMENTS || sums == COLUMN_WEIGHTED;
    for (int v = 0; v < 2; ++v) {
        first[v] = load_running(b->first + at + v * LANES);
        if (both) second[v] = load_running(b->second + at + v * LANES);
    }
    for (size_t row = 0; row < b->rows; ++row, x += b->x_step, y += b->y_step) {
        for (int v = 0; v < 2; ++v) {
            f64 value = load_from(x, type, v * LANES);
            if (sums == COLUMN_PLAIN || sums == COLUMN_MOMENTS) first[v] = plus(first[v], value);
            if (sums == COLUMN_ABSOLUTE) first[v] = plus(first[v], absolute(value));
            if (sums == COLUMN_SQUARES) first[v] = plus_product(first[v], value, value);
            if (sums == COLUMN_MOMENTS) second[v] = plus_product(second[v], value, value);
            if (sums == COLUMN_PRODUCTS || sums == COLUMN_WEIGHTED) {
                f64 other = load_from(y, type, v * LANES);
                first[v] = plus_product(first[v], value, other);
                if (sums == COLUMN_WEIGHTED) second[v] = plus(second[v], other);
            }
        }
    }
    for (int v = 0; v < 2; ++v) {
        store_running(b->first + at + v * LANES, first[v]);
        if (both) store_running(b->second + at + v * LANES, second[v]);
    }
}

INLINE void add_all(const struct column_block *b, int type, enum column_sums sums) {
    const int size = type == F64 ? 8 : 4;
    for (int at = 0; at < b->columns; at += 2 * LANES)
        add(b, b->x + at * size, b->y ? b->y + at * size : b->x, at, type, sums);
}

#define BY_TYPE(sums) \
    case sums: \
        if (b->is_f32) add_all(b, F32, sums); \
        else add_all(b, F64, sums); \
        break;

static void columns_add(const struct column_block *b, enum column_sums sums) {
    switch (sums) {
    BY_TYPE(COLUMN_PLAIN) BY_TYPE(COLUMN_ABSOLUTE) BY_TYPE(COLUMN_SQUARES) BY_TYPE(COLUMN_PRODUCTS)
    BY_TYPE(COLUMN_MOMENTS) BY_TYPE(COLUMN_WEIGHTED)
    }
}

/* value + rest, where `value` is the double nearest to it, up to `error`. */
typedef struct { f64 value, rest, error; } estimate;

INLINE estimate estimate_of(f64 hi, f64 lo, f64 error) {
    f64x2 sum = two_sum(hi, lo);
    return (estimate){choose(equal(lo, all(0)), hi, sum.hi), sum.lo, error};  /* -0 + 0 would be +0 */
}

/* s/n. The quotient is exact where both remainders are 0. */
INLINE estimate mean_of(running s, f64 n) {
    f64 q = s.sum / n;
    f64x2 left = two_sum(fnmadd(q, n, s.sum), s.rest);
    f64 q_rest = left.hi / n;
    m64 exact = equal(s.error, all(0)) & equal(left.lo, all(0)) & equal(fnmadd(q_rest, n, left.hi), all(0));
    f64 error = 2 * s.error / n + (absolute(q_rest) * 0x1p-50 + 0x1p-1074);  /* no remainder, however small, is 0 */
    estimate e = estimate_of(q, q_rest, choose(exact, all(0), error));
    /* No remainder may have been rounded to a subnormal number. */
    m64 tiny = less(absolute(s.sum), all(0x1p-800)) & negated(equal(s.sum, all(0)) & equal(s.rest, all(0)));
    e.error = choose(tiny, all(__builtin_inf()), e.error);
    return e;
}

/* (n·Σx² - (Σx)²)/(n·(n - correction)). */
INLINE estimate variance_of(running s, running squares, f64 n, double correction) {
    f64x2 p = two_product(n, squares.sum), q = two_product(s.sum, s.sum), d = two_sum(p.hi, -q.hi);
    f64 scaled_rest = n * squares.rest, twice = 2 * s.sum * s.rest;
    f64 lower = d.lo + ((p.lo - q.lo) + (scaled_rest - twice));
    f64 magnitudes = absolute(d.lo) + absolute(p.lo) + absolute(q.lo) + absolute(scaled_rest) + absolute(twice);
    f64 small = absolute(s.rest) + s.error;
    f64 error = magnitudes * 0x1p-49 + 4 * (n * squares.error + absolute(s.sum) * s.error + small * small);
    f64x2 divisor = two_product(n, n - correction);
    f64 quotient = d.hi / divisor.hi;
    f64 rest = ((fnmadd(quotient, divisor.hi, d.hi) + lower) - quotient * divisor.lo) / divisor.hi;
    error = error / absolute(divisor.hi) * 2 + absolute(rest) * 0x1p-48 + absolute(quotient) * 0x1p-98;
    m64 known = less(all(0x1p-400), squares.sum) & less(squares.sum, all(0x1p900)) & less(all(correction), n) &
                less(all(0x1p-900), d.hi);
    return estimate_of(quotient, rest, choose(known, error, all(__builtin_inf())));
}

/* The root of value + rest; where that is exactly 0, 0. */
INLINE estimate root_of(estimate e) {
    f64 root = square_root(e.value);
    f64 rest = (fnmadd(root, root, e.value) + e.rest) / (2 * root);
    f64 error = e.error / root + rest * rest / root + absolute(rest) * 0x1p-49 + root * 0x1p-100;
    m64 known = less(all(0x1p-800), e.value);
    m64 zero = equal(e.value, all(0)) & equal(e.rest, all(0)) & equal(e.error, all(0));
    estimate r = estimate_of(root, rest, choose(known, error, all(__builtin_inf())));
    r.value = choose(zero, all(0), r.value);
    r.rest = choose(zero, all(0), r.rest);
    r.error = choose(zero, all(0), r.error);
    return r;
}

/* Σwx/Σw; the quotient is that of the sums' high parts, corrected by the low ones once. */
INLINE estimate average_of(running s, running weights) {
    f64 size = absolute(weights.sum), q = s.sum / weights.sum;
    f64 rest = ((fnmadd(q, weights.sum, s.sum) + s.rest) - q * weights.rest) / weights.sum;
    f64 part = absolute(weights.rest) / size;
    f64 error = (2 * s.error + 2 * absolute(q) * weights.error + 0x1p-49 * absolute(s.rest)) / size +
                absolute(q) * (part * 0x1p-49 + 0x1p-100) +
                absolute(rest) * (0x1p-48 + 2 * part + 2 * weights.error / size);
    m64 known = less(all(0x1p-400), size) & less(size, all(0x1p400)) & less(all(0x1p-400), absolute(s.sum)) &
                less(part, all(0x1p-20)) & less(weights.error / size, all(0x1p-20));
    return estimate_of(q, rest, choose(known, error, all(__builtin_inf())));
}

/* The value that e's rounds to in the result's format, as a double; undecided lanes are exactly those that are not
   known. A double that stands for a narrower format must not be in the middle between two of its numbers, unless it is
   exact: rounding it once more is right then. */
INLINE decision rounded_estimate(estimate e, enum column_format format) {
    m64 exact = equal(e.error, all(0));
    f64 margin = choose(exact, all(0), 2 * e.error + absolute(e.rest) * 0x1p-50);
    f64 above = e.value + (e.rest + margin), below = e.value + (e.rest - margin);
    f64 size = absolute(e.value);
    m64 undecided = apart(above, below) | (negated(exact) & less(size, all(0x1p-900))) |
                    negated(less(size, all(__builtin_inf())));
    if (format != COLUMN_F64) {
        const int dropped = format == COLUMN_F32 ? 29 : 42;
        const int64_t half = INT64_C(1) << (dropped - 1), least = format == COLUMN_F32 ? -126 : -14;
        m64 middle = equal_bits(bits(e.value) & ((half << 1) - 1), all_bits(half));
        m64 inexact = negated(exact & equal(e.rest, all(0)));
        f64 least_normal = from_bits(all_bits((1023 + least) << 52));
        undecided = undecided | (inexact & (middle | less(size, least_normal)));
    }
    /* Rounded to nearest, the value is the estimate's own; adding a rest of 0 would lose the sign of -0. */
    return (decision){e.value, undecided};
}

static uint64_t columns_finish(const struct column_block *b, enum column_result result, double correction,
                               enum column_format format, const double *counts, double *values) {
    uint64_t undecided = 0;
    for (int at = 0; at < b->columns; at += LANES) {
        running s = load_running(b->first + at), t = load_running(b->second + at);
        f64 n = load(counts + at);
        estimate e = {s.sum, s.rest, s.error};
        switch (result) {
        case COLUMN_SUM: e = estimate_of(s.sum, s.rest, s.error); break;
        case COLUMN_MEAN: e = mean_of(s, n); break;
        case COLUMN_VARIANCE: e = variance_of(s, t, n, correction); break;
        case COLUMN_DEVIATION: e = root_of(variance_of(s, t, n, correction)); break;
        case COLUMN_AVERAGE: e = average_of(s, t); break;
        case COLUMN_PRODUCT_SUM:
        case COLUMN_NORM:
            /* What products below the normal numbers lose is far below this. */
            e = estimate_of(s.sum, s.rest, s.error + 0x1p-960);
            e.error = choose(less(all(0x1p-800), absolute(s.sum)), e.error, all(__builtin_inf()));
            if (result == COLUMN_NORM) e = root_of(e);
            break;
        }
        decision d = rounded_estimate(e, format);
        store(values + at, d.value);
        undecided |= (uint64_t)lane_bits(d.undecided) << at;
    }
    return undecided;
}

const struct column_kernels JOIN(bitfast_, BITFAST_LEVEL, column, kernels) = {columns_add, columns_finish};
