#ifndef RAMP_H
#define RAMP_H
#define LERP(from, to, t) ((from) + ((to) - (from)) * (t))

double level_between(double t);
double hue_between(double from, double to, double t);
#endif
