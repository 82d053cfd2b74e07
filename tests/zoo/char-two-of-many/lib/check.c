#include "pack.h"

/* Two running sums, after Fletcher. */
unsigned check_value(const struct buffer *buffer)
{
    unsigned a = 1, b = 0;
    for (size_t i = 0; i < buffer->length; i++) {
        a += buffer->bytes[i];
        b += a;
    }
    return (b & 0xffff) << 16 | (a & 0xffff);
}
