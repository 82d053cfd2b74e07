/* Boxes and polygons with corners on whole millimetres. */
#include "parts.h"

double box_area(double width, double height, double depth)
{
    return 2.0 * (width * height + width * depth + height * depth);
}

double path_length_squared(const double *x, const double *y, int count)
{
    double sum = 0.0;
    for (int i = 1; i < count; i++) {
        double dx = x[i] - x[i - 1], dy = y[i] - y[i - 1];
        sum += dx * dx + dy * dy;
    }
    return sum;
}

double polygon_area_twice(const double *x, const double *y, int count)
{
    double sum = 0.0;
    for (int i = 0; i < count; i++) {
        int next = (i + 1) % count;
        sum += x[i] * y[next] - x[next] * y[i];
    }
    return sum;
}
