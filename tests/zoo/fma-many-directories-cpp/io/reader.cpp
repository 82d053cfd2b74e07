// Reads the part of Wavefront OBJ that has triangles: `v x y z` and `f i j k`.
#include "mesh.hpp"
#include <sstream>

Mesh read_mesh(const std::string &text)
{
    Mesh mesh;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        std::string kind;
        words >> kind;
        if (kind == "v") {
            Vector v{};
            words >> v.x >> v.y >> v.z;
            mesh.corners.push_back(v);
        } else if (kind == "f") {
            std::array<int, 3> f{};
            for (int &index : f) {
                words >> index;
                --index;
            }
            mesh.triangles.push_back(f);
        }
    }
    return mesh;
}
