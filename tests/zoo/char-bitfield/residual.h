#ifndef RESIDUAL_H
#define RESIDUAL_H

#include <stddef.h>

/* One byte of the stream: a difference from -8 to 7, repeated run + 1 times. */
struct residual {
    char delta : 4;
    unsigned char run : 4;
};

size_t decode(const unsigned char *stream, size_t bytes, int *samples, size_t limit);

#endif
