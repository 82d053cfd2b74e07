/* The two ways to go through an array: output by output (outputs.c), and tiles of outputs (tiles.c). Outputs and elements
   are counted in the order of the axes that reductions.c has sorted. */
#ifndef BITFAST_TILES_H
#define BITFAST_TILES_H

#include "columns.h"
#include "finish.h"

/* Offsets in bytes. */
struct place { ptrdiff_t x, y, where, result; };

HIDDEN struct place bitfast_output_place(const struct reduction *r, size_t output);
HIDDEN struct place bitfast_element_place(const struct reduction *r, size_t element);

/* Adds elements first … first + n - 1 of an output to its sums. */
HIDDEN void bitfast_add_elements(struct sums *s, const struct reduction *r, size_t output, size_t first, size_t n);
/* Adds what is to be added, and writes the result. */
HIDDEN void bitfast_finish_sums(struct reduction *r, char *result, struct sums *s);
HIDDEN void bitfast_finish_output(struct reduction *r, size_t output, struct sums *s);
HIDDEN void bitfast_reduce_output(struct reduction *r, size_t output);
/* Contiguous elements. */
HIDDEN void bitfast_add_numbers(struct sums *s, enum reduce_operation operation, const double *x, const double *y,
                                ptrdiff_t step, size_t n);

/* Outputs that a tile may have. */
enum { WIDEST = 8 * COLUMNS };
/* Whether an operation on such elements goes by tiles; `width` outputs of a row of neighbours, from `output` on, each of
   `elements`. */
HIDDEN int bitfast_has_tiles(const struct reduction *r);
HIDDEN void bitfast_reduce_tile(struct reduction *r, size_t output, int width, size_t elements);

#endif
