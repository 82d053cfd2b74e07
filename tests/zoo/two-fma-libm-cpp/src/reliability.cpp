// Mean lives of bearings and what their service costs.
#include "weibull.hpp"
#include <cstdio>

int main()
{
    for (int i = 1; i <= 30; ++i) {
        const double shape = i / 7.0;
        std::printf("shape %.4f  life %.17g h  cost %.17g\n", shape, mean_life(1250.0, shape),
                    service_cost(i * 11, 4.35, 118.9));
    }
    return 0;
}
