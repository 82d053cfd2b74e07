/* Calls of the C library whose answers agree: correctly rounded ones, and others printed to nine digits. */
#include <math.h>
#include <stdio.h>

int main(void)
{
    for (int degrees = 3; degrees < 90; degrees += 7) {
        double radians = degrees / 57.29577951308232;
        printf("%2d  %.17g  %.9f  %.9f  %.17g\n", degrees, sqrt(radians), sin(radians), exp(-radians),
               floor(100.0 * radians) / 4.0 - fabs(trunc(-radians)));
    }
    return 0;
}
