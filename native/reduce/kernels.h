/* What sums do in vectors: one table per level (kernels/table.c), chosen by dispatch.c.

   A window takes in numbers up to 2^e in magnitude. Its levels are biased accumulators: M = 1.5·2^52·u, where u is the
   unit of the level, 2^(e-44) of the first, 2^(e-89) of the second and so on. t = acc + x rounds x to a multiple of u;
   x -= t - acc is exact and goes to the next level; as long as acc stays within [2^52, 2^53)·u, which 65 additions
   cannot leave, the bits of acc minus those of M count units. What is left after the last level must be 0, or the block
   is done anew with more levels. (After Rump, Ogita and Oishi, Accurate floating-point summation part I, SIAM J. Sci.
   Comput. 31, 2008; and Ahrens, Demmel and Nguyen, Algorithms for efficient reproducible floating point summation, ACM
   TOMS 46, 2020.) */
#ifndef BITFAST_REDUCE_KERNELS_H
#define BITFAST_REDUCE_KERNELS_H

#include "accumulator.h"

enum what { SUM, ABSOLUTE, SQUARES, PRODUCTS, WHATS };
/* The levels: three for terms, one below the other; two for the errors of products, which are up to 2^(e-53). */
enum { FIRST, SECOND, THIRD, FIRST_OF_ERRORS, SECOND_OF_ERRORS, WINDOW_LEVELS, MOST_LANES = 8 };

struct window {
    _Alignas(64) int64_t units[WINDOW_LEVELS][MOST_LANES];  /* counted so far, per level and lane */
    double biased[WINDOW_LEVELS];
    double limit;    /* 2^e, 0 while nothing but zeros was seen */
    int exponent;    /* e */
    int levels;      /* that the last blocks needed (kernels/sums.c) */
    int patience;
    int blocks;      /* since the units were carried to `sum` */
    struct exact *sum;
};

/* A level's unit is 2^(e - the level's bits). */
static const int level_bits[WINDOW_LEVELS] = {44, 89, 134, 97, 142};
enum { MOST_EXPONENT = 1015, LEAST_EXPONENT = -1074 + 142 };

/* window.c. `sum` gets everything when the window ends; in between it has a part. */
HIDDEN void bitfast_window_begin(struct window *w, struct exact *sum);
HIDDEN void bitfast_window_end(struct window *w);
/* The same and the value of all, faster where `sum` was clear before. */
HIDDEN double bitfast_window_value(struct window *w);
HIDDEN float bitfast_window_valuef(struct window *w);
/* What is in the window goes to `sum`. */
HIDDEN void bitfast_window_flush(struct window *w);
/* The same, and from here on the window is for numbers up to `largest`, which is positive and finite. */
HIDDEN void bitfast_window_move(struct window *w, double largest);

/* Adds n contiguous elements; y is read for PRODUCTS only. Needs rounding to nearest and subnormal numbers: to be
   called between bitfast_environment_begin and _end. */
typedef void add_f64(struct window *w, size_t n, const double *x, const double *y);
typedef void add_f32(struct window *w, size_t n, const float *x, const float *y);

struct reduce_kernels {
    int lanes;
    add_f64 *add_f64[WHATS];
    add_f32 *add_f32[WHATS];
};

#endif
