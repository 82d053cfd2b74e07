/* Elements of arrays as they are stored, unaligned ones too. */
#ifndef BITFAST_ELEMENTS_H
#define BITFAST_ELEMENTS_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum element_type {
    ELEMENT_F64, ELEMENT_F32, ELEMENT_F16, ELEMENT_BOOL, ELEMENT_I8, ELEMENT_U8, ELEMENT_I16, ELEMENT_U16, ELEMENT_I32,
    ELEMENT_U32, ELEMENT_I64, ELEMENT_U64,
};

/* float16 as float64, exactly. */
static inline double element_of_half(uint16_t half) {
    const uint64_t sign = (uint64_t)(half >> 15) << 63, field = half >> 10 & 31, fraction = half & 1023;
    uint64_t b;
    double x;
    if (field == 0) {
        x = (double)(int)fraction * 0x1p-24;
        memcpy(&b, &x, sizeof b);
    } else {
        b = (field == 31 ? UINT64_C(2047) : field + 1008) << 52 | fraction << 42;
    }
    b |= sign;
    memcpy(&x, &b, sizeof x);
    return x;
}

/* Exact for all but the 64-bit integers. */
static inline double element_at(const char *at, enum element_type type) {
#define CASE(name, c_type) case name: { c_type v; memcpy(&v, at, sizeof v); return (double)v; }
    switch (type) {
    CASE(ELEMENT_F64, double) CASE(ELEMENT_F32, float) CASE(ELEMENT_I8, int8_t) CASE(ELEMENT_U8, uint8_t)
    CASE(ELEMENT_I16, int16_t) CASE(ELEMENT_U16, uint16_t) CASE(ELEMENT_I32, int32_t) CASE(ELEMENT_U32, uint32_t)
    CASE(ELEMENT_I64, int64_t) CASE(ELEMENT_U64, uint64_t)
    case ELEMENT_BOOL: return *at != 0;
    case ELEMENT_F16: break;
    }
#undef CASE
    uint16_t half;
    memcpy(&half, at, sizeof half);
    return element_of_half(half);
}

static inline size_t element_size(enum element_type type) {
    static const unsigned char sizes[] = {8, 4, 2, 1, 1, 1, 2, 2, 4, 4, 8, 8};
    return sizes[type];
}

/* to[i·to_step] = the element `i` steps from `from`, for a compiler that knows the type. */
#define ELEMENTS_GATHER(type) \
    for (size_t i = 0; i < n; ++i) to[(ptrdiff_t)i * to_step] = element_at(from + (ptrdiff_t)i * step, type)
static inline void elements_gather(double *to, ptrdiff_t to_step, const char *from, ptrdiff_t step, size_t n,
                                   enum element_type type) {
    switch (type) {
    case ELEMENT_F64: ELEMENTS_GATHER(ELEMENT_F64); break;
    case ELEMENT_F32: ELEMENTS_GATHER(ELEMENT_F32); break;
    case ELEMENT_F16: ELEMENTS_GATHER(ELEMENT_F16); break;
    default: ELEMENTS_GATHER(type); break;
    }
}

#endif
