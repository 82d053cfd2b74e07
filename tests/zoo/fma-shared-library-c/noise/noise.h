#ifndef NOISE_H
#define NOISE_H
/* Value noise in [0, 1): smooth, repeatable, from a hash of whole coordinates. */
double noise(double x, double y);
#endif
