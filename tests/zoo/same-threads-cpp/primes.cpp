// Four threads count primes and add reciprocals; parts are joined in the order of the threads, not of their ends.
#include <array>
#include <atomic>
#include <cstdio>
#include <thread>

static bool is_prime(int n)
{
    for (int d = 2; d * d <= n; ++d)
        if (n % d == 0)
            return false;
    return n > 1;
}

int main()
{
    constexpr int workers = 4, limit = 20000;
    std::atomic<int> count{0};
    std::array<double, workers> reciprocals{};
    std::array<std::thread, workers> threads;
    for (int worker = 0; worker < workers; ++worker)
        threads[worker] = std::thread([worker, &count, &reciprocals] {
            double sum = 0.0;
            for (int n = worker * (limit / workers); n < (worker + 1) * (limit / workers); ++n)
                if (is_prime(n)) {
                    count.fetch_add(1, std::memory_order_relaxed);
                    sum += 1.0 / n;
                }
            reciprocals[worker] = sum;
        });
    double total = 0.0;
    for (int worker = 0; worker < workers; ++worker) {
        threads[worker].join();
        total += reciprocals[worker];
    }
    std::printf("%d primes, sum of reciprocals %.17g\n", count.load(), total);
    return 0;
}
