#include "grid.h"

void diffuse(double *restrict next, const double *restrict now, double rate)
{
    next[0] = now[0];
    for (int i = 1; i < cells - 1; i++)
        next[i] = now[i] + rate * ((now[i - 1] - now[i]) + (now[i + 1] - now[i]));
    next[cells - 1] = now[cells - 1];
}

double total(const double *cell)
{
    double sum = 0.0;
    for (int i = 0; i < cells; i++)
        sum += cell[i];
    return sum;
}
