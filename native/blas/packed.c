/* Matrix products by packed panels: blocks that fit the caches, tiles that fit the registers (K. Goto and R. van de
   Geijn, Anatomy of high-performance matrix multiplication, ACM TOMS 34, 2008). Between the blocks of k a tile's sums
   stay what they are, in c itself where it has their place, else in scratch memory: no chain is broken. Threads share
   blocks of rows and columns, so all that any of them does to an element of c is one chain as well. */
#define _GNU_SOURCE
#include "packed.h"

#include "bitfast.h"
#include "../threads.h"

#include <sched.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const size_t
    ALIGNMENT = 64,
    MOST_PANELS = (size_t)4 << 20,     /* bytes of b that are packed at a time */
    MOST_SUMS = (size_t)8 << 20,       /* bytes of sums outside of c */
    MOST_KEPT = (size_t)16 << 20,      /* a buffer up to this size is kept for the next product */
    WORTH_SHARING = (size_t)1 << 20;   /* multiplications that are worth waking threads for */

/* A product being computed, shared by its threads. Blocks: `depth` of k, `tall` rows of a, `wide` columns of b; `high`
   rows of c at a time, all of them unless scratch memory limits it. */
struct job {
    struct product product;
    tile_multiply *multiply;
    size_t element;  /* bytes */
    size_t depth, tall, wide, high, workers;
    int sums_in_c;   /* between the blocks of k */
    int ends_in_c;   /* the last block writes c as it is to be */
    char *b_panels, *a_panels, *sums;
    size_t a_bytes;  /* of each worker */
    atomic_size_t next, done;
};

static size_t least(size_t a, size_t b) { return a < b ? a : b; }
static size_t pieces(size_t n, size_t size) { return (n + size - 1) / size; }
static size_t rounded_up(size_t n, size_t step) { return pieces(n, step) * step; }

/* n in pieces of about one size, none above `most`, multiples of `step`. */
static size_t even_pieces(size_t n, size_t most, size_t step) {
    most = most < step ? step : most / step * step;
    return rounded_up(pieces(n, pieces(n, most)), step);
}

static const char *element_of(const struct job *job, const struct matrix *matrix, size_t row, size_t column) {
    return (const char *)matrix->first +
           ((ptrdiff_t)row * matrix->row + (ptrdiff_t)column * matrix->column) * (ptrdiff_t)job->element;
}

/* ---- Tiles ---- */

/* Where sums are in c, a row's reals lie where its elements will, first the real parts, then the imaginary. */
static void copy_sums(const struct job *job, size_t rows, size_t columns, char *c, char *tile, int into_c) {
    const struct tile_kernels *kernels = job->product.kernels;
    size_t bytes = columns * kernels->real_size, part_bytes = kernels->columns * kernels->real_size;
    for (size_t i = 0; i < rows; ++i)
        for (size_t part = 0; part < kernels->reals; ++part) {
            char *in_c = c + (ptrdiff_t)i * job->product.c_row * (ptrdiff_t)job->element + part * bytes;
            char *in_tile = tile + (i * kernels->reals + part) * part_bytes;
            if (into_c) memcpy(in_c, in_tile, bytes);
            else memcpy(in_tile, in_c, bytes);
        }
}

/* The tile of c at row i, column j; sums: where it has its own outside of c. Below
   it is its neighbour's turn, if `more` follow. */
