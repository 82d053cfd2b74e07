#include "key.h"

#include <string.h>

void key_fill(struct key *key, unsigned seed)
{
    for (int i = 0; i < KEY_BYTES; i++) {
        seed = seed * 1664525u + 1013904223u;
        key->bytes[i] = i < 6 ? (unsigned char)'k' : (unsigned char)(seed >> 24);
    }
}

int key_rank(const struct key *key, const struct key *pivot)
{
    return memcmp(key->bytes, pivot->bytes, KEY_BYTES);
}
