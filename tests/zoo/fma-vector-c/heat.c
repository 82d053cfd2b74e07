/* A hot spot spreads along a rod. */
#include "grid.h"
#include <stdio.h>
#include <string.h>

int main(void)
{
    static double now[cells], next[cells];
    for (int i = 0; i < cells; i++)
        now[i] = i >= 100 && i < 120 ? 100.0 / (1 + i % 7) : 20.0;
    for (int step = 0; step <= 600; step++) {
        diffuse(next, now, 0.2371);
        memcpy(now, next, sizeof now);
        if (step % 100 == 0)
            printf("%4d  %.17g  %.17g  %.17g\n", step, now[90], now[110], total(now));
    }
    return 0;
}
