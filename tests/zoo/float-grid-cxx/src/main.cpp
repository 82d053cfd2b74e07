#include <iostream>
#include <sstream>

#include "grid.hpp"

int main()
{
    std::istringstream in("0.5 0.25  1.75 0.5  -2.5 3  4e9 1  2 7e12  -5e10 2  0.75 0.125");
    Grid grid(0.5);
    for (Point point; in >> point.x >> point.y;)
        grid.insert(point);
    for (const auto &[cell, points] : grid.cells())
        std::cout << cell.first << ' ' << cell.second << ": " << points.size() << '\n';
}
