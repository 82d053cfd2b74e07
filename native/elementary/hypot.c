/* √(x² + y²), float64 and float32, correctly rounded.

   float64: both are scaled by the power of two that brings the larger to [1, 2); x² + y² as a sum of two doubles,
   its root from roots.h. Relative error below 2^-99 (derive/gappa/hypot.g); what that leaves undecided is where
   x² + y² is the square of a number between two doubles, or all but. float32: x² is exact in double; x² + y² takes one
   rounding, the root is off by less than 4 ulp of double in all, and where so small an error could matter is
   undecided. */
#define FUNCTION hypot
#define SPECIAL_IS_TOLD

#include "roots.h"

#define INFINITE ((int64_t)0x7ff0000000000000)

INLINE decision hypot_f64(f64 x, f64 y) {
    x = absolute(x), y = absolute(y);
#if LANES == 1
    ONLY_IF(bits(x) < INFINITE && bits(y) < INFINITE);
#endif
    m64 swapped = less(x, y);
    f64 large = choose(swapped, y, x), small = choose(swapped, x, y);
    i64 exponent = bits(large) & (int64_t)0x7ff0000000000000;
    f64 scale = from_bits((int64_t)0x7fe0000000000000 - exponent);
    large = large * scale, small = small * scale;
    f64x2 square = two_product(large, large), other = two_product(small, small);
    f64x2 sum = fast_two_sum(square.hi, other.hi);
    f64x2 root = double_root(sum.hi, sum.lo + (square.lo + other.lo));
    decision d = rounded(root.hi, root.lo, 0x1p-96);
    f64 power = from_bits(exponent);
    d.value = d.value * power;
    d.undecided |= negated(less(power, all(0x1p1023)) & (less(all(0x1p-960), power) | equal(large, all(0))));
    return d;
}

INLINE decision hypot_f32(f64 x, f64 y) {
    f64 sum = fmadd(x, x, y * y);
    f64 value = near_root(sum);
    decision d = rounded_f32(value, 4);
#if LANES == 1
    const int64_t low = bits(0x1p-126), high = bits(0x1.ffffffp127);
    if (__builtin_expect(!less_unsigned(bits(value) - low, high - low), 0)) d.undecided = bits(value) != 0;
    return d;
#endif
    d.undecided |= negated(less(value, all(0x1.ffffffp127))) | (less(value, all(0x1p-126)) & different(value, all(0)));
    return d;
}

#include "binary.h"
