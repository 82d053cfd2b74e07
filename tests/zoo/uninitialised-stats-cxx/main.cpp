#include "histogram.hpp"
#include "parse.hpp"

int main()
{
    const auto values = parse("3, 17, 22; 22; 48, 51, 99, 100, 7, 250; 64, 33");
    report(values);
}
