#include "vector.h"

void vector_scale(float *x, int count, float factor)
{
    for (int i = 0; i < count; i++)
        x[i] *= factor;
}
