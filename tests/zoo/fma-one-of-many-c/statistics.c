/* Moments of whole numbers, not divided yet. */
#include "parts.h"

double sum_of_squares(const double *values, int count)
{
    double sum = 0.0;
    for (int i = 0; i < count; i++)
        sum += values[i] * values[i];
    return sum;
}

double covariance_sum(const double *x, const double *y, int count)
{
    double xy = 0.0, sx = 0.0, sy = 0.0;
    for (int i = 0; i < count; i++) {
        xy += x[i] * y[i];
        sx += x[i];
        sy += y[i];
    }
    return count * xy - sx * sy;
}

double weighted(const double *values, const double *weights, int count)
{
    double sum = 0.0;
    for (int i = 0; i < count; i++)
        sum += 3.0 * values[i] * weights[i] + 7.0;
    return sum;
}
