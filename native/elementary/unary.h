/* Makes the entries of a function of one argument from its two kernels. The file that includes it at its end defines
       #define FUNCTION exp
       static decision exp_f64(f64 x)      float64
       static decision exp_f32(f64 x)      float32, its argument converted to double, exactly
   A file whose kernel is not written yet defines ONLY_ACCURATE_F64 or ONLY_ACCURATE_F32 instead. */
#include "../accurate/accurate.h"
#include "../double_double.h"
#include "../levels.h"

#define CONCATENATED(a, b, c) a##b##c
#define NAMED(a, b, c) CONCATENATED(a, b, c)
#define KERNEL_F64 NAMED(, FUNCTION, _f64)
#define KERNEL_F32 NAMED(, FUNCTION, _f32)
#define ACCURATE_F64 NAMED(bitfast_accurate_, FUNCTION, _f64)
#define ACCURATE_F32 NAMED(bitfast_accurate_, FUNCTION, _f32)

#ifdef ONLY_ACCURATE_F64
INLINE decision KERNEL_F64(f64 x) { return (decision){x, negated(nowhere())}; }
#endif
#ifdef ONLY_ACCURATE_F32
INLINE decision KERNEL_F32(f64 x) { return (decision){x, negated(nowhere())}; }
#endif

#ifdef BITFAST_SCALAR

static __attribute__((noinline, cold)) double undecided_f64(double x) {
    unsigned status = 0;
    double result = ACCURATE_F64(x, &status);
    if (status) bitfast_raise(status);
    return result;
}

static __attribute__((noinline, cold)) float undecided_f32(float x) {
    unsigned status = 0;
    float result = ACCURATE_F32(x, &status);
    if (status) bitfast_raise(status);
    return result;
}

double ENTRY(scalar_f64)(double x) {
    decision d = KERNEL_F64(x);
    return __builtin_expect(d.undecided != 0, 0) ? undecided_f64(x) : d.value;
}

float ENTRY(scalar_f32)(float x) {
    decision d = KERNEL_F32(x);
    return __builtin_expect(d.undecided != 0, 0) ? undecided_f32(x) : (float)d.value;
}

#else

/* Overwrites the undecided lanes of a result that is stored already; x is what the lanes were computed from. */
static __attribute__((noinline, cold)) unsigned settle_f64(const double *x, double *result, unsigned lanes) {
    unsigned status = 0;
    for (; lanes; lanes &= lanes - 1) {
        int lane = __builtin_ctz(lanes);
        result[lane] = ACCURATE_F64(x[lane], &status);
    }
    return status;
}

static __attribute__((noinline, cold)) unsigned settle_f32(const float *x, float *result, unsigned lanes) {
    unsigned status = 0;
    for (; lanes; lanes &= lanes - 1) {
        int lane = __builtin_ctz(lanes);
        result[lane] = ACCURATE_F32(x[lane], &status);
    }
    return status;
}

/* One vector; result may be x. */
INLINE unsigned vector_f64(const double *x, double *result) {
    f64 lanes = load(x);
    decision d = KERNEL_F64(lanes);
    if (__builtin_expect(any(d.undecided), 0)) {
        double kept[LANES];
        store(kept, lanes);
        store(result, d.value);
        return settle_f64(kept, result, lane_bits(d.undecided));
    }
    store(result, d.value);
    return 0;
}

INLINE unsigned vector_f32(const float *x, float *result) {
    f64 lanes = load_f32(x);
    decision d = KERNEL_F32(lanes);
    if (__builtin_expect(any(d.undecided), 0)) {
        float kept[LANES];
        memcpy(kept, x, sizeof kept);  /* not the lanes: converting them would quiet a signalling NaN */
        store_f32(result, d.value);
        return settle_f32(kept, result, lane_bits(d.undecided));
    }
    store_f32(result, d.value);
    return 0;
}

/* The last, incomplete vector is filled up with its first element, so that it raises nothing of its own. */
unsigned ENTRY(array_f64)(const double *x, double *result, size_t n) {
    unsigned status = 0;
    size_t i = 0;
    for (; i + LANES <= n; i += LANES) status |= vector_f64(x + i, result + i);
    if (i < n) {
        double rest[LANES];
        for (size_t k = 0; k < LANES; ++k) rest[k] = x[i + k < n ? i + k : i];
        status |= vector_f64(rest, rest);
        memcpy(result + i, rest, (n - i) * sizeof *rest);
    }
    return status;
}

unsigned ENTRY(array_f32)(const float *x, float *result, size_t n) {
    unsigned status = 0;
    size_t i = 0;
    for (; i + LANES <= n; i += LANES) status |= vector_f32(x + i, result + i);
    if (i < n) {
        float rest[LANES];
        for (size_t k = 0; k < LANES; ++k) rest[k] = x[i + k < n ? i + k : i];
        status |= vector_f32(rest, rest);
        memcpy(result + i, rest, (n - i) * sizeof *rest);
    }
    return status;
}

#endif
