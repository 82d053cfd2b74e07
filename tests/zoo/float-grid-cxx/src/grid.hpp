#pragma once

#include <map>
#include <utility>
#include <vector>

struct Point {
    double x, y;
};

/// Points sorted into square cells.
class Grid {
public:
    explicit Grid(double cell) : cell_(cell) {}
    void insert(const Point &point);
    const std::map<std::pair<int, int>, std::vector<Point>> &cells() const { return cells_; }

private:
    int index(double coordinate) const;

    double cell_;
    std::map<std::pair<int, int>, std::vector<Point>> cells_;
};
