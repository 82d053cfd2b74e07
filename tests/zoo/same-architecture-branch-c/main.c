/* CRC-32 of a few messages, with another block size on every architecture. */
#include "crc32.h"
#include <stdio.h>
#include <string.h>

int main(void)
{
    static const char *const messages[] = {"", "a", "123456789", "the quick brown fox jumps over the lazy dog"};
    for (size_t i = 0; i < sizeof messages / sizeof *messages; i++)
        printf("%08x %s\n", (unsigned)crc32_of((const unsigned char *)messages[i], strlen(messages[i])), messages[i]);
    return 0;
}
