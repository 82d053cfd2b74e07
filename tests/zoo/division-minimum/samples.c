#include "samples.h"

void samples_divide(int *samples, int count, int divisor)
{
    for (int i = 0; i < count; i++)
        samples[i] /= divisor;
}

long samples_sum(const int *samples, int count)
{
    long sum = 0;
    for (int i = 0; i < count; i++)
        sum += samples[i];
    return sum;
}
