/* The threads that big arrays share. They are made by the first big array, wait for the next, and belong to one call at
   a time: a call that finds them taken (by another thread's call) does its work alone. Elements are independent, so who
   computes which changes no bit. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE  /* sched_getaffinity */
#endif
#include "threads.h"

#include "bitfast.h"
#include "environment.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum {
    BIG = 1 << 17,   /* from here on a call is worth waking threads for (about 20 µs) */
    PIECE = 1 << 14, /* elements taken at a time */
    DEFAULT_MOST = 8,
    MOST = 64,
    STACK = 1 << 19, /* bytes: kernels put up to 140 KiB there; musl would give 128 KiB */
    SPINS = 2000,    /* looks for the next call or the last piece before sleeping: some 50 µs, what waking takes */
};

static struct {
    pthread_mutex_t taken;  /* by the call that uses the threads */
    pthread_mutex_t lock;   /* of what follows */
    pthread_cond_t start, done;
    atomic_ulong turn;      /* counts calls; written with the lock held, as `running` */
    int made, wanted;
    atomic_int running;
    work *run;
    const void *call;
    size_t n, piece;
    unsigned status;
} pool = {.taken = PTHREAD_MUTEX_INITIALIZER, .lock = PTHREAD_MUTEX_INITIALIZER, .start = PTHREAD_COND_INITIALIZER,
          .done = PTHREAD_COND_INITIALIZER};

static atomic_size_t next_piece;
static atomic_int asked_for;  /* 0: not asked yet */
static pthread_once_t fork_handler = PTHREAD_ONCE_INIT;

/* A child of fork has one thread: it starts with no threads here, whatever the parent's were doing. */
static void start_afresh(void) {
    pthread_mutex_init(&pool.taken, NULL);
    pthread_mutex_init(&pool.lock, NULL);
    pthread_cond_init(&pool.start, NULL);
    pthread_cond_init(&pool.done, NULL);
    pool.made = pool.wanted = pool.running = 0;
}

static void watch_forks(void) { pthread_atfork(NULL, NULL, start_afresh); }

/* The processors' worth of time that a container may use (cgroup version 2 or 1), or MOST. */
static int allowed_by_group(void) {
    long long quota = -1, period = 0;
    FILE *file = fopen("/sys/fs/cgroup/cpu.max", "re");
    if (file) {
        if (fscanf(file, "%lld %lld", &quota, &period) != 2) quota = -1;  /* "max 100000" */
        fclose(file);
    } else if ((file = fopen("/sys/fs/cgroup/cpu/cpu.cfs_quota_us", "re"))) {
        if (fscanf(file, "%lld", &quota) != 1) quota = -1;
        fclose(file);
        if ((file = fopen("/sys/fs/cgroup/cpu/cpu.cfs_period_us", "re"))) {
            if (fscanf(file, "%lld", &period) != 1) period = 0;
            fclose(file);
        }
    }
    if (quota <= 0 || period <= 0) return MOST;
    long long processors = (quota + period - 1) / period;
    return processors < MOST ? (int)processors : MOST;
}

/* What BITFAST_NUM_THREADS says, or 0. What it cannot mean is named on stderr once. */
static int from_environment(void) {
    static atomic_flag said = ATOMIC_FLAG_INIT;
    const char *wanted = getenv("BITFAST_NUM_THREADS");
    if (!wanted || !*wanted) return 0;
    int before = errno;
    char *end;
    long n = strtol(wanted, &end, 10);
    if (*end || n < 1) n = 0;
    if ((n == 0 || n > MOST) && !atomic_flag_test_and_set(&said))
        fprintf(stderr, "bitfast: BITFAST_NUM_THREADS=%s: %s\n", wanted,
                n ? "64 are used, the most there can be" : "not a number from 1 to 64; the default is used");
    errno = before;
    return n < MOST ? (int)n : MOST;
}

static int from_the_start(void) {
    int n = from_environment();
    if (n > 0) return n;
    cpu_set_t set;
    n = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : (int)sysconf(_SC_NPROCESSORS_ONLN);
    int before = errno;  /* the files may be missing, which is no error of the caller's */
    int group = allowed_by_group();
    errno = before;
    if (n > group) n = group;
    return n < 1 ? 1 : n > DEFAULT_MOST ? DEFAULT_MOST : n;
}

