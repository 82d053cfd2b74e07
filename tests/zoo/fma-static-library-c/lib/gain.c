#include "filter.h"

void gain_apply(double *samples, int count, double factor)
{
    for (int i = 0; i < count; i++)
        samples[i] *= factor;
}
