#ifndef VECTOR_H
#define VECTOR_H

float vector_sum(const float *x, int count);
void vector_scale(float *x, int count, float factor);

#endif
