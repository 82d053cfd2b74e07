#include "text.h"

/* Copies s and appends blanks up to the given width. */
void text_pad(char *out, size_t size, const char *s, size_t width)
{
    size_t n = 0;
    for (const char *p = s; *p && n + 1 < size; p++)
        out[n++] = *p;
    for (size_t have = text_width(s); have < width && n + 1 < size; have++)
        out[n++] = ' ';
    out[n] = '\0';
}
