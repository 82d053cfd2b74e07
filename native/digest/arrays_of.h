/* The digests of sums, products and complex functions in one format: REAL is its type, COMPLEX that of complex
   numbers, PATTERN the integer of its width, FORMAT its layout, ELEMENT what reductions call it, NAME(f) a name here,
   CALL(f) the library's name of f, CALL_ARRAY(f) that of its array call. arrays.c includes it for both formats. */

typedef struct { size_t n; REAL *x; } NAME(values);

static REAL NAME(from)(uint64_t pattern) {
    PATTERN narrow = (PATTERN)pattern;
    REAL x;
    memcpy(&x, &narrow, sizeof x);
    return x;
}

static void NAME(hash)(struct sha256 *hash, REAL x) {
    PATTERN pattern;
    memcpy(&pattern, &x, sizeof x);
    bitfast_hash_pattern(hash, pattern, sizeof x);
}

static REAL NAME(number)(enum kind kind, struct generator *generator) {
    uint64_t r = bitfast_next(generator), sign = r >> 63 << (8 * sizeof(REAL) - 1);
    int p = FORMAT.fraction_bits, top = (1 << FORMAT.exponent_bits) - 1, bias = top / 2;
    uint64_t fraction = r & (((uint64_t)1 << p) - 1), choice = r >> 52 & 0x7ff;
    switch (kind) {
    case MODERATE: return NAME(from)(sign | ((uint64_t)(bias - 20) + choice % 41) << p | fraction);
    case WIDE: return NAME(from)(sign | ((uint64_t)(bias - bias / 4) + choice % (bias / 2)) << p | fraction);
    case SUBNORMAL: return NAME(from)(sign | (choice % 2) << p | fraction);
    case WHOLE: return (REAL)((int)choice - 1024);
    case LARGE: return NAME(from)(sign | (uint64_t)(top - 1 - (int)(choice % 2)) << p | fraction);
    case TIES: return NAME(from)(sign | (uint64_t)(bias - (int)(choice % 3) * (p + 1)) << p);
    default: return NAME(from)(r >> (64 - 8 * sizeof(REAL)));
    }
}

/* n numbers; those of CANCELLING are moderate ones, each with its negative, but for one that is tiny. */
static NAME(values) NAME(drawn)(size_t n, enum kind kind, struct generator *generator) {
    NAME(values) v = {n, malloc((n ? n : 1) * sizeof(REAL))};
    if (!v.x) return v;
    size_t half = kind == CANCELLING ? n / 2 : 0;
    for (size_t i = 0; i < n; ++i)
        v.x[i] = i < n - half ? NAME(number)(kind == CANCELLING ? MODERATE : kind, generator) : -v.x[n - 1 - i];
    if (half) v.x[n - 1] = NAME(from)((uint64_t)((1 << (FORMAT.exponent_bits - 1)) - 61) << FORMAT.fraction_bits);
    return v;
}

/* Hashes `result`, and where the same numbers in the other order give another one, that too: another digest. */
#define IN_BOTH_ORDERS(result, other) do { \
    REAL first = result, second = other; \
    NAME(hash)(hash, first); \
    if (memcmp(&first, &second, sizeof first)) NAME(hash)(hash, second); \
} while (0)
#define LAST(v) ((v).x + ((v).n ? (v).n - 1 : 0))

