#ifndef HEAT_H
#define HEAT_H

enum { CELLS = 64 };

/* One step downstream: every cell takes a small part of itself and of its neighbour upstream. */
void heat_step(double *cells);

#endif
