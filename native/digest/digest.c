#include "digest.h"

#include <stdlib.h>
#include <string.h>

#include "../include/bitfast.h"
#include "arrays.h"
#include "inputs.h"

enum { BLOCK = 4096 };

union values { double f64[BLOCK]; float f32[BLOCK]; };
struct block { union values argument[3], result; size_t n; };

static void hash_f64(struct sha256 *hash, double value) {
    uint64_t pattern;
    memcpy(&pattern, &value, sizeof pattern);
    bitfast_hash_pattern(hash, pattern, 8);
}

static void hash_f32(struct sha256 *hash, float value) {
    uint32_t pattern;
    memcpy(&pattern, &value, sizeof pattern);
    bitfast_hash_pattern(hash, pattern, 4);
}

/* The array's results; where the function of one value gives another one, it is hashed too: another
   digest. */
#define HASH_RESULT(format, one_value) \
    for (size_t i = 0; i < block->n; ++i) { \
        hash_##format(hash, block->result.format[i]); \
        block->argument[2].format[i] = one_value; \
        if (memcmp(&block->argument[2].format[i], &block->result.format[i], sizeof block->result.format[i])) \
            hash_##format(hash, block->argument[2].format[i]); \
    }

#define UNARY(name) \
    static void name##_64(struct block *block, struct sha256 *hash) { \
        bitfast_##name##_array(block->n, block->argument[0].f64, 1, block->result.f64, 1); \
        HASH_RESULT(f64, bitfast_##name(block->argument[0].f64[i])) \
    } \
    static void name##_32(struct block *block, struct sha256 *hash) { \
        bitfast_##name##f_array(block->n, block->argument[0].f32, 1, block->result.f32, 1); \
        HASH_RESULT(f32, bitfast_##name##f(block->argument[0].f32[i])) \
    }
#define BINARY(name) \
    static void name##_64(struct block *block, struct sha256 *hash) { \
        bitfast_##name##_array(block->n, block->argument[0].f64, 1, block->argument[1].f64, 1, block->result.f64, 1); \
        HASH_RESULT(f64, bitfast_##name(block->argument[0].f64[i], block->argument[1].f64[i])) \
    } \
    static void name##_32(struct block *block, struct sha256 *hash) { \
        bitfast_##name##f_array(block->n, block->argument[0].f32, 1, block->argument[1].f32, 1, block->result.f32, 1); \
        HASH_RESULT(f32, bitfast_##name##f(block->argument[0].f32[i], block->argument[1].f32[i])) \
    }
#define UNARY_EXACT UNARY
#define BINARY_EXACT BINARY
#include "../functions.h"

#define FMA(suffix, bits, member) \
    static void fma_##bits(struct block *block, struct sha256 *hash) { \
        for (size_t i = 0; i < block->n; ++i) { \
            hash_##member(hash, bitfast_fma##suffix(block->argument[0].member[i], block->argument[1].member[i], \
                                                    block->argument[2].member[i])); \
        } \
    }
FMA(, 64, f64)
FMA(f, 32, f32)

#define FREXP(suffix, bits, member) \
    static void frexp_##bits(struct block *block, struct sha256 *hash) { \
        for (size_t i = 0; i < block->n; ++i) { \
            int32_t exponent; \
            hash_##member(hash, bitfast_frexp##suffix(block->argument[0].member[i], &exponent)); \
            bitfast_hash_pattern(hash, (uint64_t)(int64_t)exponent, 4); \
        } \
    }
FREXP(, 64, f64)
FREXP(f, 32, f32)

#define MODF(suffix, bits, member, type) \
    static void modf_##bits(struct block *block, struct sha256 *hash) { \
        for (size_t i = 0; i < block->n; ++i) { \
            type whole; \
            hash_##member(hash, bitfast_modf##suffix(block->argument[0].member[i], &whole)); \
            hash_##member(hash, whole); \
        } \
    }
MODF(, 64, f64, double)
MODF(f, 32, f32, float)

/* The exponent is made of the second argument's pattern: every one that matters occurs. */
#define LDEXP(suffix, bits, member, unsigned_type) \
    static void ldexp_##bits(struct block *block, struct sha256 *hash) { \
        for (size_t i = 0; i < block->n; ++i) { \
            unsigned_type pattern; \
            memcpy(&pattern, &block->argument[1].member[i], sizeof pattern); \
            int32_t exponent = (int32_t)(pattern % 4501) - 2250; \
            hash_##member(hash, bitfast_ldexp##suffix(block->argument[0].member[i], exponent)); \
        } \
    }
LDEXP(, 64, f64, uint64_t)
LDEXP(f, 32, f32, uint32_t)

#define CAST(name, bytes) \
    static void to_##name##_64(struct block *block, struct sha256 *hash) { \
        for (size_t i = 0; i < block->n; ++i) \
            bitfast_hash_pattern(hash, (uint64_t)bitfast_to_##name(block->argument[0].f64[i]), bytes); \
    } \
    static void to_##name##_32(struct block *block, struct sha256 *hash) { \
        for (size_t i = 0; i < block->n; ++i) \
            bitfast_hash_pattern(hash, (uint64_t)bitfast_to_##name##f(block->argument[0].f32[i]), bytes); \
    }
