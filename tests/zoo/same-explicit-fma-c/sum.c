/* Dot products of badly conditioned vectors. */
#include "exact.h"
#include <stdio.h>

int main(void)
{
    double x[60], y[60];
    for (int i = 0; i < 60; i++) {
        x[i] = (i % 2 ? -1.0 : 1.0) * (1 + i / 2) * 12345.678;
        y[i] = 1.0 / (3 + i / 4);
    }
    for (int count = 10; count <= 60; count += 10)
        printf("%2d %.17g\n", count, dot2(x, y, count));
    return 0;
}
