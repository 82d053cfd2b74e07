#ifndef EXACT_H
#define EXACT_H
/* A dot product as if computed in twice the precision (Ogita, Rump and Oishi 2005). */
double dot2(const double *x, const double *y, int count);
#endif
