#include "grid.hpp"

int Grid::index(double coordinate) const
{
    return static_cast<int>(coordinate / cell_);
}

void Grid::insert(const Point &point)
{
    cells_[{index(point.x), index(point.y)}].push_back(point);
}
