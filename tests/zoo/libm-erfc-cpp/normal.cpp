#include "normal.hpp"
#include <cmath>

namespace normal {

double upper_tail(double x)
{
    return std::erfc(x / std::sqrt(2.0)) / 2.0;
}

double defects(double sigmas)
{
    return 2e6 * upper_tail(sigmas);
}

}
