#include "pack.h"

void buffer_put(struct buffer *buffer, char c)
{
    if (buffer->length < sizeof buffer->bytes)
        buffer->bytes[buffer->length++] = c;
}
