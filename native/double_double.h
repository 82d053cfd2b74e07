/* Sums of two doubles, and the test whether such a sum is certain of its rounding.

   Error-free transformations after Dekker (1971), Knuth and Møller; see Muller et al., Handbook of Floating-Point
   Arithmetic, 2nd edition, chapter 4. */
#ifndef BITFAST_DOUBLE_DOUBLE_H
#define BITFAST_DOUBLE_DOUBLE_H

#include "lanes.h"

typedef struct { f64 hi, lo; } f64x2;

/* a + b exactly, if |a| >= |b| or a is 0. */
INLINE f64x2 fast_two_sum(f64 a, f64 b) {
    f64 sum = a + b;
    return (f64x2){sum, b - (sum - a)};
}

/* a + b exactly. */
INLINE f64x2 two_sum(f64 a, f64 b) {
    f64 sum = a + b, part = sum - a;
    return (f64x2){sum, (a - (sum - part)) + (b - part)};
}

/* a·b exactly, unless a part of it leaves the range of normal numbers. */
INLINE f64x2 two_product(f64 a, f64 b) {
    f64 product = a * b;
    return (f64x2){product, fmadd(a, b, -product)};
}

/* What a kernel says of each lane: the value, and where it is not certain.

   A lane is undecided where the rounding is not certain, where the result is NaN, infinite or rounds to 0 without
   being 0, and wherever else the kernel does not know: the accurate path then gives the answer. For float32 `value` is
   rounded once more to float32 when it is stored, and all lanes that are not undecided must then be right. */
typedef struct { f64 value; m64 undecided; } decision;

/* One value that is not inside a kernel's range leaves it here, before arithmetic that would raise a flag without
   cause. Arrays raise what their elements' status says, whatever the kernel's arithmetic does. */
#if LANES == 1
#define ONLY_IF(inside) if (__builtin_expect(!(inside), 0)) return (decision){0, 1}
/* What is undecided by what ONLY_IF has tested already. */
#define UNLESS_TOLD(undecided) 0

/* low < x < high for low <= -high < 0, told by the bits: comparing a NaN would raise a flag. A file whose two kernels
   begin with such a test defines SPECIAL_IS_TOLD, and entry.h tests no more. */
INLINE int inside(double x, double low, double high) {
    uint64_t magnitude = (uint64_t)bits(x) << 1;
    if (__builtin_expect(magnitude < (uint64_t)bits(high) << 1, 1)) return 1;
    return bits(x) < 0 && magnitude < (uint64_t)bits(low) << 1;
}
#else
#define ONLY_IF(inside) (void)0
#define UNLESS_TOLD(undecided) undecided
#endif

/* Where the two ends of an interval round to different doubles, and at NaN. For one value the test of NaN costs three
   instructions: a file whose kernels tell NaN by another test defines NAN_IS_TOLD. */
INLINE m64 apart(f64 above, f64 below) {
#if LANES == 1 && defined NAN_IS_TOLD
    return __builtin_islessgreater(above, below);
#else
    return different(above, below);
#endif
}

/* hi + lo rounded to double; undecided where an error up to `error`·|hi| could change it. The sum of the neglected
   terms and of the rounding of lo must stay below it. Needs a normal result at least 2^-960 in magnitude. */
INLINE decision rounded(f64 hi, f64 lo, double error) {
    f64 above = hi + fmadd(hi, all(error), lo);
    f64 below = hi + fmadd(hi, all(-error), lo);
    return (decision){above, apart(above, below)};
}

/* The same with the bound of the error itself, `margin` >= 0. */
INLINE decision rounded_within(f64 hi, f64 lo, f64 margin) {
    f64 above = hi + (lo + margin), below = hi + (lo - margin);
    return (decision){above, apart(above, below)};
}

/* A double that stands for a float32 result: undecided where an error up to `ulps` units in the last place of the
   double could change how it rounds to float32, that is, near the middle 0x10000000 of the 29 bits that go. Needs a
   normal float32 result. */
INLINE decision rounded_f32(f64 value, int64_t ulps) {
    i64 distance = (bits(value) + (ulps - 0x10000000)) & 0x1fffffff;
    return (decision){value, less_bits(distance, all_bits(2 * ulps + 1))};
}

#endif
