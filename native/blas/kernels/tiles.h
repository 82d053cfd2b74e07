/* Tiles of packed matrix products for one type: included with REAL and TYPE (f64 or f32) defined, once. */
#include "vectors.h"
#include "../tiles.h"

#define OF_(name, type) name##_##type
#define OF_TYPE(name, type) OF_(name, type)
#define OF(name) OF_TYPE(name, TYPE)
#define VECTOR OF(vector)
#define WIDTH OF(WIDTH)
#define FACTORS OF(FACTORS)
#define SQUARE OF(SQUARE)

enum {
    COLUMNS = TILE_VECTORS * WIDTH,
    COMPLEX_COLUMNS = COMPLEX_TILE_VECTORS * WIDTH,
};
_Static_assert(TILE_ROWS * COLUMNS * sizeof(REAL) <= TILE_BYTES &&
               2 * COMPLEX_TILE_ROWS * COMPLEX_COLUMNS * sizeof(REAL) <= TILE_BYTES, "tiles are on the stack");
_Static_assert((TILE_ROWS + COLUMNS) * SMALL_DEPTH * sizeof(REAL) <= SMALL_PANELS &&
               2 * (COMPLEX_TILE_ROWS + COMPLEX_COLUMNS) * SMALL_DEPTH * sizeof(REAL) <= SMALL_PANELS,
               "so are panels");
_Static_assert(TILE_ROWS % FACTORS == 0 && COMPLEX_TILE_ROWS % FACTORS == 0, "factors are loaded together");

/* ---- Packing ---- */

/* SQUARE rows' next SQUARE elements, transposed into a panel of that width. */
INLINE void pack_square(const REAL *from, ptrdiff_t across, REAL *to, int width) {
    OF(square) rows[SQUARE];
    UNROLL for (int i = 0; i < SQUARE; ++i) memcpy(&rows[i], from + i * across, sizeof rows[i]);
    OF(transpose)(rows);
    UNROLL for (int p = 0; p < SQUARE; ++p) memcpy(to + p * width, &rows[p], sizeof rows[p]);
}

INLINE void pack(size_t k, size_t count, const REAL *from, ptrdiff_t along, ptrdiff_t across, REAL *to, int width) {
    if (across == 1 && count == (size_t)width) {
        for (size_t p = 0; p < k; ++p, from += along, to += width) memcpy(to, from, (size_t)width * sizeof(REAL));
        return;
    }
    size_t i = 0;
    for (; along == 1 && i + SQUARE <= count; i += SQUARE) {
        const REAL *rows = from + (ptrdiff_t)i * across;
        size_t p = 0;
        for (; p + SQUARE <= k; p += SQUARE) pack_square(rows + p, across, to + p * (size_t)width + i, width);
        for (; p < k; ++p)
            for (int r = 0; r < SQUARE; ++r) to[p * (size_t)width + i + (size_t)r] = rows[(ptrdiff_t)p + r * across];
    }
    for (size_t p = 0; p < k; ++p) {
        for (size_t r = i; r < count; ++r)
            to[p * (size_t)width + r] = from[(ptrdiff_t)p * along + (ptrdiff_t)r * across];
        for (size_t r = count; r < (size_t)width; ++r) to[p * (size_t)width + r] = 0;
    }
}

INLINE void pack_complex(size_t k, size_t count, const REAL *from, ptrdiff_t along, ptrdiff_t across, int conjugate,
                         REAL *to, int width) {
    for (size_t p = 0; p < k; ++p, from += 2 * along, to += 2 * width) {
        if (across == 1 && count == (size_t)width) {
            for (int r = 0; r < width; ++r) {
                to[r] = from[2 * r];
                to[width + r] = conjugate ? -from[2 * r + 1] : from[2 * r + 1];
            }
            continue;
        }
        for (size_t r = 0; r < (size_t)width; ++r) {
            const REAL *x = from + 2 * (ptrdiff_t)r * across;
            to[r] = r < count ? x[0] : 0;
            to[(size_t)width + r] = r >= count ? 0 : conjugate ? -x[1] : x[1];
        }
    }
}

static void pack_a(size_t k, size_t count, const void *from, ptrdiff_t along, ptrdiff_t across, int conjugate,
                   void *to) {
    (void)conjugate;
    pack(k, count, from, along, across, to, TILE_ROWS);
}
static void pack_b(size_t k, size_t count, const void *from, ptrdiff_t along, ptrdiff_t across, int conjugate,
                   void *to) {
    (void)conjugate;
    pack(k, count, from, along, across, to, COLUMNS);
}
static void pack_complex_a(size_t k, size_t count, const void *from, ptrdiff_t along, ptrdiff_t across, int conjugate,
                           void *to) {
    pack_complex(k, count, from, along, across, conjugate, to, COMPLEX_TILE_ROWS);
}
static void pack_complex_b(size_t k, size_t count, const void *from, ptrdiff_t along, ptrdiff_t across, int conjugate,
                           void *to) {
    pack_complex(k, count, from, along, across, conjugate, to, COMPLEX_COLUMNS);
}

