#include <stdio.h>

#include "filter.h"

enum { COUNT = 60, WINDOW = 5 };

int main(void)
{
    double x[COUNT], average[COUNT], median[COUNT];
    unsigned state = 12345;
    for (int i = 0; i < COUNT; i++) {
        state = state * 1103515245u + 12345u;
        x[i] = (i % 7 == 3 ? 1e9 : 1.0) + (state >> 16) / 3.0;
    }
    filter_average(x, COUNT, WINDOW, average);
    filter_median(x, COUNT, WINDOW, median);
    for (int i = 0; i + WINDOW <= COUNT; i++)
        printf("%.17g %.17g\n", average[i], median[i]);
    return 0;
}
