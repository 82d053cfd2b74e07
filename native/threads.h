/* Sharing the elements of a big array among threads (threads.c). */
#ifndef BITFAST_THREADS_H
#define BITFAST_THREADS_H

#include <stddef.h>

/* Does elements first … first + n - 1 and returns their STATUS_ bits; called by several threads at once. */
typedef unsigned work(const void *call, size_t first, size_t n);

/* All n elements: by this thread, or by several where n is big. The STATUS_ bits of all. */
unsigned bitfast_shared_work(work *run, const void *call, size_t n);

#endif
