// A histogram with many casts from double to small integers, all of them in range.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>

int main()
{
    std::array<std::uint32_t, 16> bins{};
    std::uint64_t state = 88172645463325252u;
    for (int i = 0; i < 5000; ++i) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        const double uniform = static_cast<double>(state >> 11) / 9007199254740992.0;
        const double level = uniform * uniform * 40.0;
        const double clamped = std::clamp(level, 0.0, 15.999);
        bins[static_cast<std::uint8_t>(clamped)] += 1;
        if (i % 1000 == 0)
            std::printf("%ld %d %u\n", std::lrint(level), static_cast<signed char>(clamped - 8.0),
                        static_cast<unsigned>(clamped));
    }
    for (std::size_t i = 0; i < bins.size(); ++i)
        std::printf("%2zu %u\n", i, bins[i]);
    return 0;
}