/* ---- Products ---- */

/* The next element of the sum, from both panels. */
INLINE void multiply_step(VECTOR s[TILE_ROWS][TILE_VECTORS], const REAL *a, const REAL *b, int vectors) {
    VECTOR y[TILE_VECTORS];
    UNROLL for (int j = 0; j < vectors; ++j) y[j] = OF(read)(b + j * WIDTH);
#ifdef __x86_64__
    /* 4 % at n = 2048: the processor does not see it coming by itself. A number, as it may be beyond the panel. */
    __builtin_prefetch((const void *)((uintptr_t)a + 16 * TILE_ROWS * sizeof *a));
#endif
    UNROLL for (int i = 0; i < TILE_ROWS; i += FACTORS) {
        VECTOR x = OF(factors)(a + i);
#define ROW(lane) \
    UNROLL for (int j = 0; (lane) < FACTORS && j < vectors; ++j) \
        s[i + (lane) % FACTORS][j] = OF(fma_factor)(x, lane, y[j], s[i + (lane) % FACTORS][j]);
        ROW(0) ROW(1) ROW(2) ROW(3)
#undef ROW
    }
}

/* A tile of fewer columns has fewer vectors. */
INLINE void multiply_vectors(size_t k, const REAL *restrict a, const REAL *restrict b, const REAL *from,
                             ptrdiff_t from_row, REAL *to, ptrdiff_t to_row, int end, const void *next,
                             ptrdiff_t next_row, int vectors) {
    VECTOR s[TILE_ROWS][TILE_VECTORS];
    UNROLL for (int i = 0; i < TILE_ROWS; ++i)
        UNROLL for (int j = 0; j < vectors; ++j) s[i][j] = OF(zero)();
    if (from) {
        UNROLL for (int i = 0; i < TILE_ROWS; ++i)
            UNROLL for (int j = 0; j < vectors; ++j)
                s[i][j] = OF(read)(from + i * from_row + j * WIDTH);
    }
    size_t p = 0;
    if (next) {  /* rows of c are too far apart to be foreseen, and all at once they would hold up the panels */
        uintptr_t expected = (uintptr_t)next;
        for (int i = 0; i < TILE_ROWS; ++i, expected += (uintptr_t)next_row * sizeof(REAL)) {
            UNROLL for (size_t at = 0; at < COLUMNS * sizeof(REAL); at += 64)
                __builtin_prefetch((const void *)(expected + at), 1);
            __builtin_prefetch((const void *)(expected + COLUMNS * sizeof(REAL) - 1), 1);
            for (size_t end_of_part = p + k / TILE_ROWS; p < end_of_part; ++p, a += TILE_ROWS, b += COLUMNS)
                multiply_step(s, a, b, vectors);
        }
    }
    for (; p < k; ++p, a += TILE_ROWS, b += COLUMNS) multiply_step(s, a, b, vectors);
    if (end) {
        UNROLL for (int i = 0; i < TILE_ROWS; ++i)
            UNROLL for (int j = 0; j < vectors; ++j) s[i][j] = OF(canonical)(s[i][j]);
    }
    UNROLL for (int i = 0; i < TILE_ROWS; ++i)
        UNROLL for (int j = 0; j < vectors; ++j)
            OF(write)(to + i * to_row + j * WIDTH, s[i][j]);
}

static void multiply(size_t columns, size_t k, const void *a, const void *b, const void *from, ptrdiff_t from_row,
                     void *to, ptrdiff_t to_row, int end, const void *next, ptrdiff_t next_row) {
    if (columns <= WIDTH) multiply_vectors(k, a, b, from, from_row, to, to_row, end, next, next_row, 1);
    else if (columns <= 2 * WIDTH) multiply_vectors(k, a, b, from, from_row, to, to_row, end, next, next_row, 2);
    else multiply_vectors(k, a, b, from, from_row, to, to_row, end, next, next_row, TILE_VECTORS);
}

/* x is a factor of the panel that has the tile's rows, y the vectors of the other's. The real part is the same
   whichever is a's; the imaginary part first gets re(a)·im(b), then im(a)·re(b). */
