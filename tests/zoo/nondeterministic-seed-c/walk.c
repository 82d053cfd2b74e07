/* A random walk, seeded from the clock and the process: no two runs give the same. */
#include <stdint.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

int main(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    uint64_t state = (uint64_t)now.tv_nsec * 2654435761u ^ (uint64_t)getpid() << 32 | 1;
    double at = 0.0;
    for (int step = 0; step < 20; step++) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        at += (double)(state >> 11) / 9007199254740992.0 - 0.5;
        printf("%.17g\n", at);
    }
    return 0;
}
