#include "histogram.hpp"

#include <cstdio>

void Histogram::add(unsigned value)
{
    if (value < 100)
        classes[value / 10]++;
    else
        beyond++;
}

__attribute__((noinline)) void report(const std::vector<unsigned> &values)
{
    Histogram histogram;
    for (unsigned value : values)
        histogram.add(value);
    for (unsigned i = 0; i < 10; i++)
        std::printf("%2u-%2u: %u\n", i * 10, i * 10 + 9, histogram.classes[i]);
    std::printf("beyond: %u\n", histogram.beyond);
}
