/* Holds still, or moves, what makes a program's answers change from run to run: preloaded into every process, it answers
   for the C library where a program asks for the time, for random bytes or for its process id.

   BITFAST_STEADY lists what is held: `time` (every clock starts at the same moment and advances by a millisecond with
   each look at it, so that waiting for it ends), `random` (the same sequence in every process), `process` (one fixed id;
   it lies above what Linux gives to a process, so that a signal sent to it by another way than kill(2) meets nobody).
   BITFAST_CLOCK_SHIFT, in seconds, moves the clocks of the calendar.

   What it cannot hold: instructions (rdtsc, rdrand), system calls made without the C library, programs that are linked
   statically. In QEMU itself it does nothing; it acts in the program that QEMU runs. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timeb.h>
#include <sys/times.h>
#include <time.h>
#include <unistd.h>

enum {
    START_CALENDAR = 1600000000, /* 2020-09-13 12:26:40 UTC */
    START_UPTIME = 1,            /* in the past of any machine: waiting until a moment of this clock does not block */
    STEP_NANOSECONDS = 1000000,
    FIXED_PROCESS = 4194304 + 4242, /* Linux gives ids below 2^22 (PID_MAX_LIMIT) */
    RANDOM_FILE_BYTES = 1 << 20,
};

static bool holds_time, holds_random, holds_process;
static long long shift_seconds;
static pid_t real_process; /* of the process that was started; a child of fork(2) keeps its own id */
static _Atomic uint64_t looks, drawn;

static bool listed(const char *list, const char *word) { return list && strstr(list, word); }

__attribute__((constructor)) static void begin(void) {
    char self[256] = "";
    if (readlink("/proc/self/exe", self, sizeof self - 1) > 0) {
        const char *name = strrchr(self, '/');
        if (name && strncmp(name + 1, "qemu-", 5) == 0)
            return;
    }
    const char *held = getenv("BITFAST_STEADY"), *shift = getenv("BITFAST_CLOCK_SHIFT");
    holds_time = listed(held, "time");
    holds_random = listed(held, "random");
    holds_process = listed(held, "process");
    shift_seconds = shift ? atoll(shift) : 0;
    real_process = (pid_t)syscall(SYS_getpid);
}

/* -- time ----------------------------------------------------------------------------------------------------------- */

static bool is_calendar(clockid_t clock) {
    return clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE || clock == CLOCK_TAI;
}

static struct timespec steady(clockid_t clock) {
    uint64_t passed = (atomic_fetch_add(&looks, 1) + 1) * STEP_NANOSECONDS;
    bool counts_from_start = clock == CLOCK_PROCESS_CPUTIME_ID || clock == CLOCK_THREAD_CPUTIME_ID;
    time_t start = is_calendar(clock) ? START_CALENDAR : counts_from_start ? 0 : START_UPTIME;
    return (struct timespec){start + (time_t)(passed / 1000000000u), (long)(passed % 1000000000u)};
}

int clock_gettime(clockid_t clock, struct timespec *now) {
    if (holds_time) {
        *now = steady(clock);
        return 0;
    }
    int status = (int)syscall(SYS_clock_gettime, clock, now);
    if (status == 0 && is_calendar(clock))
        now->tv_sec += shift_seconds;
    return status;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
    struct timespec precise;
    if (zone)
        memset(zone, 0, sizeof(struct timezone));
    int status = clock_gettime(CLOCK_REALTIME, &precise);
    if (status == 0)
        *now = (struct timeval){precise.tv_sec, precise.tv_nsec / 1000};
    return status;
}

time_t time(time_t *result) {
    struct timespec now = {0};
    clock_gettime(CLOCK_REALTIME, &now);
    if (result)
        *result = now.tv_sec;
    return now.tv_sec;
}

int timespec_get(struct timespec *now, int base) {
    return base == TIME_UTC && clock_gettime(CLOCK_REALTIME, now) == 0 ? base : 0;
}

int ftime(struct timeb *now) {
    struct timespec precise = {0};
    clock_gettime(CLOCK_REALTIME, &precise);
    *now = (struct timeb){.time = precise.tv_sec, .millitm = (unsigned short)(precise.tv_nsec / 1000000)};
    return 0;
}

clock_t clock(void) {
    struct timespec used = {0};
    if (clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used) != 0)
        return -1;
    return (clock_t)(used.tv_sec * CLOCKS_PER_SEC + used.tv_nsec / (1000000000 / CLOCKS_PER_SEC));
}

clock_t times(struct tms *used) {
    if (!holds_time)
        return (clock_t)syscall(SYS_times, used);
    struct timespec now = steady(CLOCK_MONOTONIC);
    clock_t ticks = (clock_t)(now.tv_sec * sysconf(_SC_CLK_TCK) + now.tv_nsec / (1000000000 / sysconf(_SC_CLK_TCK)));
    if (used)
        *used = (struct tms){.tms_utime = ticks};
    return ticks;
}

/* The memory used and the page faults do not repeat either. */
int getrusage(__rusage_who_t who, struct rusage *usage) {
    if (!holds_time)
        return (int)syscall(SYS_getrusage, who, usage);
    struct timespec used = steady(CLOCK_PROCESS_CPUTIME_ID);
    memset(usage, 0, sizeof *usage);
    usage->ru_utime = (struct timeval){used.tv_sec, used.tv_nsec / 1000};
    return 0;
}

/* -- random bytes --------------------------------------------------------------------------------------------------- */

