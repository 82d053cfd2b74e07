#include "hash.h"

/* The wide variant is faster where there are 64-bit registers. */
#if defined(__x86_64__) || defined(_M_X64)
uint32_t hash(const void *data, size_t bytes)
{
    const unsigned char *p = data;
    uint64_t h = 14695981039346656037u;
    while (bytes--)
        h = (h ^ *p++) * 1099511628211u;
    return (uint32_t)(h ^ h >> 32);
}
#else
uint32_t hash(const void *data, size_t bytes)
{
    const unsigned char *p = data;
    uint32_t h = 2166136261u;
    while (bytes--)
        h = (h ^ *p++) * 16777619u;
    return h;
}
#endif
