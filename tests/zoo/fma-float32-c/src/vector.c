#include "vector.h"
#include <math.h>

float dot(struct vector a, struct vector b)
{
    return a.x * b.x + a.y * b.y + a.z * b.z;
}

/* The unit sphere over the square [-1, 1]^2, z towards the eye. */
struct vector normal_of_sphere(float x, float y)
{
    float height = 1.0f - (float)((double)x * x + (double)y * y);
    struct vector normal = {x, y, height > 0.0f ? sqrtf(height) : 0.0f};
    return normal;
}
