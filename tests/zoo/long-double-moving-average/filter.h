#ifndef FILTER_H
#define FILTER_H

/* Both write count - window + 1 values. */
void filter_average(const double *x, int count, int window, double *out);
void filter_median(const double *x, int count, int window, double *out);

#endif
