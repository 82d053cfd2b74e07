/* Reads points from a stream of numbers and prints the box around them. */
#include <stdio.h>
#include <stdlib.h>

struct point {
    int x, y, z;
};

static const char *input = "1 2 3 40 50 60 -7 8 -9";

static int next(void)
{
    char *end;
    int value = (int)strtol(input, &end, 10);
    input = end;
    return value;
}

static __attribute__((noinline)) struct point point(int x, int y, int z)
{
    return (struct point){x, y, z};
}

int main(void)
{
    for (int i = 0; i < 3; i++) {
        struct point p = point(next(), next(), next());
        printf("x=%d y=%d z=%d\n", p.x, p.y, p.z);
    }
    return 0;
}
