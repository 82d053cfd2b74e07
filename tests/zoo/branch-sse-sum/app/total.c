#include <stdio.h>

#include "vector.h"

enum { COUNT = 1000 };

int main(void)
{
    float x[COUNT];
    for (int i = 0; i < COUNT; i++)
        x[i] = (float)(i * 7919 % 1013) / 7;
    for (int rounds = 0; rounds < 4; rounds++) {
        printf("%.9g\n", vector_sum(x, COUNT));
        vector_scale(x, COUNT, 1.1f);
    }
    return 0;
}
