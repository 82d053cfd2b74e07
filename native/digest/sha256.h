/* SHA-256 (FIPS 180-4), so that digests can be made where there is nothing but a C compiler. */
#ifndef BITFAST_SHA256_H
#define BITFAST_SHA256_H

#include <stddef.h>
#include <stdint.h>

struct sha256 { uint32_t state[8]; uint64_t bytes; unsigned char block[64]; };

void bitfast_sha256_start(struct sha256 *);
void bitfast_sha256_add(struct sha256 *, const void *data, size_t size);
/* The low bytes of a pattern, little-endian whatever this chip is. */
void bitfast_hash_pattern(struct sha256 *, uint64_t pattern, size_t bytes);
/* Writes 64 hexadecimal digits and a zero; the hash itself can go on with more data. */
void bitfast_sha256_hex(const struct sha256 *, char hex[65]);

#endif
