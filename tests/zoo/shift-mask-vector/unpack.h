#ifndef UNPACK_H
#define UNPACK_H

#include <stdint.h>

/* Keeps the lowest width[i] bits of word[i]; widths go from 0 to 32. */
void unpack(const uint32_t *word, const uint32_t *width, uint32_t *value, int count);

#endif