static void do_tile(const struct job *job, size_t depth, int first, int last, const char *a, const char *b, size_t i,
                    size_t j, char *sums, int more) {
    const struct product *product = &job->product;
    const struct tile_kernels *kernels = product->kernels;
    size_t rows = least(kernels->rows, product->m - i), columns = least(kernels->columns, product->n - j);
    int whole = rows == kernels->rows && columns == kernels->columns;
    struct matrix in_c = {product->c, product->c_row, product->c_column, 0};
    char *c = (char *)element_of(job, &in_c, i, j);
    ptrdiff_t c_row = product->c_row * (ptrdiff_t)kernels->reals;
    ptrdiff_t tile_row = (ptrdiff_t)(kernels->columns * kernels->reals);
    _Alignas(64) char tile[TILE_BYTES];

    const void *from = tile;
    ptrdiff_t from_row = tile_row, to_row = tile_row;
    if (first && product->continues) {
        if (!whole) memset(tile, 0, sizeof tile);
        kernels->begin(rows, columns, c, product->c_row, product->c_column, tile, tile_row);
    } else if (first) {
        from = NULL;
    } else if (!job->sums_in_c) {
        from = sums;
    } else if (whole) {
        from = c;
        from_row = c_row;
    } else {
        memset(tile, 0, sizeof tile);
        copy_sums(job, rows, columns, c, tile, 0);
    }

    void *to = tile;
    if (last ? job->ends_in_c && whole : job->sums_in_c && whole) {
        to = c;
        to_row = c_row;
    } else if (!last && !job->sums_in_c) {
        to = sums;
    }
    const char *next = more && product->c_column == 1 ? element_of(job, &in_c, i + kernels->rows, j) : NULL;
    job->multiply(columns, depth, a, b, from, from_row, to, to_row, last, next, c_row);
    if (to != tile) return;
    if (last)
        kernels->finish(rows, columns, tile, tile_row, product->alpha, product->beta, c, product->c_row,
                        product->c_column);
    else
        copy_sums(job, rows, columns, c, tile, 1);
}

/* ---- Blocks ---- */

/* A block of k, of columns and of rows. */
struct block { size_t k, depth, column, columns, row, rows; };

static size_t pack_items(const struct job *job, const struct block *block) {
    return least(pieces(block->columns, job->product.kernels->columns), job->workers == 1 ? 1 : 4 * job->workers);
}

/* Packs some of the panels of b. */
static void pack_some(const struct job *job, const struct block *block, size_t item) {
    const struct tile_kernels *kernels = job->product.kernels;
    const struct matrix *b = &job->product.b;
    size_t panels = pieces(block->columns, kernels->columns), items = pack_items(job, block);
    for (size_t panel = panels * item / items; panel < panels * (item + 1) / items; ++panel) {
        size_t column = panel * kernels->columns;
        kernels->pack_b(block->depth, least(kernels->columns, block->columns - column),
                        element_of(job, b, block->k, block->column + column), b->row, b->column, b->conjugate,
                        job->b_panels + column * block->depth * job->element);
    }
}

/* Rows of blocks are shared, and where there are few of them, columns too. */
static size_t parts_of_columns(const struct job *job, const struct block *block) {
    size_t blocks = pieces(block->rows, job->tall), wanted = job->workers == 1 ? 1 : pieces(4 * job->workers, blocks);
    return least(wanted, pieces(block->columns, job->product.kernels->columns));
}

static size_t multiply_items(const struct job *job, const struct block *block) {
    return pieces(block->rows, job->tall) * parts_of_columns(job, block);
}

/* Packs rows of a and multiplies them with the panels of b, or some of these. */
static void multiply_some(const struct job *job, const struct block *block, size_t item, char *a_panels) {
    const struct tile_kernels *kernels = job->product.kernels;
    const struct matrix *a = &job->product.a;
    size_t parts = parts_of_columns(job, block), part = item % parts;
    size_t panels = pieces(block->columns, kernels->columns);
    size_t from = item / parts * job->tall, rows = least(job->tall, block->rows - from);
    for (size_t row = 0; row < rows; row += kernels->rows)
        kernels->pack_a(block->depth, least(kernels->rows, rows - row),
                        element_of(job, a, block->row + from + row, block->k), a->column, a->row, a->conjugate,
                        a_panels + row * block->depth * job->element);
    int first = block->k == 0, last = block->k + block->depth == job->product.k;
    size_t panel_bytes = kernels->columns * block->depth * job->element;
    size_t ahead = rounded_up(panel_bytes / pieces(rows, kernels->rows), 64);
    for (size_t panel = panels * part / parts; panel < panels * (part + 1) / parts; ++panel) {
        size_t column = panel * kernels->columns;
        uintptr_t next_panel = (uintptr_t)job->b_panels + (panel + 1) * panel_bytes;  /* the last has none */
        for (size_t row = 0; row < rows; row += kernels->rows) {
            for (size_t at = 0; at < ahead; at += 64) __builtin_prefetch((const void *)(next_panel + at), 0, 2);
            next_panel += ahead;
            size_t tile = (from + row) / kernels->rows * panels + panel;
            do_tile(job, block->depth, first, last, a_panels + row * block->depth * job->element,
                    job->b_panels + column * block->depth * job->element, block->row + from + row,
                    block->column + column, job->sums + tile * kernels->rows * kernels->columns * job->element,
                    row + 2 * kernels->rows <= rows);
        }
    }
}

