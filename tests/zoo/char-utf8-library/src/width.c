#include "text.h"

/* Columns a UTF-8 string takes: ASCII bytes and the first byte of each sequence. */
size_t text_width(const char *s)
{
    size_t width = 0;
    for (; *s; s++) {
        if (*s < 0) {
            if ((*s & 0x40) != 0)
                width++;
        } else if (*s >= ' ' && *s < 0x7f) {
            width++;
        }
    }
    return width;
}
