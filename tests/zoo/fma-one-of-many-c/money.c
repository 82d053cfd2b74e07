/* Sums of money in cents. */
#include "parts.h"

double cents(double units, double price, double freight)
{
    return units * price + freight;
}

double stock_value(const double *units, const double *price, int count)
{
    double sum = 0.0;
    for (int i = 0; i < count; i++)
        sum = units[i] * price[i] + sum;
    return sum;
}

double with_interest(double capital, double rate, int years)
{
    double bonus = 25.0 * years + 100.0;
    for (int year = 0; year < years; year++)
        capital += capital * rate;
    return capital + 2.0 * bonus;
}
