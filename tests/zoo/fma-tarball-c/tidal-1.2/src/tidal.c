/* Hourly heights of a tide from its two largest constituents. */
#include <stdio.h>
#include "wave.h"

int main(void)
{
    struct phasor lunar = {1.0, 0.0}, solar = {0.8660254037844387, 0.5};
    const struct phasor lunar_hour = {0.8748656018066118, 0.4843665063798747};
    const struct phasor solar_hour = {0.8660254037844387, 0.49999999999999994};
    for (int hour = 0; hour <= 72; hour++) {
        if (hour % 6 == 0)
            printf("%3d h %.17g m\n", hour, lunar.re + solar.re / 2.0);
        lunar = turned(lunar, lunar_hour);
        solar = turned(solar, solar_hour);
    }
    return 0;
}
