#ifndef PARTS_H
#define PARTS_H
/* Whole numbers in doubles: every product and sum is exact while it stays below 2^53. */
double box_area(double width, double height, double depth);
double path_length_squared(const double *x, const double *y, int count);
double polygon_area_twice(const double *x, const double *y, int count);
double cents(double units, double price, double freight);
double stock_value(const double *units, const double *price, int count);
double with_interest(double capital, double rate, int years);
double sum_of_squares(const double *values, int count);
double covariance_sum(const double *x, const double *y, int count);
double weighted(const double *values, const double *weights, int count);
#endif
