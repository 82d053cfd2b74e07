/* Products of all elements (chains.c).

   Sixteen chains: p[k] = 1·x[k]·x[k+16]·x[k+32] …, each product rounded to the format in turn; then p[k] = p[k]·p[k+8] for
   k < 8, and likewise with 4, 2 and 1; then, where there is one, initial·p[0]. Elements are counted in the array's
   order, over all reduced axes; those that `where` leaves out count, as 1. float16 is multiplied in float32, and its
   result rounded once more. A complex product is (a.re·b.re - a.im·b.im, a.re·b.im + a.im·b.re), every operation rounded
   once. NaN results are canonical. */
#ifndef BITFAST_CHAINS_H
#define BITFAST_CHAINS_H

#include "tiles.h"

enum { CHAINS = 16 };

HIDDEN void bitfast_multiply_output(struct reduction *r, size_t output, size_t elements);

#endif
