#ifndef FILTER_H
#define FILTER_H
struct biquad {
    double b0, b1, b2, a1, a2;
    double z1, z2;
};
double biquad_run(struct biquad *filter, double in);
void gain_apply(double *samples, int count, double factor);
#endif