/* splitmix64 (S. Vigna, public domain), from a fixed start. */
static uint64_t draw(void) {
    uint64_t word = (atomic_fetch_add(&drawn, 1) + 1) * 0x9e3779b97f4a7c15u;
    word = (word ^ word >> 30) * 0xbf58476d1ce4e5b9u;
    word = (word ^ word >> 27) * 0x94d049bb133111ebu;
    return word ^ word >> 31;
}

static void fill(void *bytes, size_t length) {
    unsigned char *at = bytes;
    for (size_t i = 0; i < length; i += 8) {
        uint64_t word = draw();
        for (size_t k = 0; k < 8 && i + k < length; k++) /* the same bytes whatever the order of bytes */
            at[i + k] = (unsigned char)(word >> 8 * k);
    }
}

ssize_t getrandom(void *bytes, size_t length, unsigned flags) {
    if (!holds_random)
        return syscall(SYS_getrandom, bytes, length, flags);
    fill(bytes, length);
    return (ssize_t)length;
}

int getentropy(void *bytes, size_t length) { return getrandom(bytes, length, 0) == (ssize_t)length ? 0 : -1; }

void arc4random_buf(void *bytes, size_t length) {
    for (size_t done = 0; done < length;) {
        ssize_t got = getrandom((char *)bytes + done, length - done, 0);
        done += got > 0 ? (size_t)got : 0;
    }
}

uint32_t arc4random(void) {
    unsigned char bytes[4];
    arc4random_buf(bytes, sizeof bytes);
    return bytes[0] | bytes[1] << 8 | bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

uint32_t arc4random_uniform(uint32_t bound) {
    if (bound < 2)
        return 0;
    uint32_t least = -bound % bound, value;
    while ((value = arc4random()) < least) {}
    return value % bound;
}

/* std::random_device::_M_getval() of libstdc++, which asks the processor on x86. */
unsigned _ZNSt13random_device9_M_getvalEv(void *device) {
    unsigned (*real)(void *) = dlsym(RTLD_NEXT, "_ZNSt13random_device9_M_getvalEv");
    return holds_random || !real ? arc4random() : real(device);
}

unsigned long getauxval(unsigned long type) {
    static unsigned char bytes[16];
    if (type == AT_RANDOM && holds_random)
        return (unsigned long)bytes;
    unsigned long (*real)(unsigned long) = dlsym(RTLD_NEXT, "getauxval");
    return real(type);
}

/* A file with random bytes in place of the kernel's devices; -1 for every other path. */
static int opened_random(const char *path) {
    if (!holds_random || !path || (strcmp(path, "/dev/urandom") != 0 && strcmp(path, "/dev/random") != 0))
        return -1;
    int file = memfd_create("random", MFD_CLOEXEC);
    unsigned char block[4096];
    for (size_t done = 0; file >= 0 && done < RANDOM_FILE_BYTES; done += sizeof block) {
        fill(block, sizeof block);
        if (write(file, block, sizeof block) != (ssize_t)sizeof block)
            break;
    }
    if (file >= 0)
        lseek(file, 0, SEEK_SET);
    return file;
}

static int open_at(int folder, const char *path, int flags, mode_t mode) {
    int file = opened_random(path);
    return file >= 0 ? file : (int)syscall(SYS_openat, folder, path, flags, mode);
}

#define MODE(flags)                                                                                                    \
    va_list rest;                                                                                                      \
    va_start(rest, flags);                                                                                             \
    mode_t mode = (flags) & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;                                          \
    va_end(rest);

int open(const char *path, int flags, ...) {
    MODE(flags)
    return open_at(AT_FDCWD, path, flags, mode);
}

int open64(const char *path, int flags, ...) {
    MODE(flags)
    return open_at(AT_FDCWD, path, flags | O_LARGEFILE, mode);
}

int openat(int folder, const char *path, int flags, ...) {
    MODE(flags)
    return open_at(folder, path, flags, mode);
}

int openat64(int folder, const char *path, int flags, ...) {
    MODE(flags)
    return open_at(folder, path, flags | O_LARGEFILE, mode);
}

/* -Wp,-D_FORTIFY_SOURCE calls these in place of open(2) without a mode. */
int __open_2(const char *path, int flags) { return open_at(AT_FDCWD, path, flags, 0); }
int __open64_2(const char *path, int flags) { return open_at(AT_FDCWD, path, flags | O_LARGEFILE, 0); }

static FILE *stream(const char *name, const char *path, const char *mode) {
    FILE *(*real)(const char *, const char *) = dlsym(RTLD_NEXT, name);
    int file = opened_random(path);
    return file >= 0 ? fdopen(file, mode) : real(path, mode);
}

FILE *fopen(const char *restrict path, const char *restrict mode) { return stream("fopen", path, mode); }
FILE *fopen64(const char *restrict path, const char *restrict mode) { return stream("fopen64", path, mode); }

/* -- process id ----------------------------------------------------------------------------------------------------- */

static pid_t process(long number, pid_t fixed) {
    pid_t real = (pid_t)syscall(number);
    return holds_process && syscall(SYS_getpid) == real_process ? fixed : real;
}

pid_t getpid(void) { return process(SYS_getpid, FIXED_PROCESS); }

pid_t getppid(void) { return process(SYS_getppid, FIXED_PROCESS - 1); }

static pid_t meant(pid_t process) {
    pid_t positive = process < 0 ? -process : process;
    if (!holds_process || positive != FIXED_PROCESS)
        return process;
    return process < 0 ? -real_process : real_process;
}

int kill(pid_t process, int signal) { return (int)syscall(SYS_kill, meant(process), signal); }

int sigqueue(pid_t process, int signal, union sigval value) {
    int (*real)(pid_t, int, union sigval) = dlsym(RTLD_NEXT, "sigqueue");
    return real(meant(process), signal, value);
}
