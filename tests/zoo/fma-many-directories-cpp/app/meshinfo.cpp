// Size and volume of a built-in tetrahedron, moved about.
#include "mesh.hpp"
#include <cstdio>

static const char *const tetrahedron = "v 0.1 0.2 0.3\nv 1.7 0.4 0.2\nv 0.6 1.9 0.1\nv 0.7 0.8 2.3\n"
                                       "f 1 3 2\nf 1 2 4\nf 2 3 4\nf 3 1 4\n";

int main()
{
    Mesh mesh = read_mesh(tetrahedron);
    for (int i = 0; i < 12; ++i) {
        const Vector size = extent(mesh);
        std::printf("%.17g x %.17g x %.17g: %.17g\n", size.x, size.y, size.z, volume(mesh));
        for (Vector &corner : mesh.corners)
            corner = {corner.y / 1.1, corner.z / 0.9, corner.x / 1.3};
    }
    return 0;
}
