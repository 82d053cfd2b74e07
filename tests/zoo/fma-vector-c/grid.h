#ifndef GRID_H
#define GRID_H
enum { cells = 256 };

/* One explicit step of u_t = k u_xx with fixed ends. */
void diffuse(double *restrict next, const double *restrict now, double rate);
double total(const double *cell);
#endif
