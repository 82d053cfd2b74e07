#include <stdio.h>

#include "heat.h"

int main(void)
{
    double cells[CELLS] = {0};
    int warm = 0;
    cells[0] = 1;
    for (int step = 0; step < 40; step++)
        heat_step(cells);
    for (int i = 0; i < CELLS; i++)
        warm += cells[i] != 0;
    printf("%d cells are warm, the middle has %g\n", warm, cells[20]);
    return 0;
}