INLINE void multiply_complex(size_t k, const REAL *restrict rows, const REAL *restrict columns, const REAL *from,
                             ptrdiff_t from_row, REAL *to, ptrdiff_t to_row, int exchanged) {
    enum { ROWS = COMPLEX_TILE_ROWS, VECTORS = COMPLEX_TILE_VECTORS };
    VECTOR re[ROWS][VECTORS], im[ROWS][VECTORS];
    UNROLL for (int i = 0; i < ROWS; ++i)
        UNROLL for (int j = 0; j < VECTORS; ++j) re[i][j] = im[i][j] = OF(zero)();
    if (from) {
        UNROLL for (int i = 0; i < ROWS; ++i)
            UNROLL for (int j = 0; j < VECTORS; ++j) {
                re[i][j] = OF(read)(from + i * from_row + j * WIDTH);
                im[i][j] = OF(read)(from + i * from_row + COMPLEX_COLUMNS + j * WIDTH);
            }
    }
    for (size_t p = 0; p < k; ++p, rows += 2 * ROWS, columns += 2 * COMPLEX_COLUMNS) {
        VECTOR y_re[VECTORS], y_im[VECTORS];
        UNROLL for (int j = 0; j < VECTORS; ++j) {
            y_re[j] = OF(read)(columns + j * WIDTH);
            y_im[j] = OF(read)(columns + COMPLEX_COLUMNS + j * WIDTH);
        }
        UNROLL for (int i = 0; i < ROWS; i += FACTORS) {
#define STEP_OF_LANE(lane, s, fma, x, y) \
    UNROLL for (int j = 0; (lane) < FACTORS && j < VECTORS; ++j) \
        s[i + (lane) % FACTORS][j] = OF(fma)(x, lane, y[j], s[i + (lane) % FACTORS][j]);
#define STEP(...) \
    STEP_OF_LANE(0, __VA_ARGS__) STEP_OF_LANE(1, __VA_ARGS__) STEP_OF_LANE(2, __VA_ARGS__) STEP_OF_LANE(3, __VA_ARGS__)
            if (exchanged) {
                VECTOR x_im = OF(factors)(rows + ROWS + i);
                STEP(im, fma_factor, x_im, y_re)
                VECTOR x_re = OF(factors)(rows + i);
                STEP(re, fma_factor, x_re, y_re)
                STEP(im, fma_factor, x_re, y_im)
                STEP(re, fnma_factor, x_im, y_im)
            } else {
                VECTOR x_re = OF(factors)(rows + i);
                STEP(re, fma_factor, x_re, y_re)
                STEP(im, fma_factor, x_re, y_im)
                VECTOR x_im = OF(factors)(rows + ROWS + i);
                STEP(re, fnma_factor, x_im, y_im)
                STEP(im, fma_factor, x_im, y_re)
            }
#undef STEP
#undef STEP_OF_LANE
        }
    }
    UNROLL for (int i = 0; i < ROWS; ++i)
        UNROLL for (int j = 0; j < VECTORS; ++j) {
            OF(write)(to + i * to_row + j * WIDTH, re[i][j]);
            OF(write)(to + i * to_row + COMPLEX_COLUMNS + j * WIDTH, im[i][j]);
        }
}

/* Complex tiles are finished elsewhere, where their NaNs become canonical. */
static void multiply_complex_as_is(size_t columns, size_t k, const void *a, const void *b, const void *from,
                                   ptrdiff_t from_row, void *to, ptrdiff_t to_row, int end, const void *next,
                                   ptrdiff_t next_row) {
    (void)columns, (void)end, (void)next, (void)next_row;
    multiply_complex(k, a, b, from, from_row, to, to_row, 0);
}
static void multiply_complex_exchanged(size_t columns, size_t k, const void *a, const void *b, const void *from,
                                       ptrdiff_t from_row, void *to, ptrdiff_t to_row, int end, const void *next,
                                       ptrdiff_t next_row) {
    (void)columns, (void)end, (void)next, (void)next_row;
    multiply_complex(k, a, b, from, from_row, to, to_row, 1);
}

/* ---- Results ---- */

static void begin(size_t rows, size_t columns, const void *c_, ptrdiff_t c_row, ptrdiff_t c_column, void *tile,
                  ptrdiff_t tile_row) {
    for (size_t i = 0; i < rows; ++i)
        for (size_t j = 0; j < columns; ++j)
            ((REAL *)tile)[(ptrdiff_t)i * tile_row + (ptrdiff_t)j] =
                ((const REAL *)c_)[(ptrdiff_t)i * c_row + (ptrdiff_t)j * c_column];
}

