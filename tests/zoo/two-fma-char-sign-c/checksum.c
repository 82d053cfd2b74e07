#include "telegram.h"

unsigned checksum(const char *bytes, int count)
{
    unsigned sum = 1;
    for (int i = 0; i < count; i++)
        sum = sum * 31 + bytes[i];
    return sum;
}
