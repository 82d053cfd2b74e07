/* The alternating harmonic series and Euler's constant, term by term. */
#include <stdio.h>

typedef long double real;

static real alternating(int terms)
{
    real sum = 0;
    for (int k = 1; k <= terms; k++)
        sum += (k % 2 ? 1 : -1) / (real)k;
    return sum;
}

static real harmonic(int terms)
{
    real sum = 0;
    for (int k = terms; k >= 1; k--)
        sum += 1 / (real)k;
    return sum;
}

int main(void)
{
    for (int terms = 10; terms <= 10000; terms *= 10)
        printf("%5d %.20g %.20g\n", terms, (double)(alternating(terms) * 1024), (double)(harmonic(terms) - alternating(terms)));
    real rest = harmonic(1000) - (real)(double)harmonic(1000);
    printf("rest %.10g\n", (double)rest);
    return 0;
}
