#include "record.hpp"

namespace record {

std::string format(const std::string &text)
{
    std::string line = "$";
    for (char c : text)
        line += c == '*' ? '+' : c;
    return line + '*' + std::to_string(checksum(text));
}

} // namespace record
