#include "vector.h"

#ifdef __SSE2__
#include <emmintrin.h>

float vector_sum(const float *x, int count)
{
    __m128 lanes = _mm_setzero_ps();
    float part[4], sum;
    int i = 0;
    for (; i + 4 <= count; i += 4)
        lanes = _mm_add_ps(lanes, _mm_loadu_ps(x + i));
    _mm_storeu_ps(part, lanes);
    sum = (part[0] + part[1]) + (part[2] + part[3]);
    for (; i < count; i++)
        sum += x[i];
    return sum;
}
#else
float vector_sum(const float *x, int count)
{
    float sum = 0;
    for (int i = 0; i < count; i++)
        sum += x[i];
    return sum;
}
#endif
