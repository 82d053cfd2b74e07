// NIST ITS-90 inverse coefficients of type K thermocouples.
#include "sensor.hpp"
#include "polynomial.hpp"

double celsius(double millivolts)
{
    static const Polynomial<double, 8> inverse({0.0, 2.508355e1, 7.860106e-2, -2.503131e-1, 8.315270e-2,
                                                -1.228034e-2, 9.804036e-4, -4.413030e-5});
    return inverse(millivolts);
}

float celsius_small(float millivolts)
{
    static const Polynomial<float, 4> inverse({0.1f, 25.08f, 0.0786f, -0.0225f});
    return inverse(millivolts);
}
