/* The functions of the C library that the zoo's programs call, in plain double arithmetic without fusing: not accurate
   to the last place, but the same on every chip. The verification links it on both sides to switch the library off. */

static const double ln2 = 0.6931471805599453, pi = 3.141592653589793;

static double magnitude(double x) { return x < 0.0 ? -x : x; }

static double root(double x)
{
    if (x <= 0.0)
        return 0.0;
    double y = x > 1.0 ? x : 1.0;
    for (int i = 0; i < 80; i++)
        y = (y + x / y) / 2.0;
    return y;
}

static double exponential(double x)
{
    int halvings = 0;
    for (; magnitude(x) > 0.01; halvings++)
        x /= 2.0;
    double term = 1.0, sum = 1.0;
    for (int i = 1; i < 12; i++)
        sum += term *= x / i;
    for (; halvings > 0; halvings--)
        sum *= sum;
    return sum;
}

static double logarithm(double x)
{
    double sum = 0.0;
    for (; x > 1.5; x /= 2.0)
        sum += ln2;
    for (; x < 0.75; x *= 2.0)
        sum -= ln2;
    double t = (x - 1.0) / (x + 1.0), power = t;
    for (int i = 1; i < 60; i += 2) {
        sum += 2.0 * power / i;
        power *= t * t;
    }
    return sum;
}

static double sine(double x)
{
    while (x > pi)
        x -= 2.0 * pi;
    while (x < -pi)
        x += 2.0 * pi;
    double term = x, sum = x;
    for (int i = 2; i < 40; i += 2)
        sum += term *= -x * x / (i * (i + 1));
    return sum;
}

double exp(double x) { return exponential(x); }
double log(double x) { return logarithm(x); }
double pow(double x, double y) { return exponential(y * logarithm(x)); }
double sin(double x) { return sine(x); }
double cos(double x) { return sine(x + pi / 2.0); }
double hypot(double x, double y) { return root(x * x + y * y); }
float sinf(float x) { return (float)sine(x); }

float asinf(float x)
{
    double y = x;
    for (int i = 0; i < 20; i++)
        y -= (sine(y) - x) / sine(y + pi / 2.0);
    return (float)y;
}

double cbrt(double x)
{
    double y = 1.0;
    for (int i = 0; i < 100; i++)
        y = (2.0 * y + x / (y * y)) / 3.0;
    return y;
}

/* Abramowitz and Stegun 7.1.26, for x >= 0. */
double erfc(double x)
{
    double t = 1.0 / (1.0 + 0.3275911 * x);
    return ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t
           * exponential(-x * x);
}

/* Stirling's series after the recurrence, for x > 0. */
double tgamma(double x)
{
    double product = 1.0;
    for (; x < 20.0; x += 1.0)
        product *= x;
    double series = 1.0 / (12.0 * x) - 1.0 / (360.0 * x * x * x) + 1.0 / (1260.0 * x * x * x * x * x);
    return exponential((x - 0.5) * logarithm(x) - x + logarithm(2.0 * pi) / 2.0 + series) / product;
}

double j0(double x)
{
    double term = 1.0, sum = 1.0;
    for (int i = 1; i < 60; i++)
        sum += term *= -x * x / (4.0 * i * i);
    return sum;
}
