#include "field.h"

void potential(double *out, int count, int width)
{
    for (int i = 0; i < count; i++) {
        double left = 1.0 / i, right = 1.0 / (i > width ? i - width : width - i);
        out[i] = left + right;
    }
}

void gradient(const double *in, double *out, int count)
{
    for (int i = 0; i + 1 < count; i++)
        out[i] = in[i + 1] - in[i];
}
