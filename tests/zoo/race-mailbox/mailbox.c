/* A producer hands numbers to a consumer through a mailbox of one place. */
#include <pthread.h>
#include <sched.h>
#include <stdio.h>

enum { COUNT = 2000 };

volatile long letter;
volatile int full;

static void *produce(void *unused)
{
    (void)unused;
    for (long i = 1; i <= COUNT; i++) {
        while (full)
            sched_yield();
        letter = i * i;
        full = 1;
    }
    return NULL;
}

int main(void)
{
    pthread_t producer;
    long sum = 0;
    if (pthread_create(&producer, NULL, produce, NULL))
        return 1;
    for (int i = 0; i < COUNT; i++) {
        while (!full)
            sched_yield();
        sum += letter;
        full = 0;
    }
    pthread_join(producer, NULL);
    printf("sum %ld\n", sum);
    return 0;
}
