#pragma once
#include "predicates.hpp"
#include <vector>

std::vector<Point> convex_hull(std::vector<Point> points);
