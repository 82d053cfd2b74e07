/* Judges an array function on blocks of arguments, for run.py: which answers are wrong, and a hash of all of them.

   The inputs of a block depend on nothing but its name and number, so that every level and machine sees the same ones
   and hashes can stand for answers. */
#include "../native/oracle.h"

enum { BLOCK = 4096 };

/* Where a function is neither trivial nor constant: random arguments are spread between these magnitudes. */
static const struct { const char *name; double low, high; } ranges[] = {
    {"exp", 0x1p-55, 746}, {"exp2", 0x1p-55, 1076}, {"exp10", 0x1p-55, 325}, {"expm1", 0x1p-60, 710},
    {"log", 0x1p-1074, 0x1p1023}, {"log2", 0x1p-1074, 0x1p1023}, {"log10", 0x1p-1074, 0x1p1023},
    {"log1p", 0x1p-60, 0x1p1023},
    {"pow", 0x1p-20, 0x1p20}, {"sin", 0x1p-30, 0x1p1023}, {"cos", 0x1p-30, 0x1p1023}, {"tan", 0x1p-30, 0x1p1023},
    {"sinh", 0x1p-30, 711}, {"cosh", 0x1p-30, 711}, {"tanh", 0x1p-30, 20}, {"asin", 0x1p-30, 1}, {"acos", 0x1p-60, 1},
    {"atan", 0x1p-30, 0x1p60}, {"atan2", 0x1p-1000, 0x1p1000}, {"cbrt", 0x1p-1074, 0x1p1023},
    {"hypot", 0x1p-60, 0x1p60}, {"rsqrt", 0x1p-1074, 0x1p1023}, {"erf", 0x1p-30, 6},
    {"asinh", 0x1p-30, 0x1p1023}, {"acosh", 1, 0x1p1023}, {"atanh", 0x1p-30, 1},
};

static double from_bits(uint64_t bits) { double x; memcpy(&x, &bits, 8); return x; }
static uint64_t to_bits(double x) { uint64_t bits; memcpy(&bits, &x, 8); return bits; }
static float from_bits_f32(uint32_t bits) { float x; memcpy(&x, &bits, 4); return x; }

/* Evenly over the doubles between two magnitudes, either sign. */
static double spread(uint64_t *state, double low, double high) {
    uint64_t a = to_bits(low), b = to_bits(high);
    double x = from_bits(a + (uint64_t)(((unsigned __int128)random_bits(state) * (b - a + 1)) >> 64));
    return random_bits(state) & 1 ? x : -x;
}

static double uniform(uint64_t *state, double low, double high) {
    return low + (high - low) * ((double)(random_bits(state) >> 11) * 0x1p-53);
}

/* Arguments of a function: 5 in 8 spread over its range, 2 in 8 uniform where people use it, 1 in 8 any bits at all. */
static void arguments(const struct function *f, uint64_t *state, double *x, double *y) {
    double low = 0x1p-30, high = 0x1p30;
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; ++i)
        if (!strcmp(ranges[i].name, f->name)) low = ranges[i].low, high = ranges[i].high;
    double common = high < 1000 ? high : 1000;
    unsigned choice = random_bits(state) & 7;
    if (choice == 7) {
        *x = from_bits(random_bits(state)), *y = from_bits(random_bits(state));
        return;
    }
    *x = choice < 5 ? spread(state, low, high) : uniform(state, -common, common);
    if (f->arguments == 1) return;
    *y = choice < 5 ? spread(state, low, high) : uniform(state, -common, common);
    if (!strcmp(f->name, "pow")) {  /* mostly results in range; short bases and exponents, where exact cases are */
        if (choice == 6) {
            *x = (double)(random_bits(state) % 2048) * 0.125;
            *y = ((double)(random_bits(state) % 129) - 64) * 0.25;
        } else {
            *x = fabs(*x), *y = uniform(state, -1080, 1080) / log2(*x);
        }
    } else if (choice < 3) {  /* neither argument negligible */
        *y = *x * uniform(state, -8, 8);
    }
}

static uint64_t state_of(uint64_t block, uint64_t salt) {
    uint64_t state = block * 0x2545f4914f6cdd1d + salt;
    random_bits(&state);
    return state;
}

static void fill_f64(const struct function *f, uint64_t block, double *x, double *y) {
    uint64_t state = state_of(block, 64);
    for (int i = 0; i < BLOCK; ++i) y[i] = 0, arguments(f, &state, x + i, y + i);
}

