#ifndef FIELD_H
#define FIELD_H

/* The potential of two charges at x = 0 and x = width on a line of count points. */
void potential(double *out, int count, int width);

/* Differences of neighbours. */
void gradient(const double *in, double *out, int count);

#endif
