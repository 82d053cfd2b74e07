/* Means summed in long double and printed with six places: 80 or 128 bits make no difference. */
#include <stdio.h>

static long double mean(const double *values, int count)
{
    long double sum = 0.0L;
    for (int i = 0; i < count; i++)
        sum += values[i];
    return sum / count;
}

int main(void)
{
    double values[500];
    for (int i = 0; i < 500; i++)
        values[i] = (i * 7919 % 1009) / 7.0;
    for (int count = 50; count <= 500; count += 50)
        printf("%3d %.6Lf\n", count, mean(values, count));
    return 0;
}
