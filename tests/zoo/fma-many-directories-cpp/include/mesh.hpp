#pragma once
#include <array>
#include <string>
#include <vector>

struct Vector {
    double x, y, z;
};

struct Mesh {
    std::vector<Vector> corners;
    std::vector<std::array<int, 3>> triangles;
};

Vector operator-(const Vector &a, const Vector &b);
Vector cross(const Vector &a, const Vector &b);
double volume(const Mesh &mesh);
Vector extent(const Mesh &mesh);
Mesh read_mesh(const std::string &text);
