#ifndef IMAGE_H
#define IMAGE_H

float image_sum(const float *pixels, int count);
void image_fill(float *pixels, int count);

#endif
