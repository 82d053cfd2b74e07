#include "parse.hpp"

#include <cstdlib>

/// Numbers of a text, the runs of each digit's class counted on the way to skip separators quickly.
__attribute__((noinline)) std::vector<unsigned> parse(const char *text)
{
    volatile unsigned separators[128];
    std::vector<unsigned> values;
    for (unsigned i = 0; i < 128; i++)
        separators[i] = i % 5;
    for (char *end; *text; text = end) {
        while (*text && !(*text >= '0' && *text <= '9')) {
            separators[*text & 127] = separators[*text & 127] + 1;
            text++;
        }
        if (!*text)
            break;
        values.push_back(static_cast<unsigned>(std::strtoul(text, &end, 10)));
    }
    return values;
}
