/* Digests of sums, products and complex functions: each makes its own inputs, as docs/contract.md defines them. */
#ifndef BITFAST_ARRAY_DIGESTS_H
#define BITFAST_ARRAY_DIGESTS_H

#include "inputs.h"
#include "sha256.h"

/* What a part of a digest hashes: the core, or what the full digest has beside it. Returns 0, or -1 when memory is
   short. */
typedef int array_digest(int is_core, struct generator *, struct sha256 *);

/* By name, null at the end; a function that a format does not have has null there. */
struct array_function { const char *name; array_digest *digest_64, *digest_32; };
extern const struct array_function bitfast_array_functions[];

#endif
