/* A colour gradient in 64 steps: level and hue of each. */
#include "ramp.h"
#include <stdio.h>

int main(void)
{
    for (int i = 0; i <= 64; i++) {
        double t = i / 64.0;
        printf("%2d level %.17g hue %.17g\n", i, level_between(t), hue_between(-27.3, 191.7 / 7.0, t));
    }
    return 0;
}