static void wait_until_done(struct job *job, size_t items) {
    for (int round = 0; atomic_load_explicit(&job->done, memory_order_acquire) < items; ++round)
        if (round > 200) sched_yield();
}

/* The items of all blocks in turn have one numbering; a worker takes the next one, and begins with it when all items of
   earlier steps are done. Whoever has taken one is at work on it, so none waits for ever, however many workers come. */
static unsigned work_on(const void *call, size_t worker, size_t workers) {
    (void)workers;
    struct job *job = (struct job *)call;
    const struct product *product = &job->product;
    char *a_panels = job->a_panels + worker * job->a_bytes;
    size_t start = 0, mine = atomic_fetch_add(&job->next, 1);
    struct block block;
    for (block.column = 0; block.column < product->n; block.column += job->wide)
        for (block.row = 0; block.row < product->m; block.row += job->high)
            for (block.k = 0; block.k < product->k; block.k += job->depth) {
                block.columns = least(job->wide, product->n - block.column);
                block.rows = least(job->high, product->m - block.row);
                block.depth = least(job->depth, product->k - block.k);
                for (int step = 0; step < 2; ++step) {
                    size_t items = step ? multiply_items(job, &block) : pack_items(job, &block);
                    if (mine < start + items) wait_until_done(job, start);
                    while (mine < start + items) {
                        if (step) multiply_some(job, &block, mine - start, a_panels);
                        else pack_some(job, &block, mine - start);
                        atomic_fetch_add_explicit(&job->done, 1, memory_order_release);
                        mine = atomic_fetch_add(&job->next, 1);
                    }
                    start += items;
                }
            }
    return 0;
}

/* Without memory: tile after tile, with panels on the stack. */
static void without_memory(struct job *job) {
    const struct product *product = &job->product;
    const struct tile_kernels *kernels = product->kernels;
    _Alignas(64) char a_panel[SMALL_PANELS], sums[TILE_BYTES];
    char *b_panel = a_panel + SMALL_DEPTH * kernels->rows * job->element;
    job->sums_in_c = 0;
    for (size_t i = 0; i < product->m; i += kernels->rows)
        for (size_t j = 0; j < product->n; j += kernels->columns)
            for (size_t k = 0; k < product->k; k += SMALL_DEPTH) {
                size_t depth = least(SMALL_DEPTH, product->k - k);
                kernels->pack_a(depth, least(kernels->rows, product->m - i), element_of(job, &product->a, i, k),
                                product->a.column, product->a.row, product->a.conjugate, a_panel);
                kernels->pack_b(depth, least(kernels->columns, product->n - j), element_of(job, &product->b, k, j),
                                product->b.row, product->b.column, product->b.conjugate, b_panel);
                do_tile(job, depth, k == 0, k + depth == product->k, a_panel, b_panel, i, j, sums, 0);
            }
}

/* ---- Memory ---- */

struct buffer { size_t bytes; };
static _Atomic(struct buffer *) kept;  /* of an earlier product: new pages cost more than a product of 200 × 200 */

static struct buffer *take_buffer(size_t bytes) {
    struct buffer *buffer = atomic_exchange(&kept, NULL);
    if (buffer && buffer->bytes >= bytes) return buffer;
    free(buffer);
    if (bytes > SIZE_MAX - 2 * ALIGNMENT) return NULL;
    buffer = malloc(bytes + 2 * ALIGNMENT);
    if (buffer) buffer->bytes = bytes;
    return buffer;
}

static void give_back(struct buffer *buffer) {
    free(buffer->bytes <= MOST_KEPT ? atomic_exchange(&kept, buffer) : buffer);
}

static char *aligned(const struct buffer *buffer) {
    return (char *)(((uintptr_t)buffer + sizeof *buffer + ALIGNMENT - 1) & ~(uintptr_t)(ALIGNMENT - 1));
}

/* ---- Sizes ---- */

