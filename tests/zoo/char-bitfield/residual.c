#include "residual.h"

#include <string.h>

size_t decode(const unsigned char *stream, size_t bytes, int *samples, size_t limit)
{
    size_t n = 0;
    int level = 100;
    for (size_t i = 0; i < bytes; i++) {
        struct residual r;
        memcpy(&r, &stream[i], 1);
        for (unsigned k = 0; k <= r.run && n < limit; k++) {
            level += r.delta;
            samples[n++] = level;
        }
    }
    return n;
}
