#include "refraction.h"
#include <math.h>

float refracted(float angle, float index)
{
    return asinf(sinf(angle) / index);
}
