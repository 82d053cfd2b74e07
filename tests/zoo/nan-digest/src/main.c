#include <inttypes.h>
#include <stdio.h>

#include "digest.h"
#include "field.h"

enum { COUNT = 16 };

int main(void)
{
    double field[COUNT], slope[COUNT - 1];
    for (int width = 1; width < 6; width += 2) {
        potential(field, COUNT, width);
        gradient(field, slope, COUNT);
        printf("width %d: %016" PRIx64 " %016" PRIx64 "\n", width, digest(field, sizeof field), digest(slope, sizeof slope));
    }
    return 0;
}
