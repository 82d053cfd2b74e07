/* Resamples a decaying saw tooth by 48000/44100 with a table that the build generates. */
#include "table.h"
#include <stdio.h>

static double sample(const double *signal, double position)
{
    int at = (int)position;
    int phase = (int)((position - at) * 64.0);
    return signal[at] * kernel[phase][0] + signal[at + 1] * kernel[phase][1];
}

int main(void)
{
    double signal[66];
    for (int i = 0; i < 66; i++)
        signal[i] = (i % 9 - 4) / (3.0 + i);
    double energy = 0.0;
    for (int i = 0; i < 64; i++) {
        double value = sample(signal, i / 1.0884353741496599);
        energy += value < 0.0 ? -value : value;
        printf("%2d %.17g\n", i, value);
    }
    printf("sum of magnitudes %.17g\n", energy);
    return 0;
}
