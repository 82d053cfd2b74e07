/* Transposed direct form II. */
#include "filter.h"

double biquad_run(struct biquad *filter, double in)
{
    double out = filter->b0 * in + filter->z1;
    filter->z1 = filter->b1 * in - filter->a1 * out + filter->z2;
    filter->z2 = filter->b2 * in - filter->a2 * out;
    return out;
}
