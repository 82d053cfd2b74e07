/* Reductions of n-dimensional arrays without a copy: one output after the other along its elements (outputs.c), or, where
   outputs are neighbours in memory or have few elements, a tile of them at a time (tiles.c). */
#include "tiles.h"

#include "../environment.h"
#include "../threads.h"

#include <stdlib.h>

enum {
    SHORT = 1024,        /* outputs with fewer elements are worth a tile wherever they lie */
    FEWEST = 4,          /* outputs that make a tile */
    BIG = 1 << 17,       /* elements from which on threads are worth waking */
    TASK = 1 << 15,      /* about as many elements make a task */
    MOST_PIECES = 256,
};

static size_t size_of(const struct reduce_axis *axes, int count) {
    size_t n = 1;
    for (int k = 0; k < count; ++k) n *= axes[k].n;
    return n;
}

static size_t distance(ptrdiff_t step) { return (size_t)(step < 0 ? -step : step); }

static void drop_single(struct reduce_axis *axes, int *count) {
    int kept = 0;
    for (int k = 0; k < *count; ++k)
        if (axes[k].n != 1) axes[kept++] = axes[k];
    if (kept == 0) axes[kept++] = (struct reduce_axis){1, 0, 0, 0, 0};  /* there is always one to go along */
    *count = kept;
}

/* The longest steps first, in a stable order. */
static void sort(struct reduce_axis *axes, int count) {
    for (int k = 1; k < count; ++k) {
        struct reduce_axis moved = axes[k];
        int to = k;
        for (; to > 0 && distance(axes[to - 1].x) < distance(moved.x); --to) axes[to] = axes[to - 1];
        axes[to] = moved;
    }
}

/* Neighbours that step on as one axis become one. */
static void merge(struct reduce_axis *axes, int *count) {
    int kept = 0;
    for (int k = 0; k < *count; ++k) {
        struct reduce_axis *outer = &axes[kept ? kept - 1 : 0], inner = axes[k];
        const ptrdiff_t n = (ptrdiff_t)inner.n;
        if (kept && outer->x == n * inner.x && outer->y == n * inner.y && outer->where == n * inner.where &&
            outer->result == n * inner.result) {
            inner.n *= outer->n;
            *outer = inner;
        } else {
            axes[kept++] = inner;
        }
    }
    *count = kept;
}

struct outputs_call {
    struct reduction *r;
    size_t elements, pieces, count;
    struct sums *sums;  /* of the pieces, where there are several */
};

/* Where the elements, or outputs, number `index` begin. */
static struct place place_of(const struct reduce_axis *axes, int count, size_t index) {
    struct place p = {0, 0, 0, 0};
    for (int k = count - 1; k >= 0; --k) {
        ptrdiff_t at = (ptrdiff_t)(index % axes[k].n);
        index /= axes[k].n;
        p.x += at * axes[k].x;
        p.y += at * axes[k].y;
        p.where += at * axes[k].where;
        p.result += at * axes[k].result;
    }
    return p;
}

struct place bitfast_output_place(const struct reduction *r, size_t output) {
    return place_of(r->kept, r->kept_count, output);
}

struct place bitfast_element_place(const struct reduction *r, size_t element) {
    return place_of(r->reduced, r->reduced_count, element);
}

static unsigned do_outputs(const void *argument, size_t first, size_t n) {
    const struct outputs_call *call = argument;
    struct reduction *r = call->r;
    const size_t piece = (call->elements + call->pieces - 1) / call->pieces;
    for (size_t k = first; k < first + n; ++k) {
        if (call->pieces == 1) {
            bitfast_reduce_output(r, k);
        } else {
            const size_t at = k % call->pieces * piece;
            bitfast_sums_clear(&call->sums[k], r);
            if (at < call->elements)
                bitfast_add_elements(&call->sums[k], r, k / call->pieces, at,
                                     call->elements - at < piece ? call->elements - at : piece);
        }
    }
    return 0;
}

static void by_outputs(struct reduction *r, size_t outputs, size_t elements) {
    struct outputs_call call = {r, elements, 1, outputs, NULL};
    const int threads = bitfast_get_num_threads();
    if (r->operation != REDUCE_PRODUCT && threads > 1 && outputs < 4 * (size_t)threads && elements >= BIG) {
        call.pieces = elements / TASK < MOST_PIECES ? elements / TASK : MOST_PIECES;
        call.sums = malloc(outputs * call.pieces * sizeof *call.sums);
        if (!call.sums) call.pieces = 1;
    }
    const size_t tasks = outputs * call.pieces;
    if (outputs * elements >= BIG && tasks > 1) bitfast_shared_tasks(do_outputs, &call, tasks);
    else do_outputs(&call, 0, tasks);
    if (!call.sums) return;
    for (size_t k = 0; k < outputs; ++k) {
        struct sums *sums = &call.sums[k * call.pieces];
        for (size_t piece = 1; piece < call.pieces; ++piece) bitfast_sums_merge(sums, &sums[piece], r);
        bitfast_finish_output(r, k, sums);
    }
    free(call.sums);
}

struct tiles_call {
    struct reduction *r;
    size_t outputs, elements, row, per_row, per_task, count;  /* a row of outputs has `per_row` tiles */
};

static unsigned do_tiles(const void *argument, size_t first, size_t n) {
    const struct tiles_call *call = argument;
    for (size_t task = first; task < first + n; ++task) {
        for (size_t k = task * call->per_task; k < (task + 1) * call->per_task && k < call->count; ++k) {
            const size_t at = k % call->per_row * WIDEST, output = k / call->per_row * call->row + at;
            bitfast_reduce_tile(call->r, output, call->row - at < WIDEST ? (int)(call->row - at) : WIDEST,
                                call->elements);
        }
    }
    return 0;
}

/* Tiles do not go from one row of neighbours into the next, unless rows are too short for it to matter. */
static void by_tiles(struct reduction *r, size_t outputs, size_t elements) {
    size_t row = r->kept[r->kept_count - 1].n;
    if (row < COLUMNS) row = outputs;
    const size_t per_row = (row + WIDEST - 1) / WIDEST, count = outputs / row * per_row;
    size_t per_task = TASK / (elements * WIDEST + 1);
    if (per_task == 0) per_task = 1;
    struct tiles_call call = {r, outputs, elements, row, per_row, per_task, count};
    const size_t tasks = (count + per_task - 1) / per_task;
    if (outputs * elements >= BIG && tasks > 1) bitfast_shared_tasks(do_tiles, &call, tasks);
    else do_tiles(&call, 0, tasks);
}

void bitfast_reduce(struct reduction *r) {
    r->empty = r->no_weight = 0;
    const size_t outputs = size_of(r->kept, r->kept_count), elements = size_of(r->reduced, r->reduced_count);
    if (outputs == 0) return;
    struct environment caller;
    bitfast_environment_begin(&caller);
    drop_single(r->kept, &r->kept_count);
    drop_single(r->reduced, &r->reduced_count);
    sort(r->kept, r->kept_count);
    if (r->operation != REDUCE_PRODUCT) sort(r->reduced, r->reduced_count);  /* the order of a product is its array's */
    if (elements) merge(r->reduced, &r->reduced_count);
    merge(r->kept, &r->kept_count);
    const size_t across = distance(r->kept[r->kept_count - 1].x), along = distance(r->reduced[r->reduced_count - 1].x);
    if (outputs >= FEWEST && elements > 0 && bitfast_has_tiles(r) && (elements < SHORT || across < along))
        by_tiles(r, outputs, elements);
    else
        by_outputs(r, outputs, elements);
    bitfast_environment_end(&caller);
}
