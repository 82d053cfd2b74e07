#include "wave.h"

struct phasor turned(struct phasor now, struct phasor by)
{
    struct phasor next;
    next.re = now.re * by.re - now.im * by.im;
    next.im = now.re * by.im + now.im * by.re;
    return next;
}
