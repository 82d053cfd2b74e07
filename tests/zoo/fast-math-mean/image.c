#include "image.h"

float image_sum(const float *pixels, int count)
{
    float sum = 0;
    for (int i = 0; i < count; i++)
        sum += pixels[i];
    return sum;
}

void image_fill(float *pixels, int count)
{
    unsigned state = 7;
    for (int i = 0; i < count; i++) {
        state = state * 1103515245u + 12345u;
        pixels[i] = (float)(state >> 9) * 0x1p-20f;
    }
}
