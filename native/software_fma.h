/* a·b + c rounded once, in vectors of a chip that has no such instruction. lanes.h includes this where it needs it.

   The product is exact as a sum of two doubles (Veltkamp's splitting, Dekker's product, Numer. Math. 18, 1971); the sum
   of three is rounded to odd before its last rounding (Boldo and Melquiond, Emulation of a FMA and correctly rounded
   sums: proved algorithms using rounding to odd, IEEE Trans. Computers 57, 2008, theorem 5). Both need that nothing
   overflows and that the product's error is not below the smallest subnormal; other lanes are computed in integers. */
#ifndef BITFAST_SOFTWARE_FMA_H
#define BITFAST_SOFTWARE_FMA_H

static __attribute__((noinline, cold, unused)) f64 software_fmadd_by_integers(f64 a, f64 b, f64 c, f64 fast,
                                                                              unsigned lanes) {
    for (; lanes; lanes &= lanes - 1) {
        int lane = __builtin_ctz(lanes);
        fast[lane] = bitfast_software_fma(a[lane], b[lane], c[lane]);
    }
    return fast;
}

INLINE f64 software_fmadd(f64 a, f64 b, f64 c) {
    const double splitter = 0x1p27 + 1;
    f64 product = a * b;
    f64 scaled_a = a * splitter, scaled_b = b * splitter;
    f64 a_high = scaled_a - (scaled_a - a), b_high = scaled_b - (scaled_b - b);
    f64 a_low = a - a_high, b_low = b - b_high;
    f64 error = ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low;

    f64 t = c + error, part = t - c;
    f64 t_low = (c - (t - part)) + (error - part);
    f64 v = product + t, part_v = v - product;
    f64 v_low = (product - (v - part_v)) + (t - part_v);
    f64 z = t_low + v_low, part_z = z - t_low;
    f64 z_low = (t_low - (z - part_z)) + (v_low - part_z);

    /* Rounding to odd: an inexact z whose last bit is 0 moves one step towards what it lacks. */
    i64 even = equal_bits(bits(z) & 1, all_bits(0)) & different(z_low, all(0));
    i64 step = choose_bits(less_bits(bits(z) ^ bits(z_low), all_bits(0)), all_bits(-1), all_bits(1));
    f64 odd = from_bits(bits(z) + (even & step));
    f64 result = v + odd;

    /* A product that is 0 because a factor is: 0 + c has the right sign, the sums above need not. */
    i64 zero = equal(a, all(0)) | equal(b, all(0));
    result = choose(zero, product + c, result);
    const int64_t magnitude = INT64_MAX;
    f64 size_a = from_bits(bits(a) & magnitude), size_b = from_bits(bits(b) & magnitude);
    f64 size_c = from_bits(bits(c) & magnitude), size = from_bits(bits(product) & magnitude);
    i64 safe = less(size_a, all(0x1p990)) & less(size_b, all(0x1p990)) & less(size_c, all(0x1p1000)) &
               less(size, all(0x1p1000)) & (zero | less(all(0x1p-960), size));
    unsigned unsafe = lane_bits(negated(safe));
    return __builtin_expect(unsafe != 0, 0) ? software_fmadd_by_integers(a, b, c, result, unsafe) : result;
}

/* a·b + c of float32 numbers, to be rounded to float32: the product is exact, the sum rounded to odd; NaN and infinite
   sums stay as they are. */
INLINE f64 software_fmadd_to_odd(f64 a, f64 b, f64 c) {
    f64 product = a * b, sum = product + c, part = sum - product;
    f64 lost = (product - (sum - part)) + (c - part);
    const int64_t magnitude = INT64_MAX;
    i64 even = equal_bits(bits(sum) & 1, all_bits(0)) & less(all(0), from_bits(bits(lost) & magnitude));
    i64 step = choose_bits(less_bits(bits(sum) ^ bits(lost), all_bits(0)), all_bits(-1), all_bits(1));
    return from_bits(bits(sum) + (even & step));
}

#endif
