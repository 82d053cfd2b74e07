/* The entries of levels.h, in both formats, for unary.h and binary.h. They say how many arguments there are: EACH(of)
   is of(x) or of(x), of(y), and ANY(of) is of(x) or of(x) | of(y). */
#include "../accurate/accurate.h"
#include "../double_double.h"
#include "../levels.h"
#include "saturation.h"

#define CONCATENATED(a, b, c) a##b##c
#define NAMED(a, b, c) CONCATENATED(a, b, c)

/* How an array's loop is made. Where a register holds two doubles, two vectors a round overlap better than one, and
   undecided ones leave the loop, so that constants stay in registers. With wider registers there are fewer of them than
   constants: one vector a round, and constants come from memory, as operands (measured: expm1 at x86-64-v3 is 14 %
   slower the other way; docs/speed-tsv110.md has NEON's prediction). */
#if LANES == 2
enum { VECTORS = 2, LEAVES_LOOP = 1 };
#else
enum { VECTORS = 1, LEAVES_LOOP = 0 };
#endif
#define STEP ((size_t)VECTORS * LANES)

#ifdef ONLY_ACCURATE_F64
INLINE decision NAMED(, FUNCTION, _f64)(PARAMETERS(f64)) { return (decision){x, negated(nowhere())}; }
#endif
#ifdef ONLY_ACCURATE_F32
INLINE decision NAMED(, FUNCTION, _f32)(PARAMETERS(f64)) { return (decision){x, negated(nowhere())}; }
#endif

#ifdef BITFAST_SCALAR
/* Infinite or NaN. */
INLINE int special_f64(double x) { return (uint64_t)bits(x) << 1 >= UINT64_C(0xffe0000000000000); }
INLINE int special_f32(float x) {
    uint32_t b;
    memcpy(&b, &x, sizeof b);
    return b << 1 >= UINT32_C(0xff000000);
}
#endif

#define REAL double
#define OF(name) name##_f64
#define LOAD load
#define STORE store
#define KERNEL NAMED(, FUNCTION, _f64)
#define ACCURATE NAMED(bitfast_accurate_, FUNCTION, _f64)
#ifdef SATURATION_F64
#define SATURATION SATURATION_F64
#endif
#include "entry.h"

#define REAL float
#define OF(name) name##_f32
#define LOAD load_f32
#define STORE store_f32
#define KERNEL NAMED(, FUNCTION, _f32)
#define ACCURATE NAMED(bitfast_accurate_, FUNCTION, _f32)
#ifdef SATURATION_F32
#define SATURATION SATURATION_F32
#endif
#include "entry.h"
