/* Reductions of n-dimensional arrays: what to reduce, along which axes, into what. */
#ifndef BITFAST_REDUCTIONS_H
#define BITFAST_REDUCTIONS_H

#include "elements.h"

#include <stddef.h>
#include <stdint.h>

/* Exactly, then rounded once: Σx, Σ|x|, Σx², √Σx², Σxy, Σx/n, Σ|x - mean|²/(n - correction), its root, Σxy/Σy.
   Exact anyway: max |x|. A chain of products: Πx (chains.h). */
enum reduce_operation {
    REDUCE_SUM, REDUCE_ABSOLUTE, REDUCE_SQUARES, REDUCE_NORM, REDUCE_DOT, REDUCE_MEAN, REDUCE_VARIANCE,
    REDUCE_DEVIATION, REDUCE_AVERAGE, REDUCE_LARGEST, REDUCE_PRODUCT,
};

enum { REDUCE_AXES = 64 };

/* Steps in bytes. */
struct reduce_axis {
    size_t n;
    ptrdiff_t x, y, where, result;
};

struct reduction {
    enum reduce_operation operation;
    enum element_type x_type, y_type, result_type;
    const char *x, *y, *where;  /* y: the second factor, the weights, or for a variance imaginary parts; or NULL */
    char *result;
    int kept_count, reduced_count;
    struct reduce_axis kept[REDUCE_AXES], reduced[REDUCE_AXES];  /* in the array's order */
    double correction;
    double initial;  /* added to a sum, multiplied to a product */
    int has_initial;
    int accumulates;   /* results are accumulators, to which sums are added (all but the last operations) */
    /* What was found. */
    int empty;         /* some result is of no elements */
    int no_weight;     /* some weights sum to 0 */
};

/* Does it, by several threads where it is big; sees to the floating-point environment itself. */
void bitfast_reduce(struct reduction *r);

#endif
