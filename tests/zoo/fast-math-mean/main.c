#include <stdio.h>

#include "image.h"

enum { COUNT = 4099 };

static float pixels[COUNT];

int main(void)
{
    image_fill(pixels, COUNT);
    for (int rows = 1; rows <= 8; rows++)
        printf("%d rows: %.9g\n", rows, image_sum(pixels, rows * COUNT / 8));
    return 0;
}
