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
/* Brings the caller's environment back, its flags included. */
void bitfast_environment_end(const struct environment *e);

#endif
