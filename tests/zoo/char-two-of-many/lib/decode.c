#include "pack.h"

void decode(const struct buffer *in, struct buffer *out)
{
    for (size_t i = 0; i < in->length; i++) {
        int run = 1;
        if (in->bytes[i] == ESCAPE && i + 2 < in->length) {
            run = in->bytes[i + 1] - 'a' + 1;
            i += 2;
        }
        while (run--)
            buffer_put(out, in->bytes[i]);
    }
}
