#include "record.hpp"

namespace record {

int checksum(const std::string &text)
{
    int sum = 0;
    for (auto c : text)
        sum += c;
    return sum;
}

} // namespace record
