#include <stdio.h>

#include "pack.h"

void report(const char *what, const struct buffer *buffer)
{
    printf("%-8s %3zu bytes, check %08x\n", what, buffer->length, check_value(buffer));
}