static int NAME(sums)(int is_core, int operation, struct generator *generator, struct sha256 *hash) {
    for (size_t i = 0; i < (is_core ? 512 : 64); ++i) {
        size_t n = !is_core ? 1000 + bitfast_next(generator) % 100000 : i < 128 ? i : bitfast_next(generator) % 1000;
        NAME(values) x = NAME(drawn)(n, i % KINDS, generator), y = {0, NULL};
        if (operation == DOT) y = NAME(drawn)(n, i / KINDS % KINDS, generator);
        if (!x.x || (operation == DOT && !y.x)) {
            free(x.x), free(y.x);
            return -1;
        }
        if (operation == SUM) IN_BOTH_ORDERS(CALL(sum)(n, x.x, 1), CALL(sum)(n, LAST(x), -1));
        else if (operation == NORM) IN_BOTH_ORDERS(CALL(norm)(n, x.x, 1), CALL(norm)(n, LAST(x), -1));
        else IN_BOTH_ORDERS(CALL(dot)(n, x.x, 1, y.x, 1), CALL(dot)(n, LAST(x), -1, LAST(y), -1));
        free(x.x), free(y.x);
    }
    return 0;
}

static int NAME(sum)(int is_core, struct generator *g, struct sha256 *h) { return NAME(sums)(is_core, SUM, g, h); }
static int NAME(dot)(int is_core, struct generator *g, struct sha256 *h) { return NAME(sums)(is_core, DOT, g, h); }
static int NAME(norm)(int is_core, struct generator *g, struct sha256 *h) { return NAME(sums)(is_core, NORM, g, h); }

/* The columns of matrices stored by rows, reduced, or their cumulative sums. */
static int NAME(columns)(int is_core, enum reduce_operation operation, struct generator *generator,
                         struct sha256 *hash) {
    for (size_t i = 0; i < (is_core ? 256 : 32); ++i) {
        size_t rows = !is_core ? 1000 + bitfast_next(generator) % 3000
                      : i < 64 ? 3 + i : 3 + bitfast_next(generator) % 60;
        size_t columns = 1 + i % 11, n = rows * columns;
        NAME(values) x = NAME(drawn)(n, i / 11 % KINDS, generator), y = {0, NULL};
        NAME(values) result = {n, malloc(n * sizeof(REAL))};
        if (operation == REDUCE_AVERAGE) y = NAME(drawn)(n, MODERATE, generator);
        if (!x.x || !result.x || (operation == REDUCE_AVERAGE && !y.x)) {
            free(x.x), free(y.x), free(result.x);
            return -1;
        }
        for (size_t j = 0; j < y.n; ++j) y.x[j] = y.x[j] < 0 ? -y.x[j] : y.x[j];
        ptrdiff_t one = sizeof(REAL), row = (ptrdiff_t)columns * one;
        if (operation == CUMULATIVE_SUM) {
            bitfast_cumulative_sum(&(struct cumulative){
                .x_type = ELEMENT, .result_type = ELEMENT, .x = (const char *)x.x, .result = (char *)result.x,
                .line = {rows, row, 0, 0, row}, .others = {{columns, one, 0, 0, one}}, .other_count = 1});
        } else {
            struct reduction r = {
                .operation = operation, .x_type = ELEMENT, .y_type = ELEMENT, .result_type = ELEMENT,
                .x = (const char *)x.x, .y = (const char *)y.x, .result = (char *)result.x, .kept_count = 1,
                .reduced_count = 1, .kept = {{columns, one, one, 0, one}}, .reduced = {{rows, row, row, 0, 0}},
                .correction = operation == REDUCE_DEVIATION};
            bitfast_reduce(&r);
            result.n = columns;
        }
        for (size_t j = 0; j < result.n; ++j) NAME(hash)(hash, result.x[j]);
        free(x.x), free(y.x), free(result.x);
    }
    return 0;
}

#define COLUMNS(name, operation) \
    static int NAME(name)(int is_core, struct generator *g, struct sha256 *h) { \
        return NAME(columns)(is_core, operation, g, h); \
    }
COLUMNS(mean, REDUCE_MEAN)
COLUMNS(var, REDUCE_VARIANCE)
COLUMNS(std, REDUCE_DEVIATION)
COLUMNS(average, REDUCE_AVERAGE)
COLUMNS(prod, REDUCE_PRODUCT)
COLUMNS(cumulative_sum, CUMULATIVE_SUM)

