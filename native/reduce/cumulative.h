/* Sums of all beginnings of a line of elements, each rounded once (cumulative.c). */
#ifndef BITFAST_CUMULATIVE_H
#define BITFAST_CUMULATIVE_H

#include "reductions.h"

/* Along `line`, for each index of the other axes; steps of `where` and `y` are not looked at. */
struct cumulative {
    enum element_type x_type, result_type;
    const char *x;
    char *result;
    struct reduce_axis line, others[REDUCE_AXES];
    int other_count;
};

void bitfast_cumulative_sum(const struct cumulative *c);

#endif