void bitfast_set_num_threads(int n) { atomic_store(&asked_for, n < 1 ? 0 : n > MOST ? MOST : n); }

int bitfast_get_num_threads(void) {
    int n = atomic_load(&asked_for);
    if (n == 0) {
        n = from_the_start();
        int unset = 0;
        if (!atomic_compare_exchange_strong(&asked_for, &unset, n)) n = unset;
    }
    return n;
}

static unsigned take_pieces(work *run, const void *call, size_t n, size_t piece) {
    unsigned status = 0;
    for (;;) {
        size_t first = atomic_fetch_add_explicit(&next_piece, 1, memory_order_relaxed) * piece;
        if (first >= n) return status;
        status |= run(call, first, n - first < piece ? n - first : piece);
    }
}

static inline void pause_a_little(void) {
#if defined __x86_64__
    __builtin_ia32_pause();
#elif defined __aarch64__
    __asm__ volatile("isb");
#endif
}

static void *wait_for_work(void *argument) {
    int number = (int)(size_t)argument;
    unsigned long seen = 0;
    for (;;) {
        for (int i = 0; i < SPINS && atomic_load_explicit(&pool.turn, memory_order_relaxed) == seen; ++i)
            pause_a_little();
        pthread_mutex_lock(&pool.lock);
        while (pool.turn == seen) pthread_cond_wait(&pool.start, &pool.lock);
        seen = pool.turn;
        int wanted = number < pool.wanted;
        work *run = pool.run;
        const void *call = pool.call;
        size_t n = pool.n, piece = pool.piece;
        pthread_mutex_unlock(&pool.lock);
        if (!wanted) continue;
        struct environment e;
        bitfast_environment_begin(&e);  /* each turn: what an earlier one signalled is none of this one's */
        unsigned status = take_pieces(run, call, n, piece);
        bitfast_environment_end(&e);
        pthread_mutex_lock(&pool.lock);
        pool.status |= status;
        if (--pool.running == 0) pthread_cond_signal(&pool.done);
        pthread_mutex_unlock(&pool.lock);
    }
    return NULL;
}

/* Threads up to `count`, as far as the system gives them; signals stay with the program's own threads. Needs the
   lock. */
static void make_threads(int count) {
    sigset_t all, before;
    pthread_attr_t attributes;
    sigfillset(&all);
    if (pthread_attr_init(&attributes) != 0) return;
    pthread_attr_setstacksize(&attributes, STACK);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    while (pool.made < count) {
        pthread_t thread;
        if (pthread_create(&thread, &attributes, wait_for_work, (void *)(size_t)pool.made) != 0) break;
        pthread_detach(thread);
        ++pool.made;
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
}

static unsigned shared(work *run, const void *call, size_t n, size_t piece) {
    if (n <= piece || bitfast_get_num_threads() == 1) return run(call, 0, n);
    pthread_once(&fork_handler, watch_forks);
    if (pthread_mutex_trylock(&pool.taken) != 0) return run(call, 0, n);

    int helpers = bitfast_get_num_threads() - 1;
    pthread_mutex_lock(&pool.lock);
    make_threads(helpers);
    if (helpers > pool.made) helpers = pool.made;
    pool.run = run;
    pool.call = call;
    pool.n = n;
    pool.piece = piece;
    pool.status = 0;
    pool.wanted = pool.running = helpers;
    atomic_store(&next_piece, 0);
    ++pool.turn;
    pthread_cond_broadcast(&pool.start);
    pthread_mutex_unlock(&pool.lock);

    unsigned status = take_pieces(run, call, n, piece);

    for (int i = 0; i < SPINS && atomic_load_explicit(&pool.running, memory_order_relaxed); ++i) pause_a_little();
    pthread_mutex_lock(&pool.lock);
    while (pool.running) pthread_cond_wait(&pool.done, &pool.lock);
    status |= pool.status;
    pthread_mutex_unlock(&pool.lock);
    pthread_mutex_unlock(&pool.taken);
    return status;
}

unsigned bitfast_shared_work(work *run, const void *call, size_t n) {
    return n < BIG ? run(call, 0, n) : shared(run, call, n, PIECE);
}

unsigned bitfast_shared_tasks(work *run, const void *call, size_t count) { return shared(run, call, count, 1); }
