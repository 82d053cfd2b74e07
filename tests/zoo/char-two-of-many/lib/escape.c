#include "pack.h"

/* Control characters, and the escape itself, are written as runs so that they stand out. */
int escape_needed(const char *p)
{
    return *p < ' ' || *p == ESCAPE;
}
