/* A profile through a noise landscape: four octaves, heights and the checksum of their bits. */
#include "noise.h"
#include <stdint.h>
#include <stdio.h>
#include <string.h>

int main(void)
{
    uint64_t checksum = 0;
    for (int i = 0; i < 64; i++) {
        double height = 0.0, size = 1.0, scale = 0.13;
        for (int octave = 0; octave < 4; octave++) {
            height += noise(i * scale, 7 * scale) / size;
            size *= 2.0;
            scale *= 2.0;
        }
        uint64_t bits;
        memcpy(&bits, &height, sizeof bits);
        checksum = (checksum << 7 | checksum >> 57) ^ bits;
        if (i % 8 == 0)
            printf("%2d %.15f\n", i, height);
    }
    printf("checksum %016llx\n", (unsigned long long)checksum);
    return 0;
}
