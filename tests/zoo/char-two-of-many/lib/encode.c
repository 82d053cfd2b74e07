#include "pack.h"

void encode(const char *text, struct buffer *out)
{
    while (*text) {
        int run = 1;
        while (run < 26 && text[run] == *text)
            run++;
        if (run > 3 || escape_needed(text)) {
            buffer_put(out, ESCAPE);
            buffer_put(out, (char)('a' + run - 1));
            buffer_put(out, *text);
            text += run;
        } else {
            buffer_put(out, *text++);
        }
    }
}
