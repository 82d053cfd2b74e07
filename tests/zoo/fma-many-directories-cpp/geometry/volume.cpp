#include "mesh.hpp"
#include <algorithm>

// The divergence theorem: a sixth of the sum of the triangles' spat products.
double volume(const Mesh &mesh)
{
    double sum = 0.0;
    for (const auto &triangle : mesh.triangles) {
        const Vector normal = cross(mesh.corners[triangle[1]], mesh.corners[triangle[2]]);
        sum += mesh.corners[triangle[0]].z * normal.z / 2.0;
    }
    return sum;
}

Vector extent(const Mesh &mesh)
{
    Vector low = mesh.corners[0], high = low;
    for (const Vector &corner : mesh.corners) {
        low = {std::min(low.x, corner.x), std::min(low.y, corner.y), std::min(low.z, corner.z)};
        high = {std::max(high.x, corner.x), std::max(high.y, corner.y), std::max(high.z, corner.z)};
    }
    return high - low;
}
