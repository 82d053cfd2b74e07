/* The levels that were built, and the one in use: the best that this processor has, or the one that BITFAST_LEVEL names.
   The scalar functions are here too, each one indirect call. */
#include "dispatch.h"

#include "bitfast.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* bitfast_chosen is complete from the start, with the least level: other libraries' constructors may call us before
   ours has run. */
#if defined __x86_64__

#define LEVEL v2
#define LEVEL_TABLE struct choice bitfast_chosen
#define SCALAR_LEVEL v2
#define LEVEL_NAME "x86-64-v2"
#include "level_table.h"
#define LEVEL v2
#define LEVEL_TABLE static const struct choice v2_table
#define SCALAR_LEVEL v2
#define LEVEL_NAME "x86-64-v2"
#include "level_table.h"
#define LEVEL v3
#define LEVEL_TABLE static const struct choice v3_table
#define SCALAR_LEVEL v3
#define LEVEL_NAME "x86-64-v3"
#include "level_table.h"
#define LEVEL v4
#define LEVEL_TABLE static const struct choice v4_table
#define SCALAR_LEVEL v4
#define LEVEL_NAME "x86-64-v4"
#include "level_table.h"

static int always(void) { return 1; }
/* All that the compiler may use at that level (x86-64 psABI, 3.1.1), lzcnt, movbe and f16c among it. */
static int has_v3(void) { return __builtin_cpu_supports("x86-64-v3"); }
static int has_v4(void) { return __builtin_cpu_supports("x86-64-v4"); }

static const struct { const struct choice *choice; int (*here)(void); } levels[] = {
    {&v2_table, always}, {&v3_table, has_v3}, {&v4_table, has_v4}};

#elif defined __aarch64__

#include <sys/auxv.h>
#include <sys/prctl.h>

#define LEVEL neon
#define LEVEL_TABLE struct choice bitfast_chosen
#define SCALAR_LEVEL neon
#define LEVEL_NAME "neon"
#include "level_table.h"
#define LEVEL neon
#define LEVEL_TABLE static const struct choice neon_table
#define SCALAR_LEVEL neon
#define LEVEL_NAME "neon"
#include "level_table.h"
#define LEVEL sve256
#define LEVEL_TABLE static const struct choice sve256_table
#define SCALAR_LEVEL neon
#define LEVEL_NAME "sve256"
#include "level_table.h"
#define LEVEL sve512
#define LEVEL_TABLE static const struct choice sve512_table
#define SCALAR_LEVEL neon
#define LEVEL_NAME "sve512"
#include "level_table.h"

static int always(void) { return 1; }

/* The kernels are compiled for one vector length, so that length must be the chip's. */
static int has_sve(long vector_bits) {
    enum { HAS_SVE = 1 << 22, GET_VECTOR_LENGTH = 51, LENGTH_MASK = 0xffff };  /* Linux's asm/hwcap.h, linux/prctl.h */
    if (!(getauxval(AT_HWCAP) & HAS_SVE)) return 0;
    int length = prctl(GET_VECTOR_LENGTH);
    return length > 0 && (length & LENGTH_MASK) * 8 == vector_bits;
}
static int has_sve256(void) { return has_sve(256); }
static int has_sve512(void) { return has_sve(512); }

static const struct { const struct choice *choice; int (*here)(void); } levels[] = {
    {&neon_table, always}, {&sve256_table, has_sve256},
    {&sve512_table, has_sve512}};

#else

#define LEVEL generic
#define LEVEL_TABLE struct choice bitfast_chosen
#define SCALAR_LEVEL generic
#define LEVEL_NAME "generic"
#include "level_table.h"
#define LEVEL generic
#define LEVEL_TABLE static const struct choice generic_table
#define SCALAR_LEVEL generic
#define LEVEL_NAME "generic"
#include "level_table.h"
#ifdef BITFAST_RVV
#include <sys/auxv.h>
#define LEVEL rvv
#define LEVEL_TABLE static const struct choice rvv_table
#define SCALAR_LEVEL generic
#define LEVEL_NAME "rvv"
#include "level_table.h"
static int has_rvv(void) { return (getauxval(AT_HWCAP) >> ('V' - 'A') & 1) != 0; }
#endif

static int always(void) { return 1; }

static const struct { const struct choice *choice; int (*here)(void); } levels[] = {
    {&generic_table, always},
#ifdef BITFAST_RVV
    {&rvv_table, has_rvv},
#endif
};

#endif

enum { BUILT = sizeof levels / sizeof levels[0] };


const char *bitfast_level(void) { return bitfast_chosen.level.name; }

const char *bitfast_level_name(int index) {
    for (int k = 0; k < BUILT; ++k)
        if (levels[k].here() && index-- == 0) return levels[k].choice->level.name;
    return NULL;
}

int bitfast_use_level(const char *name) {
    if (!name) return -1;
    for (int k = 0; k < BUILT; ++k)
        if (strcmp(levels[k].choice->level.name, name) == 0 && levels[k].here()) {
            bitfast_chosen = *levels[k].choice;
            return 0;
        }
    return -1;
}

static __attribute__((constructor(101))) void choose_level(void) {
#ifdef __x86_64__
    __builtin_cpu_init();
#endif
    const char *wanted = getenv("BITFAST_LEVEL");
    if (wanted && *wanted) {
        if (bitfast_use_level(wanted) == 0) return;
        fprintf(stderr, "bitfast: BITFAST_LEVEL=%s: this processor has", wanted);
        for (int k = 0; bitfast_level_name(k); ++k) fprintf(stderr, " %s", bitfast_level_name(k));
        fprintf(stderr, "; the last is used\n");
    }
    for (int k = BUILT - 1; k >= 0; --k)
        if (levels[k].here()) {
            bitfast_chosen = *levels[k].choice;
            return;
        }
}

#define UNARY(name) \
    double bitfast_##name(double x) { return bitfast_chosen.level.name.scalar_f64(x); } \
    float bitfast_##name##f(float x) { return bitfast_chosen.level.name.scalar_f32(x); }
#define BINARY(name) \
    double bitfast_##name(double x, double y) { return bitfast_chosen.level.name.scalar_f64(x, y); } \
    float bitfast_##name##f(float x, float y) { return bitfast_chosen.level.name.scalar_f32(x, y); }
#define UNARY_EXACT UNARY
#define BINARY_EXACT BINARY
#include "functions.h"

double bitfast_fma(double x, double y, double z) { return bitfast_chosen.shapes.fma_f64(x, y, z); }
float bitfast_fmaf(float x, float y, float z) { return bitfast_chosen.shapes.fma_f32(x, y, z); }
double bitfast_frexp(double x, int32_t *exponent) { return bitfast_chosen.shapes.frexp_f64(x, exponent); }
float bitfast_frexpf(float x, int32_t *exponent) { return bitfast_chosen.shapes.frexp_f32(x, exponent); }
double bitfast_ldexp(double x, int32_t exponent) { return bitfast_chosen.shapes.ldexp_f64(x, exponent); }
float bitfast_ldexpf(float x, int32_t exponent) { return bitfast_chosen.shapes.ldexp_f32(x, exponent); }
double bitfast_modf(double x, double *whole) { return bitfast_chosen.shapes.modf_f64(x, whole); }
float bitfast_modff(float x, float *whole) { return bitfast_chosen.shapes.modf_f32(x, whole); }

#define CAST(type) \
    type##_t bitfast_to_##type(double x) { return bitfast_chosen.shapes.type##_f64(x); } \
    type##_t bitfast_to_##type##f(float x) { return bitfast_chosen.shapes.type##_f32(x); }
CASTS(CAST)
