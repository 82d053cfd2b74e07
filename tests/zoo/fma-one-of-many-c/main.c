/* The yearly sheet of a small workshop: areas, stock, interest. */
#include "parts.h"
#include <stdio.h>

enum { count = 24 };

int main(void)
{
    double x[count], y[count], units[count], price[count];
    for (int i = 0; i < count; i++) {
        x[i] = (i * 37) % 101;
        y[i] = (i * 53) % 97;
        units[i] = (i * 11) % 19;
        price[i] = 199 + (i * 731) % 1013;
    }
    printf("box %.17g\n", box_area(120, 80, 35));
    printf("path %.17g\n", path_length_squared(x, y, count));
    printf("polygon %.17g\n", polygon_area_twice(x, y, count));
    printf("order %.17g\n", cents(12, 349, 990));
    printf("stock %.17g\n", stock_value(units, price, count));
    printf("squares %.17g\n", sum_of_squares(x, count));
    printf("covariance %.17g\n", covariance_sum(x, y, count));
    printf("weighted %.17g\n", weighted(x, y, count));
    for (int years = 2; years <= 30; years += 2)
        for (int percent = 3; percent <= 12; percent += 3)
            printf("%2d years at %2d %%: %.17g\n", years, percent, with_interest(199900, percent / 100.0, years));
    return 0;
}
