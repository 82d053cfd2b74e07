#include <iostream>
#include <vector>

#include "record.hpp"

int main()
{
    const std::vector<std::string> records = {"GPGGA,123519,4807.038,N", "Messgröße,23.5,°C", "débit,4,m³/h", "OK"};
    for (const auto &text : records)
        std::cout << record::format(text) << '\n';
}
