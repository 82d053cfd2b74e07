// Numbers nodes in the order of their addresses' hash.
#include <cstdint>
#include <cstdio>

int main()
{
    static int of_the_program = 1;
    int of_the_stack = 2;
    int *nodes[] = {&of_the_program, &of_the_stack, new int[1000000]};
    std::uint64_t hash = 0;
    for (int *node : nodes)
        hash = (hash ^ reinterpret_cast<std::uintptr_t>(node)) * 1099511628211u;
    std::printf("%llu\n", static_cast<unsigned long long>(hash >> 20));
    delete[] nodes[2];
}
