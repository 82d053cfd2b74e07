#include "inputs.h"

#include <stdlib.h>
#include <string.h>

#include "hard_cases_data.h"

const struct format bitfast_float64 = {52, 11}, bitfast_float32 = {23, 8};

static const struct range RANGES[] = {
    {"exp", -30, 9, 1}, {"exp2", -30, 10, 1}, {"exp10", -30, 8, 1}, {"expm1", -40, 9, 1},
    {"log", -64, 63, 0}, {"log2", -64, 63, 0}, {"log10", -64, 63, 0}, {"log1p", -40, 30, 1},
    {"pow", -4, 7, 1}, {"sin", -20, 30, 1}, {"cos", -20, 30, 1}, {"tan", -20, 30, 1},
    {"sinh", -30, 9, 1}, {"cosh", -30, 9, 1}, {"tanh", -30, 5, 1}, {"asin", -30, -1, 1}, {"acos", -30, -1, 1},
    {"cbrt", -60, 60, 1}, {"rsqrt", -60, 60, 0}, {"sqrt", -60, 60, 0}, {"erf", -30, 2, 1},
    {"asinh", -30, 30, 1}, {"acosh", 0, 30, 0}, {"atanh", -30, -1, 1},
};

struct range bitfast_range(const char *function) {
    for (size_t i = 0; i < sizeof RANGES / sizeof *RANGES; ++i)
        if (!strcmp(RANGES[i].name, function)) return RANGES[i];
    if (!strncmp(function, "to_", 3)) return (struct range){function, -2, 66, 1};
    return (struct range){function, -20, 20, 1};
}

uint64_t bitfast_next(struct generator *generator) {
    uint64_t z = generator->state += 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
}

static uint64_t low_bits(int n) { return ((uint64_t)1 << n) - 1; }
static int width(const struct format *format) { return 1 + format->exponent_bits + format->fraction_bits; }
static int bias(const struct format *format) { return (int)low_bits(format->exponent_bits - 1); }
static uint64_t sign(const struct format *format) { return (uint64_t)1 << (width(format) - 1); }

/* ±2^exponent · (1 + fraction); the sign of a function that takes positive arguments only is dropped. */
static uint64_t in_range(const struct format *format, const struct range *range, uint64_t random) {
    uint64_t count = (uint64_t)(range->highest - range->lowest + 1);
    uint64_t exponent = (uint64_t)(range->lowest + bias(format)) + (random >> 52 & 0x7ff) % count;
    uint64_t pattern = exponent << format->fraction_bits | (random & low_bits(format->fraction_bits));
    return range->negative_too && random >> 63 ? pattern | sign(format) : pattern;
}

static uint64_t any_pattern(const struct format *format, uint64_t random) { return random >> (64 - width(format)); }

/* Both signs of: 0, the ends of the subnormal and normal numbers, small numbers and halves, 1 and its neighbours, the
   ends of exact integers, infinity, and NaN: canonical, with a payload, signalling. */
size_t bitfast_specials(const struct format *format, uint64_t patterns[SPECIALS_MOST]) {
    int p = format->fraction_bits;
    uint64_t one = (uint64_t)bias(format) << p, infinity = low_bits(format->exponent_bits) << p;
    uint64_t magnitudes[SPECIALS_MOST / 2];
    size_t n = 0;
    magnitudes[n++] = 0;
    magnitudes[n++] = 1;
    magnitudes[n++] = low_bits(p);
    magnitudes[n++] = (uint64_t)1 << p;
    magnitudes[n++] = one - 1;
    magnitudes[n++] = one + 1;
    static const struct { int exponent, quarters; } values[] = {
        {-2, 0}, {-1, 0}, {-1, 2}, {0, 0}, {0, 2}, {1, 0}, {1, 1}, {1, 2}, {1, 3}, {2, 0}, {2, 1}, {3, 0}, {3, 1},
        {4, 0}, {5, 1}, {7, 0}, {10, 0}, {15, 0}, {16, 0}, {22, 0}, {23, 0}, {24, 0}, {31, 0}, {32, 0}, {52, 0},
        {53, 0}, {63, 0}, {64, 0},
    };
    for (size_t i = 0; i < sizeof values / sizeof *values; ++i)
        magnitudes[n++] =
            one + ((uint64_t)(int64_t)values[i].exponent << p) + ((uint64_t)values[i].quarters << (p - 2));
    magnitudes[n++] = infinity - 1;
    magnitudes[n++] = infinity;
    magnitudes[n++] = infinity | (uint64_t)1 << (p - 1);
    magnitudes[n++] = infinity | (uint64_t)1 << (p - 1) | 1;
    magnitudes[n++] = infinity | 1;
    for (size_t i = 0; i < n; ++i) {
        patterns[2 * i] = magnitudes[i];
        patterns[2 * i + 1] = magnitudes[i] | sign(format);
    }
    return 2 * n;
}