static size_t cache_bytes(int level) {
    static atomic_size_t known[3];  /* asking takes microseconds on a virtual machine */
    size_t bytes = atomic_load_explicit(&known[level], memory_order_relaxed);
    if (bytes) return bytes;
    long said = -1;
#if defined _SC_LEVEL1_DCACHE_SIZE && defined _SC_LEVEL2_CACHE_SIZE
    said = sysconf(level == 1 ? _SC_LEVEL1_DCACHE_SIZE : _SC_LEVEL2_CACHE_SIZE);
#endif
    size_t usual = level == 1 ? 32 << 10 : 512 << 10;
    bytes = said > 0 ? (size_t)said : usual;
    if (bytes < usual / 2) bytes = usual / 2;
    atomic_store_explicit(&known[level], bytes, memory_order_relaxed);
    return bytes;
}

/* A panel of b in three quarters of the first cache, where panels of a pass through; a block of a in half of the
   second. */
static void choose_blocks(struct job *job) {
    const struct product *product = &job->product;
    const struct tile_kernels *kernels = product->kernels;
    size_t depth = cache_bytes(1) * 3 / 4 / (kernels->columns * job->element);
    depth = depth > 384 ? 384 : depth < 64 ? 64 : depth;
    job->depth = product->k <= depth + depth / 3 ? product->k : even_pieces(product->k, depth, 8);
    size_t tall = cache_bytes(2) / 2 / (job->depth * job->element);
    if (job->workers > 1) tall = least(tall, pieces(product->m, 4 * job->workers));
    if (tall < 4 * kernels->rows) tall = 4 * kernels->rows;
    job->tall = even_pieces(product->m, tall, kernels->rows);
    job->wide = even_pieces(product->n, MOST_PANELS / (job->depth * job->element), kernels->columns);
    job->high = product->m;
    if (!job->sums_in_c && job->depth < product->k) {
        size_t wide = rounded_up(1024, kernels->columns);
        if (job->wide > wide) job->wide = even_pieces(product->n, wide, kernels->columns);
        size_t high = MOST_SUMS / (job->wide * job->element);
        if (job->high > high) job->high = even_pieces(product->m, high, job->tall);
    }
}

static size_t multiplications(const struct product *product) {
    double count = (double)product->m * (double)product->n * (double)product->k;
    return count < 0x1p60 ? (size_t)count : (size_t)1 << 60;
}

/* The transposed product, so that the columns of a tile are side by side in c. */
static struct product exchanged(const struct product *p) {
    struct product t = *p;
    t.m = p->n;
    t.n = p->m;
    t.a = (struct matrix){p->b.first, p->b.column, p->b.row, p->b.conjugate};
    t.b = (struct matrix){p->a.first, p->a.column, p->a.row, p->a.conjugate};
    t.c_row = p->c_column;
    t.c_column = p->c_row;
    return t;
}

void bitfast_packed_product(const struct product *given) {
    const struct tile_kernels *kernels = given->kernels;
    if (given->m == 0 || given->n == 0) return;
    if (given->k == 0 || given->alpha_is_0) {
        if (!given->continues)
            kernels->finish(given->m, given->n, NULL, 0, given->alpha, given->beta, given->c, given->c_row,
                            given->c_column);
        return;
    }
    struct job job = {.product = *given, .multiply = kernels->multiply};
    if (given->c_row == 1 && given->c_column != 1) {
        job.product = exchanged(given);
        job.multiply = kernels->multiply_exchanged;
    }
    const struct product *product = &job.product;
    job.element = kernels->real_size * kernels->reals;
    job.sums_in_c = product->beta_is_0 && product->c_column == 1;
    job.ends_in_c = job.sums_in_c && product->alpha_is_1 && kernels->reals == 1;
    job.workers = multiplications(product) < WORTH_SHARING ? 1 : (size_t)bitfast_get_num_threads();
    choose_blocks(&job);

    size_t b_bytes = rounded_up(job.wide * job.depth * job.element, ALIGNMENT);
    size_t sums_bytes = job.sums_in_c || job.depth >= product->k ? 0 :
        rounded_up(rounded_up(job.high, kernels->rows) * job.wide * job.element, ALIGNMENT);
    job.a_bytes = rounded_up(job.tall * job.depth * job.element, ALIGNMENT);
    struct buffer *buffer = take_buffer(b_bytes + sums_bytes + job.workers * job.a_bytes);
    if (!buffer) {
        without_memory(&job);
        return;
    }
    job.b_panels = aligned(buffer);
    job.sums = job.b_panels + b_bytes;
    job.a_panels = job.sums + sums_bytes;
    bitfast_shared_tasks(work_on, &job, job.workers);
    give_back(buffer);
}
