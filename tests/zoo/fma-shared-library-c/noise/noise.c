#include "noise.h"
#include <stdint.h>

static double corner(int32_t x, int32_t y)
{
    uint32_t h = (uint32_t)x * 374761393u + (uint32_t)y * 668265263u;
    h = (h ^ (h >> 13)) * 1274126177u;
    return (h ^ (h >> 16)) / 4294967296.0;
}

static double mix(double from, double to, double t)
{
    return from + (to - from) * t;
}

double noise(double x, double y)
{
    int32_t ix = (int32_t)x, iy = (int32_t)y;
    double fx = x - ix, fy = y - iy;
    double top = mix(corner(ix, iy), corner(ix + 1, iy), fx);
    double bottom = mix(corner(ix, iy + 1), corner(ix + 1, iy + 1), fx);
    return mix(top, bottom, fy);
}
