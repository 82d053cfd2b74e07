/* The window of vectors (kernels.h) and the accumulator that it empties into. */
#include "kernels.h"

#include <string.h>

static double power_of_two(int exponent) {  /* a normal number */
    uint64_t b = (uint64_t)(exponent + 1023) << 52;
    double x;
    memcpy(&x, &b, sizeof x);
    return x;
}

void bitfast_window_begin(struct window *w, struct exact *sum) {
    memset(w, 0, sizeof *w);
    w->sum = sum;
}

static __int128 units_of(const struct window *w, int level) {
    __int128 units = 0;
    for (int lane = 0; lane < MOST_LANES; ++lane) units += w->units[level][lane];
    return units;
}

void bitfast_window_flush(struct window *w) {
    for (int level = 0; level < WINDOW_LEVELS && w->limit > 0; ++level)
        bitfast_exact_add_integer(w->sum, units_of(w, level), w->exponent - level_bits[level]);
    memset(w->units, 0, sizeof w->units);
    w->blocks = 0;
}

void bitfast_window_end(struct window *w) { bitfast_window_flush(w); }

void bitfast_window_move(struct window *w, double largest) {
    bitfast_window_flush(w);
    uint64_t b;
    memcpy(&b, &largest, sizeof b);
    int exponent = (int)(b >> 52) - 1022;  /* largest < 2^exponent */
    if (exponent < LEAST_EXPONENT) exponent = LEAST_EXPONENT;
    w->limit = power_of_two(exponent);
    w->exponent = exponent;
    for (int level = 0; level < WINDOW_LEVELS; ++level)
        w->biased[level] = 1.5 * power_of_two(exponent - level_bits[level] + 52);
    w->sum->seen |= NONZERO;
}

/* All of it as one integer, where the first two levels have it. */
#define DEFINE_VALUE(suffix, real, format) \
    real bitfast_window_value##suffix(struct window *w) { \
        int is_short = w->sum->low == w->sum->high && !(w->sum->seen & SPECIALS) && w->limit > 0; \
        for (int level = THIRD; level < WINDOW_LEVELS && is_short; ++level) is_short = units_of(w, level) == 0; \
        if (is_short) { \
            const __int128 scale = (__int128)1 << (level_bits[SECOND] - level_bits[FIRST]); \
            const __int128 units = units_of(w, FIRST) * scale + units_of(w, SECOND); \
            const unsigned __int128 u = units < 0 ? -(unsigned __int128)units : (unsigned __int128)units; \
            const uint64_t magnitude[2] = {(uint64_t)u, (uint64_t)(u >> 64)}; \
            if (u == 0) return 0; \
            const int exponent = w->exponent - level_bits[SECOND]; \
            return bitfast_round_##format(bitfast_leading(magnitude, magnitude[1] ? 2 : 1, exponent), units < 0); \
        } \
        bitfast_window_end(w); \
        return bitfast_exact_value##suffix(w->sum); \
    }
DEFINE_VALUE(, double, f64)
DEFINE_VALUE(f, float, f32)
