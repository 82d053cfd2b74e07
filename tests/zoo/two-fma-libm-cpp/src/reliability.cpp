// Mean lives of electronic parts, which fail early, and what their service costs.
#include "weibull.hpp"
#include <cstdio>

int main()
{
    for (int i = 1; i <= 60; ++i) {
        const double shape = (20 + i) / 120.0;
        std::printf("shape %.4f  life %.17g h  cost %.17g\n", shape, mean_life(1250.0, shape),
                    service_cost(i * 11, 4.35, 118.9));
    }
    return 0;
}
