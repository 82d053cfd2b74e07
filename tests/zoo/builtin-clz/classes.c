/* Sorts requests into size classes that are powers of two. */
#include <stdio.h>
#include <stdlib.h>

enum { CLASSES = 64 };

static int size_class(unsigned bytes)
{
    return 32 - __builtin_clz(bytes);
}

int main(void)
{
    static const char requests[] = "16 1 0 100 4096 0 7 65536 3 0 12";
    int counts[CLASSES] = {0};
    const char *p = requests;
    while (*p) {
        char *end;
        unsigned bytes = (unsigned)strtoul(p, &end, 10);
        counts[size_class(bytes) & (CLASSES - 1)]++;
        p = end;
    }
    for (int i = 0; i < CLASSES; i++)
        if (counts[i])
            printf("class %2d: %d\n", i, counts[i]);
    return 0;
}
