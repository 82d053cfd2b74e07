#pragma once

#include <string>
#include <string_view>

namespace record {

/// The sum of all characters, as the receiver computes it.
int checksum(const std::string &text);

/// "$TEXT*SUM", the sum in decimal.
std::string format(const std::string &text);

} // namespace record
