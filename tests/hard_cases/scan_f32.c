/* Scans every float32 argument of a range for those whose function values are hardest to round to float32.

   scan_f32 FUNCTION LOW HIGH KEEP     (same sign, |LOW| < |HIGH|)

   The C library's double, off by a few ulp at most (see oracle.h), has 29 bits more than float32 and shows which values
   come near a midpoint or a float32; MPFR measures those. */
#define NEAR_AT_FIRST 0x1p-18
#include "hardest.h"

static float from_bits_f32(uint32_t bits) { float x; memcpy(&x, &bits, 4); return x; }
static uint32_t to_bits_f32(float x) { uint32_t bits; memcpy(&bits, &x, 4); return bits; }

int main(int argc, char **argv) {
    if (argc != 5) return fprintf(stderr, "usage: scan_f32 FUNCTION LOW HIGH KEEP\n"), 2;
    subject.function = function_named(argv[1]);
    uint32_t low = to_bits_f32(strtof(argv[2], 0)), high = to_bits_f32(strtof(argv[3], 0));
    keep = atoi(argv[4]);
    if (!subject.function || subject.function->arguments != 1 || low >= high || keep < 1 || keep > MOST_KEPT)
        return fprintf(stderr, "a wrong argument\n"), 2;
    for (uint32_t bits = low; bits <= high; ++bits) {
        double x = from_bits_f32(bits);
        uint64_t half_ulp = (uint64_t)1 << 28, off = to_bits(subject.function->unary(x)) & (half_ulp - 1);
        uint64_t reach = (near >> 36) + 8; /* near, in ulp of the double, and the double's error */
        if (off < reach || half_ulp - off < reach) judge(24, x);
    }
    print_hardest();
    printf("# %lu\n", (unsigned long)(high - low) + 1);
    return 0;
}
