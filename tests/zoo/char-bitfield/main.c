#include <stdio.h>

#include "residual.h"

int main(void)
{
    static const unsigned char stream[] = {0x13, 0x0f, 0x2e, 0x05, 0x38, 0x01, 0x1b, 0x47};
    int samples[64];
    size_t n = decode(stream, sizeof stream, samples, 64);
    for (size_t i = 0; i < n; i++)
        printf("%d%c", samples[i], i % 8 == 7 || i + 1 == n ? '\n' : ' ');
    return 0;
}
