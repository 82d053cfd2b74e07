#include <stdlib.h>
#include <string.h>

#include "filter.h"

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

void filter_median(const double *x, int count, int window, double *out)
{
    double *sorted = malloc(window * sizeof *sorted);
    if (!sorted)
        abort();
    for (int i = 0; i + window <= count; i++) {
        memcpy(sorted, x + i, window * sizeof *sorted);
        qsort(sorted, window, sizeof *sorted, ascending);
        out[i] = sorted[window / 2];
    }
    free(sorted);
}
