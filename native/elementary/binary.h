/* Makes the entries of a function of two arguments from its two kernels. The file that includes it at its end defines
       #define FUNCTION pow
       static decision pow_f64(f64 x, f64 y)      float64
       static decision pow_f32(f64 x, f64 y)      float32, its arguments converted to double, exactly
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
INLINE decision KERNEL_F64(f64 x, f64 y) { return (decision){x, negated(nowhere())}; }
#endif
#ifdef ONLY_ACCURATE_F32
INLINE decision KERNEL_F32(f64 x, f64 y) { return (decision){x, negated(nowhere())}; }
#endif

#ifdef BITFAST_SCALAR

static __attribute__((noinline, cold)) double undecided_f64(double x, double y) {
    unsigned status = 0;
    double result = ACCURATE_F64(x, y, &status);
    if (status) bitfast_raise(status);
    return result;
}

static __attribute__((noinline, cold)) float undecided_f32(float x, float y) {
    unsigned status = 0;
    float result = ACCURATE_F32(x, y, &status);
    if (status) bitfast_raise(status);
    return result;
}

double ENTRY(scalar_f64)(double x, double y) {
    decision d = KERNEL_F64(x, y);
    return __builtin_expect(d.undecided != 0, 0) ? undecided_f64(x, y) : d.value;
}

float ENTRY(scalar_f32)(float x, float y) {
    decision d = KERNEL_F32(x, y);
    return __builtin_expect(d.undecided != 0, 0) ? undecided_f32(x, y) : (float)d.value;
}

#else

/* Overwrites the undecided lanes of a result that is stored already; x and y are what the lanes were computed from. */
static __attribute__((noinline, cold)) unsigned settle_f64(const double *x, const double *y, double *result, unsigned lanes) {
    unsigned status = 0;
    for (; lanes; lanes &= lanes - 1) {
        int lane = __builtin_ctz(lanes);
        result[lane] = ACCURATE_F64(x[lane], y[lane], &status);
    }
    return status;
}

static __attribute__((noinline, cold)) unsigned settle_f32(const float *x, const float *y, float *result, unsigned lanes) {
    unsigned status = 0;
    for (; lanes; lanes &= lanes - 1) {
        int lane = __builtin_ctz(lanes);
        result[lane] = ACCURATE_F32(x[lane], y[lane], &status);
    }
    return status;
}

/* One vector; result may be x or y. */
INLINE unsigned vector_f64(const double *x, const double *y, double *result) {
    f64 a = load(x), b = load(y);
    decision d = KERNEL_F64(a, b);
    if (__builtin_expect(any(d.undecided), 0)) {
        double kept_x[LANES], kept_y[LANES];
        store(kept_x, a);
        store(kept_y, b);
        store(result, d.value);
        return settle_f64(kept_x, kept_y, result, lane_bits(d.undecided));
    }
    store(result, d.value);
    return 0;
}

INLINE unsigned vector_f32(const float *x, const float *y, float *result) {
    f64 a = load_f32(x), b = load_f32(y);
    decision d = KERNEL_F32(a, b);
    if (__builtin_expect(any(d.undecided), 0)) {
        float kept_x[LANES], kept_y[LANES];
        memcpy(kept_x, x, sizeof kept_x);  /* not a and b: converting them would quiet a signalling NaN */
        memcpy(kept_y, y, sizeof kept_y);
        store_f32(result, d.value);
        return settle_f32(kept_x, kept_y, result, lane_bits(d.undecided));
    }
    store_f32(result, d.value);
    return 0;
}

/* The last, incomplete vector is filled up with its first element, so that it raises nothing of its own. */
unsigned ENTRY(array_f64)(const double *x, const double *y, double *result, size_t n) {
    unsigned status = 0;
    size_t i = 0;
    for (; i + LANES <= n; i += LANES) status |= vector_f64(x + i, y + i, result + i);
    if (i < n) {
        double rest[LANES], rest_y[LANES];
        for (size_t k = 0; k < LANES; ++k) {
            rest[k] = x[i + k < n ? i + k : i];
            rest_y[k] = y[i + k < n ? i + k : i];
        }
        status |= vector_f64(rest, rest_y, rest);
        memcpy(result + i, rest, (n - i) * sizeof *rest);
    }
    return status;
}

unsigned ENTRY(array_f32)(const float *x, const float *y, float *result, size_t n) {
    unsigned status = 0;
    size_t i = 0;
    for (; i + LANES <= n; i += LANES) status |= vector_f32(x + i, y + i, result + i);
    if (i < n) {
        float rest[LANES], rest_y[LANES];
        for (size_t k = 0; k < LANES; ++k) {
            rest[k] = x[i + k < n ? i + k : i];
            rest_y[k] = y[i + k < n ? i + k : i];
        }
        status |= vector_f32(rest, rest_y, rest);
        memcpy(result + i, rest, (n - i) * sizeof *rest);
    }
    return status;
}

#endif
