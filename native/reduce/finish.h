/* From exact sums to a result in its format, rounded once (finish.c). */
#ifndef BITFAST_FINISH_H
#define BITFAST_FINISH_H

#include "accumulator.h"
#include "reductions.h"

/* What an output's elements give: Σx, Σx² and so on by `operation`; `second` is Σx² or Σw, `imaginary` Σy. */
struct sums {
    bitfast_accumulator first, second, imaginary;
    uint64_t count;
    double largest;
};

HIDDEN void bitfast_sums_clear(struct sums *s, const struct reduction *r);
HIDDEN void bitfast_sums_merge(struct sums *s, const struct sums *other, const struct reduction *r);
HIDDEN void bitfast_sums_finish(const struct sums *s, struct reduction *r, char *result);
/* A double that is a number of the type, or the value to be rounded to it once more. */
HIDDEN void bitfast_store_element(char *to, enum element_type type, double value);

#endif
