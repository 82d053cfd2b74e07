#include "weibull.hpp"
#include <cmath>

double mean_life(double scale, double shape)
{
    return scale * std::tgamma(1.0 + 1.0 / shape);
}

double service_cost(double hours, double rate, double fixed)
{
    return hours * rate + fixed;
}
