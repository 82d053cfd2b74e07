/* The thread pool by itself, for the thread sanitizer: several callers at once, with changing numbers of
   threads. Compiled together with native/threads.c and native/environment.c. */
#include "threads.h"

#include "bitfast.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

enum { N = 1 << 18, CALLERS = 3, ROUNDS = 20 };

static unsigned add_one(const void *call, size_t first, size_t n) {
    unsigned char *counts = *(unsigned char *const *)call;
    for (size_t i = first; i < first + n; ++i) ++counts[i];
    return first == 0 ? 4 : 0;
}

static void *caller(void *argument) {
    unsigned char *counts = calloc(N, 1);
    size_t wrong = 0;
    for (int round = 1; round <= ROUNDS; ++round) {
        bitfast_set_num_threads(1 + round % 5);
        wrong += bitfast_shared_work(add_one, &counts, N) != 4;
        for (size_t i = 0; i < N; i += 97) wrong += counts[i] != round;
    }
    free(counts);
    *(size_t *)argument = wrong;
    return NULL;
}

int main(void) {
    pthread_t threads[CALLERS];
    size_t wrong[CALLERS], all = 0;
    for (int k = 0; k < CALLERS; ++k) pthread_create(&threads[k], NULL, caller, &wrong[k]);
    for (int k = 0; k < CALLERS; ++k) {
        pthread_join(threads[k], NULL);
        all += wrong[k];
    }
    printf("%zu wrong\n", all);
    return all != 0;
}
