/* Ten throws of a die, seeded from the kernel's clock by a system call of its own. */
#include <stdio.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int main(void)
{
    struct timespec now;
    syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &now);
    unsigned long long state = (unsigned long long)now.tv_nsec;
    for (int i = 0; i < 10; i++) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        printf("%llu\n", (state >> 33) % 6 + 1);
    }
    return 0;
}