/* One argument: consecutive bit patterns, so that all 2^32 are in the blocks 0 … 2^20-1. Two: as for float64. */
static void fill_f32(const struct function *f, uint64_t block, float *x, float *y) {
    uint64_t state = state_of(block, 32);
    for (int i = 0; i < BLOCK; ++i) {
        x[i] = from_bits_f32((uint32_t)(block * BLOCK + (uint64_t)i)), y[i] = 0;
        if (f->arguments == 1) continue;
        double a, b;
        arguments(f, &state, &a, &b);
        if (!strcmp(f->name, "pow")) b *= 0.12;  /* float32's exponents are an eighth of float64's */
        uint64_t any = random_bits(&state);
        x[i] = (any & 7) ? (float)a : from_bits_f32((uint32_t)(any >> 3));
        y[i] = (any & 7) ? (float)b : from_bits_f32((uint32_t)(any >> 32));
    }
}

typedef void unary_f64(size_t, const double *, ptrdiff_t, double *, ptrdiff_t);
typedef void unary_f32(size_t, const float *, ptrdiff_t, float *, ptrdiff_t);
typedef void binary_f64(size_t, const double *, ptrdiff_t, const double *, ptrdiff_t, double *, ptrdiff_t);
typedef void binary_f32(size_t, const float *, ptrdiff_t, const float *, ptrdiff_t, float *, ptrdiff_t);

typedef double scalar_unary_f64(double), scalar_binary_f64(double, double);
typedef float scalar_unary_f32(float), scalar_binary_f32(float, float);

struct wrong { double x, y, got, want; };

enum form { ARRAY, SCALAR };

static void answer_f64(int arguments, enum form form, void *call, const double *x, const double *y, double *got) {
    if (form == ARRAY && arguments == 1) ((unary_f64 *)call)(BLOCK, x, 1, got, 1);
    else if (form == ARRAY) ((binary_f64 *)call)(BLOCK, x, 1, y, 1, got, 1);
    else for (int i = 0; i < BLOCK; ++i)
        got[i] = arguments == 1 ? ((scalar_unary_f64 *)call)(x[i]) : ((scalar_binary_f64 *)call)(x[i], y[i]);
}

static void answer_f32(int arguments, enum form form, void *call, const float *x, const float *y, float *got) {
    if (form == ARRAY && arguments == 1) ((unary_f32 *)call)(BLOCK, x, 1, got, 1);
    else if (form == ARRAY) ((binary_f32 *)call)(BLOCK, x, 1, y, 1, got, 1);
    else for (int i = 0; i < BLOCK; ++i)
        got[i] = arguments == 1 ? ((scalar_unary_f32 *)call)(x[i]) : ((scalar_binary_f32 *)call)(x[i], y[i]);
}

enum oracle { NONE, FAST, MPFR };

static uint64_t hashed(uint64_t hash, uint64_t value) {
    hash = (hash ^ value) * 0x9e3779b97f4a7c15;
    return hash ^ (hash >> 29);
}

/* Runs `count` blocks from `first` through a function of the library, in its array or scalar form. Returns how many
   answers are wrong (NONE judges nothing), puts the first `room` of them at `found` and a hash of all answers at *hash. */
uint64_t judge_f64(const char *name, enum form form, void *call, uint64_t first, uint64_t count, enum oracle oracle,
                   struct wrong *found, uint64_t room, uint64_t *hash) {
    const struct function *f = function_named(name);
    static _Thread_local double x[BLOCK], y[BLOCK], got[BLOCK];
    uint64_t wrong = 0;
    *hash = 0;
    for (uint64_t block = first; block < first + count; ++block) {
        fill_f64(f, block, x, y);
        answer_f64(f->arguments, form, call, x, y, got);
        for (int i = 0; i < BLOCK; ++i) {
            *hash = hashed(*hash, to_bits(got[i]));
            if (oracle == NONE) continue;
            double want = oracle == FAST ? expected_f64(f, x[i], y[i]) : mpfr_f64(f, x[i], y[i]);
            if (to_bits(want) != to_bits(got[i]) && wrong++ < room)
                found[wrong - 1] = (struct wrong){x[i], y[i], got[i], want};
        }
    }
    return wrong;
}

uint64_t judge_f32(const char *name, enum form form, void *call, uint64_t first, uint64_t count, enum oracle oracle,
                   struct wrong *found, uint64_t room, uint64_t *hash) {
    const struct function *f = function_named(name);
    static _Thread_local float x[BLOCK], y[BLOCK], got[BLOCK];
    uint64_t wrong = 0;
    *hash = 0;
    for (uint64_t block = first; block < first + count; ++block) {
        fill_f32(f, block, x, y);
        answer_f32(f->arguments, form, call, x, y, got);
        for (int i = 0; i < BLOCK; ++i) {
            uint32_t bits;
            memcpy(&bits, got + i, 4);
            *hash = hashed(*hash, bits);
            if (oracle == NONE) continue;
            float want = oracle == FAST ? expected_f32(f, x[i], y[i]) : mpfr_f32(f, x[i], y[i]);
            if (memcmp(&want, got + i, 4) && wrong++ < room)
                found[wrong - 1] = (struct wrong){x[i], y[i], got[i], want};
        }
    }
    return wrong;
}
