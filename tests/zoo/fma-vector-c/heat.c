/* Heat spreads along a rod that was heated unevenly. */
#include "grid.h"
#include <stdio.h>
#include <string.h>

int main(void)
{
    static double now[cells], next[cells];
    for (int i = 0; i < cells; i++)
        now[i] = (i * 37 % 101 - 50) / 3.0;
    for (int step = 0; step <= 40; step++) {
        diffuse(next, now, 0.4371);
        memcpy(now, next, sizeof now);
        printf("%2d  total %.17g", step, total(now));
        for (int i = 50; i < 200; i += 30)
            printf("  %.17g", now[i]);
        printf("\n");
    }
    return 0;
}
