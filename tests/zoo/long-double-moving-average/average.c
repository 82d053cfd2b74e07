#include <stdlib.h>

#include "filter.h"

/* Differences of prefix sums, which are kept in the widest type there is. */
void filter_average(const double *x, int count, int window, double *out)
{
    long double *prefix = malloc((count + 1) * sizeof *prefix);
    if (!prefix)
        abort();
    prefix[0] = 0;
    for (int i = 0; i < count; i++)
        prefix[i + 1] = prefix[i] + x[i];
    for (int i = 0; i + window <= count; i++)
        out[i] = (double)((prefix[i + window] - prefix[i]) / window);
    free(prefix);
}
