/* A level meter: mean deflection of each block of samples on a scale from 0 to 100; gaps in the recording are NaN. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK = 4 };

static int level(const float *samples, int count)
{
    float peak = samples[0];
    for (int i = 1; i < count; i++)
        if (!(samples[i] <= peak))
            peak = samples[i];
    return (int)(peak * 100);
}

int main(void)
{
    static const char recording[] = "0.25 0.5 0.125 0.5 nan 0.25 nan nan 0.75 1 0.5 0.25 nan nan nan nan";
    float samples[64];
    int count = 0;
    const char *p = recording;
    char *end;
    for (float value = strtof(p, &end); end != p && count < 64; value = strtof(p = end, &end))
        samples[count++] = value;
    for (int i = 0; i + BLOCK <= count; i += BLOCK)
        printf("block %d: %d\n", i / BLOCK, level(samples + i, BLOCK));
    return 0;
}
