// Defect rates of a process that stays within so many standard deviations.
#include "normal.hpp"
#include <iomanip>
#include <iostream>

int main()
{
    std::cout << std::setprecision(17);
    for (int tenths = 5; tenths <= 60; ++tenths)
        std::cout << tenths / 10.0 << " sigma: " << normal::defects(tenths / 10.0) << " ppm\n";
    return 0;
}
