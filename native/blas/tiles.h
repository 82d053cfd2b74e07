/* What a packed matrix product needs of a level, for one type of elements: kernels/tiles.h, once per type. */
#ifndef BITFAST_TILES_H
#define BITFAST_TILES_H

#include <stddef.h>

/* Panels are what a tile of c reads: of a its rows, of b its columns, element after element of the index that is
   summed; of complex numbers the real parts and then the imaginary ones. A tile has its rows `row` reals apart; of
   complex numbers each row has the real parts of its columns and then the imaginary ones. */

/* Packs a panel: `count` rows of a (columns of b) that are `across` apart, up to the width of a tile (0 is put in the
   place of the others), each with k elements that are `along` apart. */
typedef void tile_pack(size_t k, size_t count, const void *from, ptrdiff_t along, ptrdiff_t across, int conjugate,
                       void *panel);

/* to = the chains of `from` (of zeros, where that is NULL) over k more elements; canonical NaNs if they end here. Only
   the first `columns` are wanted. `next` is where the next tile will be in c, or NULL: it is fetched meanwhile. */
typedef void tile_multiply(size_t columns, size_t k, const void *a, const void *b, const void *from,
                           ptrdiff_t from_row, void *to, ptrdiff_t to_row, int end, const void *next, ptrdiff_t next_row);

/* The tile's chains begin with c. */
typedef void tile_begin(size_t rows, size_t columns, const void *c, ptrdiff_t c_row, ptrdiff_t c_column,
                        void *tile, ptrdiff_t tile_row);

/* c = fma(beta, c, alpha·tile), without beta where it is 0. No tile: zeros. */
typedef void tile_finish(size_t rows, size_t columns, const void *tile, ptrdiff_t tile_row, const void *alpha,
                         const void *beta, void *c, ptrdiff_t c_row, ptrdiff_t c_column);

struct tile_kernels {
    size_t real_size, reals;  /* bytes of a real; 2 of complex numbers, else 1 */
    size_t rows, columns;     /* of a tile */
    tile_pack *pack_a, *pack_b;
    tile_multiply *multiply;
    tile_multiply *multiply_exchanged;  /* the same where the panels of a and b have changed places */
    tile_begin *begin;
    tile_finish *finish;
};

/* The largest tile that any level has: 8 × 24 float64. */
enum { TILE_BYTES = 8 * 24 * 8 };

/* Panels of this many elements are small enough for the stack: at most SMALL_PANELS bytes of a and b together. */
enum { SMALL_DEPTH = 64, SMALL_PANELS = SMALL_DEPTH * (4 * 16 + 2 * 16 * 8) };

#endif
