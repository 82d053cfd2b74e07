#pragma once

#include <string>
#include <string_view>

class Tokenizer {
public:
    explicit Tokenizer(std::string_view text) : rest_(text) {}
    bool done() const { return rest_.empty(); }
    std::string word();
    int number() { return std::stoi(word()); }

private:
    std::string_view rest_;
};
