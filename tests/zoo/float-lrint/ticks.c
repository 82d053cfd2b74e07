/* Time stamps in seconds to ticks of 90 kHz; a stamp that is missing was written as a huge number. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static long ticks(double seconds)
{
    return lrint(seconds * 90000);
}

int main(void)
{
    static const char *const stamps[] = {"0.5", "1.000011111", "12.75", "1e30", "-3.25", "inf"};
    for (int i = 0; i < 6; i++) {
        long value = ticks(strtod(stamps[i], NULL));
        printf("%12s s = %ld ticks\n", stamps[i], value);
    }
    return 0;
}
