#ifndef CRC32_H
#define CRC32_H
#include <stddef.h>
#include <stdint.h>
uint32_t crc32_of(const unsigned char *bytes, size_t count);
#endif
