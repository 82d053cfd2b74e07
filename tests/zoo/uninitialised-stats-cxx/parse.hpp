#pragma once

#include <vector>

std::vector<unsigned> parse(const char *text);
