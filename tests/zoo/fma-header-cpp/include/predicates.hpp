// Geometric predicates in plain double precision.
#pragma once

struct Point {
    double x;
    double y;
};

// Twice the signed area of the triangle a, b, c: positive when they turn left.
inline double orientation(const Point &a, const Point &b, const Point &c)
{
    const double left = (b.x - a.x) * (c.y - a.y);
    return left - (b.y - a.y) * (c.x - a.x);
}
