/* Roots of quadratics a x^2 + b x + c with nearly equal roots: the hard case of the discriminant. */
#include <math.h>
#include <stdio.h>

static int solve(double a, double b, double c, double roots[2])
{
    double discriminant = b * b - 4.0 * a * c;
    if (discriminant < 0.0)
        return 0;
    double q = b < 0.0 ? -b + sqrt(discriminant) : -b - sqrt(discriminant);
    roots[0] = q / (2.0 * a);
    roots[1] = 2.0 * c / q;
    return discriminant > 0.0 ? 2 : 1;
}

int main(void)
{
    int kinds[3] = {0, 0, 0};
    for (int i = 1; i <= 40; i++) {
        double root = (10 + i) / 10.0;
        double a = 1.0 / i;
        double b = -2.0 * a * root;
        double c = a * root * root;
        double roots[2] = {0.0, 0.0};
        int count = solve(a, b, c, roots);
        kinds[count]++;
        printf("%2d  %d root(s)  %.17g  %.17g\n", i, count, roots[0], roots[1]);
    }
    printf("none %d, double %d, two %d\n", kinds[0], kinds[1], kinds[2]);
    return 0;
}
