#pragma once

#include <string>

class Box {
public:
    Box(std::string name, int width, int height);
    int area() const { return width_ * height_; }
    const std::string &name() const { return name_; }
    bool wide() const { return width_ > height_; }

private:
    std::string name_;
    int width_, height_;
};
