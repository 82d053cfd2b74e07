// Sorts names with strcmp and memcmp and looks only at the sign of what they return.
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <vector>

int main()
{
    std::vector<const char *> names = {"Zürich", "Zurich", "Ålesund", "Aarhus", "Ünye", "Utrecht",
                                       "Čakovec", "Calais", "Łódź", "Lodi", "Zug", "Aa"};
    std::sort(names.begin(), names.end(), [](const char *a, const char *b) { return std::strcmp(a, b) < 0; });
    for (const char *name : names)
        std::puts(name);
    int before = 0;
    for (const char *name : names)
        before += std::memcmp(name, "M\xc3", 2) < 0 ? 1 : 0;
    std::printf("%d before M\n", before);
    return 0;
}
