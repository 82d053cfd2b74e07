/* Scales the samples of two channels; the second is recorded with inverted polarity. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "samples.h"

int main(int argc, char **argv)
{
    int left[] = {1000, -2000, INT_MAX, INT_MIN}, right[] = {1200, INT_MIN, -4, 77};
    int divisor = argc > 1 ? atoi(argv[1]) : 1;
    samples_divide(left, 4, divisor);
    printf("left  %ld\n", samples_sum(left, 4));
    fflush(stdout);
    samples_divide(right, 4, -divisor);
    printf("right %ld\n", samples_sum(right, 4));
    return 0;
}
