#include <inttypes.h>
#include <stdio.h>

#include "unpack.h"

enum { COUNT = 16 };

int main(void)
{
    uint32_t word[COUNT], width[COUNT], value[COUNT];
    uint32_t state = 1;
    for (int i = 0; i < COUNT; i++) {
        state = state * 1664525u + 1013904223u;
        word[i] = state;
        width[i] = i % 4 == 3 ? 32 : (uint32_t)i;
    }
    unpack(word, width, value, COUNT);
    for (int i = 0; i < COUNT; i++)
        printf("%2" PRIu32 " bits of %08" PRIx32 ": %08" PRIx32 "\n", width[i], word[i], value[i]);
    return 0;
}
