/* A shaded sphere in single precision, printed as numbers. */
#include "vector.h"
#include <stdio.h>

int main(void)
{
    const struct vector light = {0.48f, -0.36f, 0.8f};
    for (int row = 0; row < 12; row++) {
        for (int column = 0; column < 6; column++) {
            struct vector normal = normal_of_sphere(column / 8.0f - 0.3125f, row / 16.0f - 0.375f);
            printf("%.9g%c", dot(normal, light), column < 5 ? ' ' : '\n');
        }
    }
    return 0;
}
