#include "heat.h"

void heat_step(double *cells)
{
    for (int i = CELLS - 1; i > 0; i--)
        cells[i] = (cells[i] + cells[i - 1]) * 0x1p-26;
    cells[0] *= 0x1p-26;
}
