/* The level in use (dispatch.c). */
#ifndef BITFAST_DISPATCH_H
#define BITFAST_DISPATCH_H

#include "elementary/exact.h"
#include "levels.h"

struct choice {
    struct level level;
    struct own_shapes shapes;
};

extern __attribute__((visibility("hidden"))) struct choice bitfast_chosen;

#endif