/* Products of matrices whose elements have `parts` reals. */
static int NAME(products)(int is_core, size_t parts, struct generator *generator, struct sha256 *hash) {
    for (int i = 0; i < (is_core ? 64 : 8); ++i) {
        size_t m = bitfast_next(generator) % 33, n = bitfast_next(generator) % 33, k = bitfast_next(generator) % 65;
        if (!is_core) m += 90, n += 90, k += 600;
        enum kind kind = i % 8 == 7 ? ANY : i % 8 == 6 ? SUBNORMAL : MODERATE;
        NAME(values) a = NAME(drawn)(m * k * parts, kind, generator), b = NAME(drawn)(k * n * parts, kind, generator);
        NAME(values) c = NAME(drawn)(m * n * parts, MODERATE, generator), s = NAME(drawn)(4, MODERATE, generator);
        if (!a.x || !b.x || !c.x || !s.x) {
            free(a.x), free(b.x), free(c.x), free(s.x);
            return -1;
        }
        REAL *alpha = s.x, *beta = s.x + 2;
        if (i % 4 < 2) alpha[0] = 1, alpha[1] = 0;
        if (i % 4 != 3) beta[0] = i % 4 == 1, beta[1] = 0;
        ptrdiff_t a_row = i & 4 ? 1 : (ptrdiff_t)k, a_column = i & 4 ? (ptrdiff_t)m : 1;
        ptrdiff_t b_row = i & 8 ? 1 : (ptrdiff_t)n, b_column = i & 8 ? (ptrdiff_t)k : 1;
        if (parts == 1)
            CALL_GEMM(real)(m, n, k, alpha[0], a.x, a_row, a_column, b.x, b_row, b_column, beta[0], c.x,
                            (ptrdiff_t)n, 1);
        else
            CALL_GEMM(complex)(m, n, k, alpha, a.x, a_row, a_column, i & 16, b.x, b_row, b_column, i & 32, beta, c.x,
                               (ptrdiff_t)n, 1);
        for (size_t j = 0; j < c.n; ++j) NAME(hash)(hash, c.x[j]);
        free(a.x), free(b.x), free(c.x), free(s.x);
    }
    return 0;
}

static int NAME(gemm)(int is_core, struct generator *g, struct sha256 *h) { return NAME(products)(is_core, 1, g, h); }
static int NAME(complex)(int is_core, struct generator *g, struct sha256 *h) {
    return NAME(products)(is_core, 2, g, h);
}

/* Functions of complex numbers: `results` are the array call's, `others` those of one number at a time. */
typedef void NAME(complex_function)(size_t n, const COMPLEX *z, const COMPLEX *w, COMPLEX *results, COMPLEX *others);
enum { NAME(COMPLEX_BLOCK) = 1024 };
typedef struct { COMPLEX z[NAME(COMPLEX_BLOCK)], w[NAME(COMPLEX_BLOCK)]; size_t n; } NAME(complex_inputs);

/* Hashes the results of what has come together. `result_size` is that of one result, which is real for absolute. */
static void NAME(hash_complex)(NAME(complex_inputs) *inputs, NAME(complex_function) *function, size_t result_size,
                               struct sha256 *hash) {
    COMPLEX results[NAME(COMPLEX_BLOCK)], others[NAME(COMPLEX_BLOCK)];
    function(inputs->n, inputs->z, inputs->w, results, others);
    for (size_t i = 0; i < inputs->n; ++i) {
        const char *result = (const char *)results + i * result_size, *other = (const char *)others + i * result_size;
        REAL parts[4];
        memcpy(parts, result, result_size);
        memcpy(parts + 2, other, result_size);
        size_t count = result_size / sizeof(REAL), hashed = memcmp(result, other, result_size) ? 2 : 1;
        for (size_t k = 0; k < hashed; ++k)
            for (size_t part = 0; part < count; ++part) NAME(hash)(hash, parts[2 * k + part]);
    }
    inputs->n = 0;
}

