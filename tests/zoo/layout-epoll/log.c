#include "log.h"

int log_write(FILE *out, const struct epoll_event *events, int count)
{
    return (int)fwrite(events, sizeof *events, (size_t)count, out) == count ? 0 : -1;
}
