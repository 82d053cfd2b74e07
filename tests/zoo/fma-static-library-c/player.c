/* A chord through a 1 kHz low-pass filter at 44.1 kHz. */
#include "filter.h"
#include <stdio.h>

int main(void)
{
    struct biquad low_pass = {0.004603998475022187, 0.009207996950044375, 0.004603998475022187,
                              -1.7990964094846682, 0.8175124033847569, 0.0, 0.0};
    double samples[200];
    for (int i = 0; i < 200; i++)
        samples[i] = biquad_run(&low_pass, (i % 17 - 8) / 9.0 + (i % 23 - 11) / 14.0);
    gain_apply(samples, 200, 0.7);
    for (int i = 0; i < 200; i += 2)
        printf("%3d %.17g\n", i, samples[i]);
    return 0;
}