static void put(struct inputs *inputs, uint64_t x, uint64_t y, uint64_t z) {
    uint64_t values[3] = {x, y, z};
    for (int a = 0; a < 3; ++a)
        if (inputs->argument[a]) inputs->argument[a][inputs->n] = values[a];
    ++inputs->n;
}

static void put_specials(struct inputs *inputs, int arguments, const struct format *format) {
    uint64_t patterns[SPECIALS_MOST];
    size_t n = bitfast_specials(format, patterns);
    for (size_t i = 0; i < n; ++i) {
        if (arguments == 1) put(inputs, patterns[i], 0, 0);
        for (size_t k = 0; k < n && arguments > 1; ++k) {
            if (arguments == 2) put(inputs, patterns[i], patterns[k], 0);
            for (size_t m = 0; m < n && arguments == 3; m += 5) put(inputs, patterns[i], patterns[k], patterns[m]);
        }
    }
}

/* Every exponent field but the last, with four fractions and both signs; other arguments come from the range. A
   function of several arguments gets the exponents in its first argument, and then in its second. */
static void put_exponents(struct inputs *inputs, int arguments, const struct format *format, const struct range *range,
                          struct generator *generator) {
    int p = format->fraction_bits;
    for (uint64_t exponent = 0; exponent < low_bits(format->exponent_bits); ++exponent)
        for (int variant = 0; variant < 8; ++variant) {
            uint64_t fractions[4] = {0, low_bits(p), (uint64_t)1 << (p - 1), bitfast_next(generator) & low_bits(p)};
            uint64_t x = exponent << p | fractions[variant / 2] | (variant & 1 ? sign(format) : 0);
            if (arguments == 1) {
                put(inputs, x, 0, 0);
                continue;
            }
            uint64_t y = in_range(format, range, bitfast_next(generator));
            uint64_t z = in_range(format, range, bitfast_next(generator));
            put(inputs, x, y, z);
            put(inputs, y, x, z);
        }
}

static void put_hard_cases(struct inputs *inputs, const char *function, const struct format *format) {
    for (size_t i = 0; i < sizeof HARD_CASES / sizeof *HARD_CASES; ++i) {
        const struct hard_case *hard = &HARD_CASES[i];
        if (hard->bits == width(format) && !strcmp(hard->function, function)) put(inputs, hard->x, hard->y, 0);
    }
}

void bitfast_more_inputs(const char *function, const struct format *format, struct generator *generator, size_t n,
                         struct inputs *inputs) {
    struct range range = bitfast_range(function);
    for (size_t i = 0; i < n; ++i) {
        uint64_t values[3];
        for (int a = 0; a < 3; ++a) {
            uint64_t random = bitfast_next(generator);
            values[a] = i % 16 ? in_range(format, &range, random) : any_pattern(format, random);
        }
        put(inputs, values[0], values[1], values[2]);
    }
}

struct inputs bitfast_core_inputs(const char *function, int arguments, const struct format *format,
                                 struct generator *generator) {
    struct inputs inputs = {0};
    size_t room = (size_t)SPECIALS_MOST * SPECIALS_MOST * SPECIALS_MOST / 5 * (arguments == 3)
                  + SPECIALS_MOST * SPECIALS_MOST + 16 * ((size_t)1 << format->exponent_bits)
                  + sizeof HARD_CASES / sizeof *HARD_CASES + CORE_MORE;
    for (int a = 0; a < arguments; ++a) {
        inputs.argument[a] = malloc(room * sizeof(uint64_t));
        if (!inputs.argument[a]) {
            bitfast_free_inputs(&inputs);
            return inputs;
        }
    }
    struct range range = bitfast_range(function);
    put_specials(&inputs, arguments, format);
    put_exponents(&inputs, arguments, format, &range, generator);
    put_hard_cases(&inputs, function, format);
    bitfast_more_inputs(function, format, generator, CORE_MORE, &inputs);
    return inputs;
}

void bitfast_free_inputs(struct inputs *inputs) {
    for (int a = 0; a < 3; ++a) free(inputs->argument[a]);
    *inputs = (struct inputs){0};
}
