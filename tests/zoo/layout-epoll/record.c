/* Records the events of a pipe between its two ends. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "log.h"

int main(int argc, char **argv)
{
    int ends[2], poll = epoll_create1(0);
    struct epoll_event events[4], want;
    memset(events, 0, sizeof events);
    memset(&want, 0, sizeof want);
    if (argc != 2 || poll < 0 || pipe(ends))
        return 2;
    for (int i = 0; i < 2; i++) {
        want.events = i ? EPOLLOUT : EPOLLIN;
        want.data.u64 = 100 + (unsigned)i;
        epoll_ctl(poll, EPOLL_CTL_ADD, ends[i], &want);
    }
    if (write(ends[1], "x", 1) != 1)
        return 1;
    int count = epoll_wait(poll, events, 4, 1000);
    FILE *out = fopen(argv[1], "wb");
    if (!out || log_write(out, events, count) || fclose(out))
        return 1;
    printf("%d events\n", count);
    return 0;
}
