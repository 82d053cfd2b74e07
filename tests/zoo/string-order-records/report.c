#include <stdio.h>

#include "key.h"

void report(const int *ranks, int count)
{
    long sum = 0;
    for (int i = 0; i < count; i++) {
        printf("%d%c", ranks[i], i + 1 < count ? ' ' : '\n');
        sum += ranks[i];
    }
    printf("sum %ld\n", sum);
}
