/* The levels that were built, and the one in use: the best that this processor has, or the one that BITFAST_LEVEL
   names. The scalar functions are here too, each one indirect call. */
#include "dispatch.h"

#include "bitfast.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The levels, the least first: the level, whose functions of one value it has (another's where the code is the same),
   what it is called, and whether this processor has it. */
#if defined __x86_64__

#define LEAST_LEVEL(of, ...) of(v2, v2, "x86-64-v2", always, __VA_ARGS__)
#define BETTER_LEVELS(of, ...) \
    of(v3, v3, "x86-64-v3", has_v3, __VA_ARGS__) \
    of(v4, v4, "x86-64-v4", has_v4, __VA_ARGS__)

/* All that the compiler may use at that level (x86-64 psABI, 3.1.1), lzcnt, movbe and f16c among it. */
static int has_v3(void) { return __builtin_cpu_supports("x86-64-v3"); }
static int has_v4(void) { return __builtin_cpu_supports("x86-64-v4"); }

#elif defined __aarch64__

#include <sys/auxv.h>
#include <sys/prctl.h>

#define LEAST_LEVEL(of, ...) of(neon, neon, "neon", always, __VA_ARGS__)
#define BETTER_LEVELS(of, ...) \
    of(sve256, neon, "sve256", has_sve256, __VA_ARGS__) \
    of(sve512, neon, "sve512", has_sve512, __VA_ARGS__)

/* The kernels are compiled for one vector length, so that length must be the chip's. */
static int has_sve(long vector_bits) {
    enum { HAS_SVE = 1 << 22, GET_VECTOR_LENGTH = 51, LENGTH_MASK = 0xffff };  /* Linux's asm/hwcap.h, linux/prctl.h */
    if (!(getauxval(AT_HWCAP) & HAS_SVE)) return 0;
    int length = prctl(GET_VECTOR_LENGTH);
    return length > 0 && (length & LENGTH_MASK) * 8 == vector_bits;
}
static int has_sve256(void) { return has_sve(256); }
static int has_sve512(void) { return has_sve(512); }

#else

#define LEAST_LEVEL(of, ...) of(generic, generic, "generic", always, __VA_ARGS__)
#ifdef BITFAST_RVV
#include <sys/auxv.h>
#define BETTER_LEVELS(of, ...) of(rvv, generic, "rvv", has_rvv, __VA_ARGS__)
static int has_rvv(void) { return (getauxval(AT_HWCAP) >> ('V' - 'A') & 1) != 0; }
#else
#define BETTER_LEVELS(of, ...)
#endif

#endif

static int always(void) { return 1; }

#define LEVELS(of, ...) LEAST_LEVEL(of, __VA_ARGS__) BETTER_LEVELS(of, __VA_ARGS__)
#define SHAPES(of) of(fma) of(frexp) of(ldexp) of(modf) of(cmultiply) of(cdivide) CASTS(of)
#define SCALAR(level, name, format) JOIN(bitfast_, level, name, scalar_##format)

/* Every entry, with the type that struct choice has for it. */
#define TYPE(member) __typeof__(*((struct choice *)0)->member)
#define DECLARE(level_, scalars, label, here, name_, in_scalar, in_array) \
    TYPE(in_scalar##f64) SCALAR(scalars, name_, f64); \
    TYPE(in_scalar##f32) SCALAR(scalars, name_, f32); \
    TYPE(in_array##f64) JOIN(bitfast_, level_, name_, array_f64); \
    TYPE(in_array##f32) JOIN(bitfast_, level_, name_, array_f32);
#define UNARY(name) LEVELS(DECLARE, name, level.name.scalar_, level.name.array_)
#define BINARY UNARY
#define UNARY_EXACT UNARY
#define BINARY_EXACT UNARY
#include "functions.h"
#define DECLARE_SHAPE(name) LEVELS(DECLARE, name, shapes.name##_, shapes.name##_array_)
SHAPES(DECLARE_SHAPE)
#define DECLARE_KERNELS(level_, scalars, label, here, unused) \
    extern const struct reduce_kernels JOIN(bitfast_, level_, reduce, kernels); \
    extern const struct column_kernels JOIN(bitfast_, level_, column, kernels); \
    extern const struct product_kernels JOIN(bitfast_, level_, product, kernels);
LEVELS(DECLARE_KERNELS, )

/* Complete from the start, with the least level: other libraries' constructors may call us before ours has run. */
struct choice bitfast_chosen = {
#define EACH LEAST_LEVEL
#define AT(level)
#include "level_table.h"
};

#define INDEX(level, ...) INDEX_##level,
enum { LEVELS(INDEX, ) BUILT };

static const struct { struct choice choice; int (*here)(void); } levels[BUILT] = {
#define HERE(level, scalars, label, here_, unused) [INDEX_##level].here = here_,
    LEVELS(HERE, )
#define EACH LEVELS
#define AT(level_) [INDEX_##level_].choice
#include "level_table.h"
};

const char *bitfast_level(void) { return bitfast_chosen.level.name; }

const char *bitfast_level_name(int index) {
    for (int k = 0; k < BUILT; ++k)
        if (levels[k].here() && index-- == 0) return levels[k].choice.level.name;
    return NULL;
}

int bitfast_use_level(const char *name) {
    if (!name) return -1;
    for (int k = 0; k < BUILT; ++k)
        if (strcmp(levels[k].choice.level.name, name) == 0 && levels[k].here()) {
            bitfast_chosen = levels[k].choice;
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
            bitfast_chosen = levels[k].choice;
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
