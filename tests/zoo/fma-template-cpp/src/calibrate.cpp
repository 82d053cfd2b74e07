// A table of temperatures over voltages.
#include "sensor.hpp"
#include <cstdio>

int main()
{
    for (int i = 0; i <= 40; ++i) {
        const double millivolts = i / 10.0;
        std::printf("%5.2f mV  %.17g  %.9g\n", millivolts, celsius(millivolts),
                    static_cast<double>(celsius_small(static_cast<float>(millivolts))));
    }
    return 0;
}
