#ifndef LOG_H
#define LOG_H

#include <stdio.h>
#include <sys/epoll.h>

int log_write(FILE *out, const struct epoll_event *events, int count);

#endif
