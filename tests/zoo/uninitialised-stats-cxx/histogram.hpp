#pragma once

#include <vector>

/// Counts of values from 0 to 99 in ten classes, and the number of values beyond.
struct Histogram {
    unsigned classes[10];
    unsigned beyond;

    void add(unsigned value);
};

void report(const std::vector<unsigned> &values);
