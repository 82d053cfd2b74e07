/* Mixes two voices and stores them as bytes and as a loudness counter. */
#include <stdint.h>
#include <stdio.h>

static double mixed(double left, double right, double balance)
{
    return left * balance + right / 3.0;
}

static uint32_t offset_of(double level)
{
    return (uint32_t)(level * 1000.0);
}

int main(void)
{
    uint32_t digest = 0;
    for (int i = 0; i < 48; i++) {
        double left = (i % 12 - 6) / 7.0, right = (i % 9 - 4) / 5.0;
        double level = mixed(left, right, 0.7);
        uint32_t offset = offset_of(level);
        digest = digest * 33 + offset;
        printf("%2d level %.17g offset %u\n", i, level, offset);
    }
    printf("digest %08x\n", digest);
    return 0;
}
