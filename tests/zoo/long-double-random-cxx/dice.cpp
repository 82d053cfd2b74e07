// Throws dice and counts what came up.
#include <array>
#include <iostream>
#include <random>

class Dice {
public:
    explicit Dice(unsigned seed) : generator_(seed) {}

    int operator()()
    {
        return 1 + static_cast<int>(uniform_(generator_) * 6);
    }

private:
    std::mt19937 generator_;
    std::uniform_real_distribution<long double> uniform_{0, 1};
};

int main()
{
    Dice dice(2024);
    std::array<int, 6> counts{};
    for (int i = 0; i < 60; i++) {
        const int face = dice();
        counts[face - 1]++;
        std::cout << face << (i % 20 == 19 ? '\n' : ' ');
    }
    for (int face = 1; face <= 6; face++)
        std::cout << face << ": " << counts[face - 1] << '\n';
}
