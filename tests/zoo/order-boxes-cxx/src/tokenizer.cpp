#include "tokenizer.hpp"

#include <algorithm>

std::string Tokenizer::word()
{
    const auto end = std::min(rest_.find(' '), rest_.size());
    std::string token(rest_.substr(0, end));
    rest_.remove_prefix(std::min(end + 1, rest_.size()));
    return token;
}
