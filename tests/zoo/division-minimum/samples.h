#ifndef SAMPLES_H
#define SAMPLES_H

/* Divides every sample by the divisor, in place. */
void samples_divide(int *samples, int count, int divisor);
long samples_sum(const int *samples, int count);

#endif