CAST(int8, 1)
CAST(int16, 2)
CAST(int32, 4)
CAST(int64, 8)
CAST(uint8, 1)
CAST(uint16, 2)
CAST(uint32, 4)
CAST(uint64, 8)

typedef void evaluate(struct block *, struct sha256 *);

static const struct function { const char *name; int arguments; evaluate *evaluate_64, *evaluate_32; } FUNCTIONS[] = {
#define UNARY(name) {#name, 1, name##_64, name##_32},
#define BINARY(name) {#name, 2, name##_64, name##_32},
#define UNARY_EXACT UNARY
#define BINARY_EXACT BINARY
#include "../functions.h"
    {"fma", 3, fma_64, fma_32},
    {"frexp", 1, frexp_64, frexp_32},
    {"ldexp", 2, ldexp_64, ldexp_32},
    {"modf", 1, modf_64, modf_32},
#define CAST_ENTRY(name) {#name, 1, name##_64, name##_32}
    CAST_ENTRY(to_int8), CAST_ENTRY(to_int16), CAST_ENTRY(to_int32), CAST_ENTRY(to_int64),
    CAST_ENTRY(to_uint8), CAST_ENTRY(to_uint16), CAST_ENTRY(to_uint32), CAST_ENTRY(to_uint64),
};
enum { COUNT = sizeof FUNCTIONS / sizeof *FUNCTIONS };

enum { MOST_ARRAY_FUNCTIONS = 64 };

const char *const *bitfast_digest_functions(void) {
    static const char *names[COUNT + MOST_ARRAY_FUNCTIONS + 1];
    for (int i = 0; i < COUNT; ++i) names[i] = FUNCTIONS[i].name;
    for (int i = 0; i < MOST_ARRAY_FUNCTIONS && bitfast_array_functions[i].name; ++i)
        names[COUNT + i] = bitfast_array_functions[i].name;
    return names;
}

/* Hashes the answers for all inputs, a block at a time. */
static void hash_answers(const struct function *function, int format, const struct inputs *inputs,
                         struct block *block, struct sha256 *hash) {
    for (size_t done = 0; done < inputs->n; done += block->n) {
        block->n = inputs->n - done < BLOCK ? inputs->n - done : BLOCK;
        for (int a = 0; a < function->arguments; ++a)
            for (size_t i = 0; i < block->n; ++i) {
                uint64_t pattern = inputs->argument[a][done + i];
                uint32_t narrow = (uint32_t)pattern;
                if (format == 64) memcpy(&block->argument[a].f64[i], &pattern, sizeof pattern);
                else memcpy(&block->argument[a].f32[i], &narrow, sizeof narrow);
            }
        (format == 64 ? function->evaluate_64 : function->evaluate_32)(block, hash);
    }
}

static int digest_of_arrays(const char *name, int format, int with_full, struct digest *digest) {
    const struct array_function *function = bitfast_array_functions;
    while (function->name && strcmp(function->name, name)) ++function;
    array_digest *hash_part = format == 64 ? function->digest_64 : function->digest_32;
    digest->core[0] = digest->full[0] = 0;
    if (!function->name) return -1;
    if (!hash_part) return 0;
    struct generator generator = {0};
    struct sha256 hash;
    bitfast_sha256_start(&hash);
    if (hash_part(1, &generator, &hash)) return -1;
    bitfast_sha256_hex(&hash, digest->core);
    if (!with_full) return 0;
    if (hash_part(0, &generator, &hash)) return -1;
    bitfast_sha256_hex(&hash, digest->full);
    return 0;
}

int bitfast_digest(const char *name, int format, int with_full, struct digest *digest) {
    if (format != 32 && format != 64) return -1;
    const struct function *function = FUNCTIONS;
    while (function < FUNCTIONS + COUNT && strcmp(function->name, name)) ++function;
    if (function == FUNCTIONS + COUNT) return digest_of_arrays(name, format, with_full, digest);

    const struct format *layout = format == 64 ? &bitfast_float64 : &bitfast_float32;
    struct generator generator = {0};
    struct inputs inputs = bitfast_core_inputs(name, function->arguments, layout, &generator);
    struct block *block = malloc(sizeof *block);
    if (!block || !inputs.argument[0]) {
        free(block);
        bitfast_free_inputs(&inputs);
        return -1;
    }
    struct sha256 hash;
    bitfast_sha256_start(&hash);
    hash_answers(function, format, &inputs, block, &hash);
    bitfast_sha256_hex(&hash, digest->core);
    digest->full[0] = 0;
    for (size_t done = 0; with_full && done < FULL_MORE; done += inputs.n) {
        inputs.n = 0;
        bitfast_more_inputs(name, layout, &generator, CORE_MORE, &inputs);
        hash_answers(function, format, &inputs, block, &hash);
    }
    if (with_full) bitfast_sha256_hex(&hash, digest->full);
    free(block);
    bitfast_free_inputs(&inputs);
    return 0;
}
