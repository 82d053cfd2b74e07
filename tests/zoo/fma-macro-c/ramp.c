#include "ramp.h"

/* From 16 to 240, t in 64ths: exact. */
double level_between(double t)
{
    return LERP(16.0, 240.0, t);
}

double hue_between(double from, double to, double t)
{
    return LERP(from, to, t);
}
