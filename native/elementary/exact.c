/* The functions that are one operation or a rearrangement of bits: sqrt, rounding to integers, signs, neighbours,
   minimum and maximum, fma, frexp, ldexp, modf and casts. Plain loops, which the compiler vectorises.

   BITFAST_SCALAR makes the entries for one value, else those for arrays. */
#include "exact.h"
#include "../lanes.h"

#define JOINED(name, form) JOIN(bitfast_, BITFAST_LEVEL, name, form)

INLINE uint64_t bits_f64(double x) { uint64_t b; memcpy(&b, &x, sizeof b); return b; }
INLINE uint32_t bits_f32(float x) { uint32_t b; memcpy(&b, &x, sizeof b); return b; }
INLINE double from_f64(uint64_t b) { double x; memcpy(&x, &b, sizeof x); return x; }
INLINE float from_f32(uint32_t b) { float x; memcpy(&x, &b, sizeof x); return x; }

/* Chips whose rounding to an integer is one instruction; elsewhere the built-in function would be a call of libm. */
#if defined __SSE4_1__ || defined __aarch64__
#define HAS_ROUNDING
#endif

#define REAL double
#define BUILTIN(name) __builtin_##name
#define UNSIGNED uint64_t
#define SIGNED int64_t
#define OF(name) name##_f64
#define MANTISSA_BITS 52
#define BIAS 1023
#define LARGEST_EXPONENT 1024
#define NAN_BITS CANONICAL_NAN_F64
#include "exact_operations.h"

#define REAL float
#define BUILTIN(name) __builtin_##name##f
#define UNSIGNED uint32_t
#define SIGNED int32_t
#define OF(name) name##_f32
#define MANTISSA_BITS 23
#define BIAS 127
#define LARGEST_EXPONENT 128
#define NAN_BITS CANONICAL_NAN_F32
#include "exact_operations.h"

/* fma: the instruction where there is one, else lanes.h's; the status is computed where a result may have one. */

INLINE float fma_value_f32(float x, float y, float z) {
#ifdef HAS_FMA
    float result = __builtin_fmaf(x, y, z);
    return result == result ? result : from_f32(CANONICAL_NAN_F32);
#else
    float result = bitfast_software_fmaf(x, y, z);
    return result == result ? result : from_f32(CANONICAL_NAN_F32);
#endif
}

#ifdef BITFAST_SCALAR

double JOINED(fma, scalar_f64)(double x, double y, double z) {
#ifdef HAS_FMA
    double result = __builtin_fma(x, y, z);
    return result == result ? result : from_f64(CANONICAL_NAN_F64);
#else
    unsigned status = 0;
    double result = bitfast_software_fma_status(x, y, z, &status);
    if (status) bitfast_raise(status);
    return result;
#endif
}
float JOINED(fma, scalar_f32)(float x, float y, float z) { return fma_value_f32(x, y, z); }

#else

static __attribute__((noinline, cold)) unsigned fma_status_f64(double x, double y, double z) {
    unsigned status = 0;
    bitfast_software_fma_status(x, y, z, &status);
    return status;
}

static __attribute__((noinline, cold)) unsigned fma_status_f32(float x, float y, float z) {
    float result = fma_value_f32(x, y, z);
    if (result != result) return x == x && y == y && z == z ? STATUS_INVALID : 0;
    float size = __builtin_fabsf(result), infinite = __builtin_inff();
    if (size == infinite)
        return __builtin_fabsf(x) < infinite && __builtin_fabsf(y) < infinite && __builtin_fabsf(z) < infinite
                   ? STATUS_OVERFLOW
                   : 0;
    double product = (double)x * y, sum = product + z, part = sum - product;
    double lost = (product - (sum - part)) + (z - part);
    return size < 0x1p-126f && (lost != 0 || sum != (double)result) ? STATUS_UNDERFLOW : 0;
}

unsigned JOINED(fma, array_f64)(const double *x, const double *y, const double *z, double *result, size_t n) {
    unsigned status = 0;
    for (size_t i = 0; i < n; i += LANES) {
        double a[LANES], b[LANES], c[LANES], r[LANES];
        const size_t count = n - i < LANES ? n - i : LANES;
        const int whole = count == LANES;
        for (size_t k = 0; !whole && k < LANES; ++k) {
            size_t from = i + (k < count ? k : 0);
            a[k] = x[from];
            b[k] = y[from];
            c[k] = z[from];
        }
        f64 first = load(whole ? x + i : a), second = load(whole ? y + i : b), third = load(whole ? z + i : c);
        f64 value = fmadd(first, second, third);
        value = choose(equal(value, value), value, from_bits(all_bits((int64_t)CANONICAL_NAN_F64)));
        /* Normal results have nothing to signal. */
        m64 normal = less_equal(all(0x1p-1022), absolute(value)) & less(absolute(value), all(__builtin_inf()));
        unsigned rest = lane_bits(negated(normal)) & ((1u << LANES) - 1);
        if (whole) store(result + i, value);
        if (whole && !rest) continue;
        store(a, first), store(b, second), store(c, third), store(r, value);
        if (!whole) memcpy(result + i, r, count * sizeof *r);
        for (; rest; rest &= rest - 1) {
            int lane = __builtin_ctz(rest);
            if (r[lane] != 0 || (a[lane] != 0 && b[lane] != 0)) status |= fma_status_f64(a[lane], b[lane], c[lane]);
        }
    }
    return status;
}

#ifdef LANES_SSE
static void fma_values_f32(const float *x, const float *y, const float *z, float *to, size_t n) {
    size_t k = 0;
    for (; k + LANES <= n; k += LANES) {
        f64 value = software_fmadd_to_odd(load_f32(x + k), load_f32(y + k), load_f32(z + k));
        store_f32(to + k, choose(equal(value, value), value, from_bits(all_bits((int64_t)CANONICAL_NAN_F64))));
    }
    for (; k < n; ++k) to[k] = fma_value_f32(x[k], y[k], z[k]);
}
#endif

unsigned JOINED(fma, array_f32)(const float *x, const float *y, const float *z, float *result, size_t n) {
    enum { BLOCK = 64 };
    unsigned status = 0;
    float kept[BLOCK];
    for (size_t i = 0; i < n; i += BLOCK) {
        size_t count = n - i < BLOCK ? n - i : BLOCK;
        int32_t special = 0;
#ifdef LANES_SSE
        fma_values_f32(x + i, y + i, z + i, kept, count);
#endif
        for (size_t k = 0; k < count; ++k) {
#ifndef LANES_SSE
            kept[k] = fma_value_f32(x[i + k], y[i + k], z[i + k]);
#endif
            float size = __builtin_fabsf(kept[k]);
            special |= -(int32_t)!((size >= 0x1p-126f) & (size < __builtin_inff()));
        }
        for (size_t k = 0; special && k < count; ++k) status |= fma_status_f32(x[i + k], y[i + k], z[i + k]);
        memcpy(result + i, kept, count * sizeof *kept);
    }
    return status;
}

#endif
