/* A sieve that also says how long it took and where its table lies. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { limit = 200000 };

int main(void)
{
    clock_t begin = clock();
    char *composite = calloc(limit + 1, 1);
    if (composite == NULL)
        return 1;
    int count = 0, last = 0;
    for (int n = 2; n <= limit; n++) {
        if (composite[n])
            continue;
        count++;
        last = n;
        for (long multiple = (long)n * n; multiple <= limit; multiple += n)
            composite[multiple] = 1;
    }
    printf("table at %p\n", (void *)composite);
    printf("%d primes up to %d, the last is %d\n", count, limit, last);
    printf("CPU seconds: %.6f\n", (double)(clock() - begin) / CLOCKS_PER_SEC);
    free(composite);
    return 0;
}
