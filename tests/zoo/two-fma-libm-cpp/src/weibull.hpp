#pragma once
// Mean time to failure of a Weibull distribution.
double mean_life(double scale, double shape);
// Cost of a service interval: a fixed part and one for each hour.
double service_cost(double hours, double rate, double fixed);