static int NAME(complex_numbers)(int is_core, int arguments, size_t result_size, NAME(complex_function) *function,
                                 struct generator *generator, struct sha256 *hash) {
    NAME(complex_inputs) *inputs = malloc(sizeof *inputs);
    if (!inputs) return -1;
    inputs->n = 0;
    uint64_t special[SPECIALS_MOST];
    size_t specials = bitfast_specials(&FORMAT, special);
    /* Two arguments: parts 0, the smallest number, 1, 2.5, the largest number, infinity and NaN, of both signs. */
    static const size_t few[] = {0, 1, 2, 3, 18, 19, 24, 25, 68, 69, 70, 71, 72, 73};
    size_t choices = arguments == 1 ? specials : sizeof few / sizeof *few, pairs = choices * choices;
#define SPECIAL(i) NAME(from)(special[arguments == 1 ? (i) : few[i]])
#define PUT(first, second) do { \
        inputs->z[inputs->n] = (first), inputs->w[inputs->n++] = (second); \
        if (inputs->n == NAME(COMPLEX_BLOCK)) NAME(hash_complex)(inputs, function, result_size, hash); \
    } while (0)
    for (size_t i = 0; is_core && i < pairs; ++i)
        for (size_t k = 0; k < (arguments == 1 ? 1 : pairs); ++k)
            PUT(((COMPLEX){SPECIAL(i / choices), SPECIAL(i % choices)}),
                ((COMPLEX){SPECIAL(k / choices), SPECIAL(k % choices)}));
    for (size_t i = 0; i < (is_core ? CORE_MORE : FULL_MORE / 16); ++i) {
        static const enum kind kinds[] = {MODERATE, WIDE, ANY};
        REAL part[4] = {0};
        for (int k = 0; k < 2 * arguments; ++k) part[k] = NAME(number)(kinds[i % 3], generator);
        PUT(((COMPLEX){part[0], part[1]}), ((COMPLEX){part[2], part[3]}));
    }
    if (inputs->n) NAME(hash_complex)(inputs, function, result_size, hash);
    free(inputs);
    return 0;
}

#define DIGEST(name, arguments, result_type, array_call, one_value) \
    static void NAME(c##name##_results)(size_t n, const COMPLEX *z, const COMPLEX *w, COMPLEX *results, \
                                        COMPLEX *others) { \
        (void)w; \
        array_call; \
        for (size_t i = 0; i < n; ++i) ((result_type *)others)[i] = one_value; \
    } \
    static int NAME(c##name)(int is_core, struct generator *g, struct sha256 *h) { \
        return NAME(complex_numbers)(is_core, arguments, sizeof(result_type), NAME(c##name##_results), g, h); \
    }
#define COMPLEX_UNARY(name) \
    DIGEST(name, 1, COMPLEX, CALL_ARRAY(c##name)(n, z, 1, results, 1), CALL(c##name)(z[i]))
#define COMPLEX_TO_REAL(name) \
    DIGEST(name, 1, REAL, CALL_ARRAY(c##name)(n, z, 1, (REAL *)results, 1), CALL(c##name)(z[i]))
#define COMPLEX_BINARY(name) \
    DIGEST(name, 2, COMPLEX, CALL_ARRAY(c##name)(n, z, 1, w, 1, results, 1), CALL(c##name)(z[i], w[i]))
#define COMPLEX_ARITHMETIC_1 COMPLEX_UNARY
#define COMPLEX_ARITHMETIC_2 COMPLEX_BINARY
#include "../complex/functions.h"

#undef IN_BOTH_ORDERS
#undef DIGEST
#undef SPECIAL
#undef PUT
#undef COMPLEX
#undef CALL_ARRAY
#undef LAST
#undef COLUMNS
#undef ELEMENT
#undef REAL
#undef PATTERN
#undef FORMAT
#undef NAME
#undef CALL
#undef CALL_GEMM
