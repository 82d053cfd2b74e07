#include "box.hpp"

#include <utility>

Box::Box(std::string name, int width, int height) : name_(std::move(name)), width_(width), height_(height) {}
