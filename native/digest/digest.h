/* Digests: the hash of a function's answers on the contract's inputs (inputs.h), equal on every chip and at every
   level. */
#ifndef BITFAST_DIGEST_H
#define BITFAST_DIGEST_H

#include <stddef.h>

struct digest { char core[65], full[65]; };

/* The names of all functions that have digests, and null at the end. */
const char *const *bitfast_digest_functions(void);
/* 0, or -1 when memory is short or there is no such function. format is 32 or 64. The full digest takes about fifty
   times as long and is left empty unless it is asked for; both are where the function does not have the format. */
int bitfast_digest(const char *function, int format, int with_full, struct digest *);

#endif
