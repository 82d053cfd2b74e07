/* One output: its elements, wherever they lie, go into exact sums or chains of products. */
#include "tiles.h"

#include "chains.h"

enum { BLOCK = 512, FEW = 64, MOMENTS_BLOCK = 2048 };

void bitfast_add_numbers(struct sums *s, enum reduce_operation operation, const double *x, const double *y,
                         ptrdiff_t step, size_t n) {
    switch (operation) {
    case REDUCE_SUM: case REDUCE_MEAN: bitfast_accumulator_add(&s->first, n, x, step); break;
    case REDUCE_ABSOLUTE: bitfast_accumulator_add_absolute(&s->first, n, x, step); break;
    case REDUCE_SQUARES: case REDUCE_NORM: bitfast_accumulator_add_squares(&s->first, n, x, step); break;
    case REDUCE_DOT: bitfast_accumulator_add_products(&s->first, n, x, step, y, step); break;
    case REDUCE_VARIANCE: case REDUCE_DEVIATION:
        bitfast_accumulator_add(&s->first, n, x, step);
        bitfast_accumulator_add_squares(&s->second, n, x, step);
        if (!y) break;
        bitfast_accumulator_add(&s->imaginary, n, y, step);
        bitfast_accumulator_add_squares(&s->second, n, y, step);
        break;
    case REDUCE_AVERAGE:
        bitfast_accumulator_add_products(&s->first, n, x, step, y, step);
        bitfast_accumulator_add(&s->second, n, y, step);
        break;
    case REDUCE_LARGEST: {
        double largest = s->largest;
        for (size_t i = 0; i < n; ++i) {
            double size = __builtin_fabs(x[(ptrdiff_t)i * step]);
            largest = size > largest || size != size ? size : largest;
        }
        s->largest = largest;
        break;
    }
    case REDUCE_PRODUCT: break;
    }
}

#define DIRECT(name, real, suffix) \
    static void name(struct sums *s, enum reduce_operation operation, const real *x, ptrdiff_t x_step, const real *y, \
                     ptrdiff_t y_step, size_t n) { \
        switch (operation) { \
        case REDUCE_SUM: case REDUCE_MEAN: bitfast_accumulator_add##suffix(&s->first, n, x, x_step); break; \
        case REDUCE_ABSOLUTE: bitfast_accumulator_add_absolute##suffix(&s->first, n, x, x_step); break; \
        case REDUCE_SQUARES: case REDUCE_NORM: bitfast_accumulator_add_squares##suffix(&s->first, n, x, x_step); break; \
        case REDUCE_DOT: bitfast_accumulator_add_products##suffix(&s->first, n, x, x_step, y, y_step); break; \
        case REDUCE_VARIANCE: case REDUCE_DEVIATION: \
            for (size_t done = 0; done < n; done += MOMENTS_BLOCK) { /* what comes twice comes from the cache */ \
                const size_t count = n - done < MOMENTS_BLOCK ? n - done : MOMENTS_BLOCK; \
                const real *here = x + (ptrdiff_t)done * x_step; \
                bitfast_accumulator_add##suffix(&s->first, count, here, x_step); \
                bitfast_accumulator_add_squares##suffix(&s->second, count, here, x_step); \
                if (!y) continue; \
                here = y + (ptrdiff_t)done * y_step; \
                bitfast_accumulator_add##suffix(&s->imaginary, count, here, y_step); \
                bitfast_accumulator_add_squares##suffix(&s->second, count, here, y_step); \
            } \
            break; \
        case REDUCE_AVERAGE: \
            for (size_t done = 0; done < n; done += MOMENTS_BLOCK) { \
                const size_t count = n - done < MOMENTS_BLOCK ? n - done : MOMENTS_BLOCK; \
                const real *weights = y + (ptrdiff_t)done * y_step; \
                bitfast_accumulator_add_products##suffix(&s->first, count, x + (ptrdiff_t)done * x_step, x_step, weights, \
                                                         y_step); \
                bitfast_accumulator_add##suffix(&s->second, count, weights, y_step); \
            } \
            break; \
        case REDUCE_LARGEST: case REDUCE_PRODUCT: break; \
        } \
    }
DIRECT(add_f64, double, )
DIRECT(add_f32, float, f)

/* Whether elements can be read where they are: aligned, whole numbers apart. */
static int is_direct(const char *at, ptrdiff_t step, enum element_type type) {
    const ptrdiff_t size = (ptrdiff_t)element_size(type);
    return type <= ELEMENT_F32 && (uintptr_t)at % (size_t)size == 0 && step % size == 0;
}

