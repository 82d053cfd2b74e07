/* The floating-point environment around an array call (environment.c). */
#ifndef BITFAST_ENVIRONMENT_H
#define BITFAST_ENVIRONMENT_H

#include "levels.h"

#include <stdint.h>
#if !defined __x86_64__ && !defined __aarch64__ && !defined __riscv && !defined __powerpc64__ && !defined __s390x__
#include <fenv.h>
#endif

struct environment {
    uint64_t control, flags;
#if !defined __x86_64__ && !defined __aarch64__ && !defined __riscv && !defined __powerpc64__ && !defined __s390x__
    fenv_t saved;
#endif
};

/* Saves the caller's environment and sets rounding to nearest, subnormals kept, no traps, no flags. */
void bitfast_environment_begin(struct environment *e);
/* Whether the processor has signalled underflow since. */
int bitfast_environment_underflow(void);
/* The STATUS_ bits of what the processor has signalled since. */
unsigned bitfast_environment_status(void);
/* Whether one value may be computed in the caller's environment: rounding to nearest, subnormals kept, no traps. Saves
   it for `bitfast_environment_end`. */
int bitfast_environment_is_plain(struct environment *e);
/* Whether the processor has signalled underflow since, and had not before. */
int bitfast_environment_new_underflow(const struct environment *e);
/* Brings the caller's environment back, its flags included. */
void bitfast_environment_end(const struct environment *e);

#endif
