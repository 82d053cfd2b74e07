#include "unpack.h"

void unpack(const uint32_t *word, const uint32_t *width, uint32_t *value, int count)
{
    for (int i = 0; i < count; i++)
        value[i] = word[i] & ((1u << width[i]) - 1);
}
