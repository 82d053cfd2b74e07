#ifndef WAVE_H
#define WAVE_H
/* A rotating phasor: the cosine and sine of n steps without calling either. */
struct phasor {
    double re, im;
};
struct phasor turned(struct phasor now, struct phasor by);
#endif