static void begin_complex(size_t rows, size_t columns, const void *c_, ptrdiff_t c_row, ptrdiff_t c_column, void *tile,
                          ptrdiff_t tile_row) {
    for (size_t i = 0; i < rows; ++i)
        for (size_t j = 0; j < columns; ++j) {
            const REAL *c = (const REAL *)c_ + 2 * ((ptrdiff_t)i * c_row + (ptrdiff_t)j * c_column);
            REAL *to = (REAL *)tile + (ptrdiff_t)i * tile_row + (ptrdiff_t)j;
            to[0] = c[0];
            to[COMPLEX_COLUMNS] = c[1];
        }
}

static void finish(size_t rows, size_t columns, const void *tile, ptrdiff_t tile_row, const void *alpha_,
                   const void *beta_, void *c_, ptrdiff_t c_row, ptrdiff_t c_column) {
    const REAL alpha = *(const REAL *)alpha_, beta = *(const REAL *)beta_;
    for (size_t i = 0; i < rows; ++i) {
        const REAL *s = tile ? (const REAL *)tile + (ptrdiff_t)i * tile_row : NULL;
        REAL *c = (REAL *)c_ + (ptrdiff_t)i * c_row;
        if (s && beta == 0 && c_column == 1) {
            for (size_t j = 0; j < columns; ++j) c[j] = OF(canonical_one)(alpha * s[j]);
            continue;
        }
        for (size_t j = 0; j < columns; ++j) {
            REAL *to = c + (ptrdiff_t)j * c_column;
            REAL t = alpha * (s ? s[j] : 0);
            *to = OF(canonical_one)(beta == 0 ? t : OF(fma_one)(beta, *to, t));
        }
    }
}

/* s + x·y, as the chains of complex products are. */
INLINE void add_complex(REAL s[2], const REAL x[2], const REAL y[2]) {
    s[0] = OF(fma_one)(x[0], y[0], s[0]);
    s[0] = OF(fma_one)(-x[1], y[1], s[0]);
    s[1] = OF(fma_one)(x[0], y[1], s[1]);
    s[1] = OF(fma_one)(x[1], y[0], s[1]);
}

static void finish_complex(size_t rows, size_t columns, const void *tile, ptrdiff_t tile_row, const void *alpha_,
                           const void *beta_, void *c_, ptrdiff_t c_row, ptrdiff_t c_column) {
    const REAL *alpha = alpha_, *beta = beta_;
    const int scaled = alpha[0] != 1 || alpha[1] != 0, added = beta[0] != 0 || beta[1] != 0;
    for (size_t i = 0; i < rows; ++i) {
        const REAL *re = tile ? (const REAL *)tile + (ptrdiff_t)i * tile_row : NULL;
        const REAL *im = tile ? re + COMPLEX_COLUMNS : NULL;
        REAL *c = (REAL *)c_ + 2 * (ptrdiff_t)i * c_row;
        if (re && !scaled && !added && c_column == 1) {
            for (size_t j = 0; j < columns; ++j) {
                c[2 * j] = OF(canonical_one)(re[j]);
                c[2 * j + 1] = OF(canonical_one)(im[j]);
            }
            continue;
        }
        for (size_t j = 0; j < columns; ++j) {
            REAL *to = c + 2 * (ptrdiff_t)j * c_column;
            REAL s[2] = {re ? re[j] : 0, re ? im[j] : 0}, t[2] = {0, 0};
            if (scaled) add_complex(t, alpha, s);
            else t[0] = s[0], t[1] = s[1];
            if (added) add_complex(t, beta, to);
            to[0] = OF(canonical_one)(t[0]);
            to[1] = OF(canonical_one)(t[1]);
        }
    }
}

const struct tile_kernels JOIN(bitfast_, BITFAST_LEVEL, tiles, TYPE) = {
    .real_size = sizeof(REAL), .reals = 1, .rows = TILE_ROWS, .columns = COLUMNS,
    .pack_a = pack_a, .pack_b = pack_b, .multiply = multiply, .multiply_exchanged = multiply, .begin = begin,
    .finish = finish,
};

const struct tile_kernels JOIN(bitfast_, BITFAST_LEVEL, complex_tiles, TYPE) = {
    .real_size = sizeof(REAL), .reals = 2, .rows = COMPLEX_TILE_ROWS, .columns = COMPLEX_COLUMNS,
    .pack_a = pack_complex_a, .pack_b = pack_complex_b, .multiply = multiply_complex_as_is,
    .multiply_exchanged = multiply_complex_exchanged, .begin = begin_complex, .finish = finish_complex,
};
