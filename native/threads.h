/* Sharing the elements of a big array among threads (threads.c). */
#ifndef BITFAST_THREADS_H
#define BITFAST_THREADS_H

#include <stddef.h>

/* Does elements first … first + n - 1 and returns their STATUS_ bits; called by several threads at once. */
typedef unsigned work(const void *call, size_t first, size_t n);

/* All n elements: by this thread, or by several where n is big. The STATUS_ bits of all. */
unsigned bitfast_shared_work(work *run, const void *call, size_t n);
/* The same for tasks that are worth a thread each: they are given out one by one, or, where there is one thread, all at
   once. A call within a task is done by that task's thread alone. */
unsigned bitfast_shared_tasks(work *run, const void *call, size_t count);

#endif
