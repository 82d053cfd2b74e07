#include "crc32.h"
#include <string.h>

#if defined(__x86_64__)
#define UNROLL 8 /* many registers, cheap loads */
#elif defined(__aarch64__)
#define UNROLL 4
#else
#define UNROLL 1
#endif

uint32_t crc32_of(const unsigned char *bytes, size_t count)
{
    uint32_t crc = 0xffffffffu;
    while (count > 0) {
        unsigned char block[UNROLL];
        size_t length = count < UNROLL ? count : UNROLL;
        memcpy(block, bytes, length);
        for (size_t i = 0; i < length; i++) {
            crc ^= block[i];
            for (int bit = 0; bit < 8; bit++)
                crc = crc >> 1 ^ (0xedb88320u & -(crc & 1u));
        }
        bytes += length;
        count -= length;
    }
    return ~crc;
}
