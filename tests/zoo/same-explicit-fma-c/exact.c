#include "exact.h"
#include <math.h>

double dot2(const double *x, const double *y, int count)
{
    double sum = 0.0, error = 0.0;
    for (int i = 0; i < count; i++) {
        double product = x[i] * y[i];
        error += fma(x[i], y[i], -product);
        double next = fma(x[i], y[i], sum);
        error += fma(x[i], y[i], sum - next) - fma(x[i], y[i], -product);
        sum = next;
    }
    return sum + error;
}
