// Convex hull of points that lie almost on the sides of a triangle.
#include "hull.hpp"
#include <cstdio>

int main()
{
    std::vector<Point> points;
    const Point corners[3] = {{0.1, 0.1}, {7.3, 1.7}, {2.9, 6.1}};
    for (int side = 0; side < 3; ++side) {
        const Point from = corners[side], to = corners[(side + 1) % 3];
        const Point step = {(to.x - from.x) / 30.0, (to.y - from.y) / 30.0};
        for (Point point = from; points.size() < 30u * (side + 1); point = {point.x + step.x, point.y + step.y})
            points.push_back(point);
    }
    const std::vector<Point> hull = convex_hull(points);
    std::printf("%zu of %zu points on the hull\n", hull.size(), points.size());
    for (const Point &point : hull)
        std::printf("%.17g %.17g\n", point.x, point.y);
    return 0;
}
