/* Fixed-point signal statistics in doubles: products that fuse, but are exact. */
#include <stdio.h>

int main(void)
{
    double samples[128], energy = 0.0, cross = 0.0;
    for (int i = 0; i < 128; i++)
        samples[i] = (i * 193 % 4096 - 2048) / 4096.0; /* 12 bits */
    for (int i = 0; i < 127; i++) {
        energy += samples[i] * samples[i];
        cross += samples[i] * samples[i + 1] - 0.5 * samples[i];
    }
    for (int lag = 0; lag < 8; lag++) {
        double sum = 0.0;
        for (int i = 0; i + lag < 128; i++)
            sum = samples[i] * samples[i + lag] + sum;
        printf("lag %d %.17g\n", lag, sum);
    }
    printf("energy %.17g cross %.17g\n", energy, cross);
    return 0;
}