static void add_integers(struct sums *s, const struct reduction *r, const char *x, ptrdiff_t step, const char *where,
                         ptrdiff_t where_step, size_t n) {
    struct exact *sum = exact(&s->first), *squares = exact(&s->second);
    const int moments = r->operation == REDUCE_VARIANCE || r->operation == REDUCE_DEVIATION;
    __int128 total = 0;  /* of fewer than 2^63 elements, as are the halves of their squares */
    unsigned __int128 low = 0, high = 0;
    uint64_t any = 0, count = 0;
    for (size_t i = 0; i < n; ++i, x += step, where += where_step) {
        if (r->where && !*where) continue;
        uint64_t b;
        memcpy(&b, x, sizeof b);
        const int negative = r->x_type == ELEMENT_I64 && b >> 63;
        const uint64_t magnitude = negative ? -b : b;
        total += negative ? -(__int128)magnitude : (__int128)magnitude;
        any |= magnitude;
        if (moments) {
            const unsigned __int128 square = (unsigned __int128)magnitude * magnitude;
            low += (uint64_t)square;
            high += (uint64_t)(square >> 64);
        }
        ++count;
    }
    if (count == 0) return;
    const unsigned seen = any ? NONZERO : PLUS_ZERO;
    s->count += count;
    bitfast_exact_add_integer(sum, total, 0);
    sum->seen |= seen;
    if (!moments) return;
    bitfast_exact_add_integer(squares, (__int128)low, 0);
    bitfast_exact_add_integer(squares, (__int128)high, 64);
    squares->seen |= seen;
}

/* Elements that wait for company, so that short runs do not come one by one. */
struct waiting {
    size_t n;
    double x[BLOCK], y[BLOCK];
};

static void flush(struct sums *s, const struct reduction *r, struct waiting *w) {
    bitfast_add_numbers(s, r->operation, w->x, r->y ? w->y : NULL, 1, w->n);
    s->count += w->n;
    w->n = 0;
}

static void gather(struct sums *s, const struct reduction *r, struct waiting *w, const char *x, const char *y,
                   const char *where, const struct reduce_axis *axis, size_t n) {
    while (n) {
        size_t count = n < BLOCK - w->n ? n : BLOCK - w->n, taken = count;
        elements_gather(w->x + w->n, 1, x, axis->x, count, r->x_type);
        if (r->y) elements_gather(w->y + w->n, 1, y, axis->y, count, r->y_type);
        if (r->where) {
            size_t kept = w->n;
            for (size_t i = 0; i < count; ++i) {
                if (!where[(ptrdiff_t)i * axis->where]) continue;
                w->x[kept] = w->x[w->n + i];
                if (r->y) w->y[kept] = w->y[w->n + i];
                ++kept;
            }
            taken = kept - w->n;
        }
        w->n += taken;
        if (w->n == BLOCK) flush(s, r, w);
        x += (ptrdiff_t)count * axis->x;
        y += (ptrdiff_t)count * axis->y;
        where += (ptrdiff_t)count * axis->where;
        n -= count;
    }
}

void bitfast_add_elements(struct sums *s, const struct reduction *r, size_t output, size_t first, size_t n) {
    const struct reduce_axis *axis = &r->reduced[r->reduced_count - 1];
    const struct place at = bitfast_output_place(r, output);
    struct waiting waiting;
    waiting.n = 0;
    while (n) {
        const size_t rest = axis->n - first % axis->n, run = rest < n ? rest : n;
        const struct place here = bitfast_element_place(r, first);
        const char *x = r->x + at.x + here.x, *y = r->y + at.y + here.y, *where = r->where + at.where + here.where;
        if (r->x_type == ELEMENT_I64 || r->x_type == ELEMENT_U64) {
            add_integers(s, r, x, axis->x, where, axis->where, run);
        } else if (run >= FEW && !r->where && r->operation < REDUCE_LARGEST && is_direct(x, axis->x, r->x_type) &&
                   (!r->y || (r->y_type == r->x_type && is_direct(y, axis->y, r->y_type)))) {
            const ptrdiff_t size = (ptrdiff_t)element_size(r->x_type);
            if (!r->y) y = NULL;
            if (r->x_type == ELEMENT_F64)
                add_f64(s, r->operation, (const double *)x, axis->x / size, (const double *)y, axis->y / size, run);
            else
                add_f32(s, r->operation, (const float *)x, axis->x / size, (const float *)y, axis->y / size, run);
            s->count += run;
        } else {
            gather(s, r, &waiting, x, y, where, axis, run);
        }
        first += run;
        n -= run;
    }
    if (waiting.n) flush(s, r, &waiting);
}

void bitfast_finish_sums(struct reduction *r, char *result, struct sums *s) {
    if (r->has_initial) bitfast_accumulator_add(&s->first, 1, &r->initial, 1);
    if (r->accumulates) bitfast_accumulator_merge((bitfast_accumulator *)result, &s->first);
    else bitfast_sums_finish(s, r, result);
}

void bitfast_finish_output(struct reduction *r, size_t output, struct sums *s) {
    bitfast_finish_sums(r, r->result + bitfast_output_place(r, output).result, s);
}

static size_t elements_of(const struct reduction *r) {
    size_t n = 1;
    for (int k = 0; k < r->reduced_count; ++k) n *= r->reduced[k].n;
    return n;
}

void bitfast_reduce_output(struct reduction *r, size_t output) {
    if (r->operation == REDUCE_PRODUCT) {
        bitfast_multiply_output(r, output, elements_of(r));
        return;
    }
    struct sums s;
    bitfast_sums_clear(&s, r);
    bitfast_add_elements(&s, r, output, 0, elements_of(r));
    bitfast_finish_output(r, output, &s);
}
