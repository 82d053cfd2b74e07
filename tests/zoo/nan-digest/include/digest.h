#ifndef DIGEST_H
#define DIGEST_H

#include <stddef.h>
#include <stdint.h>

/* FNV-1a over the bytes. */
uint64_t digest(const void *data, size_t bytes);

#endif
