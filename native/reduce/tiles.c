/* A tile of outputs, row by row of their elements, in vectors over the outputs; the few that stay undecided are then
   summed exactly. Rows that lie as the vectors want them are read in place, others by way of a buffer. */
#include "tiles.h"

#include "../dispatch.h"

enum { ROWS = 32, ROWS_IN_PLACE = 8, EXACT_AT_ONCE = 8, LONG = 64 };

int bitfast_has_tiles(const struct reduction *r) {
    if (r->x_type == ELEMENT_I64 || r->x_type == ELEMENT_U64 || r->operation >= REDUCE_LARGEST) return 0;
    return !(r->y && (r->operation == REDUCE_VARIANCE || r->operation == REDUCE_DEVIATION));
}

static enum column_sums sums_of(enum reduce_operation operation) {
    switch (operation) {
    case REDUCE_ABSOLUTE: return COLUMN_ABSOLUTE;
    case REDUCE_SQUARES: case REDUCE_NORM: return COLUMN_SQUARES;
    case REDUCE_DOT: return COLUMN_PRODUCTS;
    case REDUCE_VARIANCE: case REDUCE_DEVIATION: return COLUMN_MOMENTS;
    case REDUCE_AVERAGE: return COLUMN_WEIGHTED;
    default: return COLUMN_PLAIN;
    }
}

static enum column_result result_of(enum reduce_operation operation) {
    switch (operation) {
    case REDUCE_SQUARES: case REDUCE_DOT: return COLUMN_PRODUCT_SUM;
    case REDUCE_NORM: return COLUMN_NORM;
    case REDUCE_MEAN: return COLUMN_MEAN;
    case REDUCE_VARIANCE: return COLUMN_VARIANCE;
    case REDUCE_DEVIATION: return COLUMN_DEVIATION;
    case REDUCE_AVERAGE: return COLUMN_AVERAGE;
    default: return COLUMN_SUM;
    }
}

struct tile {
    const struct reduction *r;
    size_t output;                 /* the first */
    int width;
    struct place at[COLUMNS];      /* of the outputs */
    int even;                      /* they are x_step, y_step bytes apart */
    ptrdiff_t x_step, y_step;
    double counts[COLUMNS];
    _Alignas(64) double x[ROWS * COLUMNS], y[ROWS * COLUMNS];
};

/* A block of rows in the buffer, those that `where` leaves out as -0, or -0·0, which change no sum. */
static void gather(struct tile *t, size_t first, size_t rows, int count) {
    const struct reduction *r = t->r;
    const struct reduce_axis *axis = &r->reduced[r->reduced_count - 1];
    for (size_t done = 0; done < rows;) {
        const size_t rest = axis->n - first % axis->n, run = rest < rows - done ? rest : rows - done;
        const struct place here = bitfast_element_place(r, first);
        double *x = t->x + done * COLUMNS, *y = t->y + done * COLUMNS;
        const char *from_x = r->x + here.x, *from_y = r->y + here.y;
        const size_t across = (size_t)(t->x_step < 0 ? -t->x_step : t->x_step);
        const size_t along = (size_t)(axis->x < 0 ? -axis->x : axis->x);
        if (t->even && across <= along) {
            for (size_t row = 0; row < run; ++row) {
                const ptrdiff_t k = (ptrdiff_t)row;
                elements_gather(x + row * COLUMNS, 1, from_x + t->at[0].x + k * axis->x, t->x_step, (size_t)t->width,
                                r->x_type);
                if (r->y) elements_gather(y + row * COLUMNS, 1, from_y + t->at[0].y + k * axis->y, t->y_step,
                                          (size_t)t->width, r->y_type);
            }
        } else {
            for (int column = 0; column < t->width; ++column) {
                elements_gather(x + column, COLUMNS, from_x + t->at[column].x, axis->x, run, r->x_type);
                if (r->y) elements_gather(y + column, COLUMNS, from_y + t->at[column].y, axis->y, run, r->y_type);
            }
        }
        for (int column = 0; r->where && column < t->width; ++column) {
            const char *where = r->where + here.where + t->at[column].where;
            for (size_t row = 0; row < run; ++row, where += axis->where) {
                if (*where) t->counts[column] += count;
                else x[row * COLUMNS + (size_t)column] = -0.0, y[row * COLUMNS + (size_t)column] = 0;
            }
        }
        done += run;
        first += run;
    }
}

/* Whether rows can be read where they are. */
static int in_place(const struct tile *t) {
    const struct reduction *r = t->r;
    const ptrdiff_t size = (ptrdiff_t)element_size(r->x_type);
    if (r->x_type > ELEMENT_F32 || r->where || t->width % COLUMNS_STEP || !t->even || t->x_step != size) return 0;
    return !r->y || (r->y_type == r->x_type && t->y_step == size);
}

static void finish_exactly(struct tile *t, struct reduction *r, uint64_t undecided, size_t elements) {
    for (; undecided && elements >= LONG; undecided &= undecided - 1)
        bitfast_reduce_output(r, t->output + (size_t)__builtin_ctzll(undecided));
    while (undecided) {
        struct sums sums[EXACT_AT_ONCE];
        int columns[EXACT_AT_ONCE], count = 0;
        for (; undecided && count < EXACT_AT_ONCE; undecided &= undecided - 1) {
            bitfast_sums_clear(&sums[count], r);
            columns[count++] = __builtin_ctzll(undecided);
        }
        for (size_t first = 0; first < elements; first += ROWS) {
            const size_t rows = elements - first < ROWS ? elements - first : ROWS;
            gather(t, first, rows, r->accumulates);
            for (int k = 0; k < count; ++k)
                bitfast_add_numbers(&sums[k], r->operation, t->x + columns[k], r->y ? t->y + columns[k] : NULL, COLUMNS,
                                    rows);
        }
        for (int k = 0; k < count; ++k) {
            sums[k].count = (uint64_t)t->counts[columns[k]];
            if (sums[k].count == 0) bitfast_sums_clear(&sums[k], r);  /* not the -0 that stood for what was left out */
            bitfast_finish_sums(r, r->result + t->at[columns[k]].result, &sums[k]);
        }
    }
}

static void begin(struct tile *t, const struct reduction *r, size_t output, int width, size_t elements) {
    t->r = r;
    t->output = output;
    t->width = width;
    for (int k = 0; k < width; ++k) t->at[k] = bitfast_output_place(r, output + (size_t)k);
    t->even = 1;
    t->x_step = width > 1 ? t->at[1].x - t->at[0].x : 0;
    t->y_step = width > 1 ? t->at[1].y - t->at[0].y : 0;
    for (int k = 1; k < width; ++k)
        t->even &= t->at[k].x - t->at[k - 1].x == t->x_step && t->at[k].y - t->at[k - 1].y == t->y_step;
    for (int k = 0; k < COLUMNS; ++k) t->counts[k] = r->where ? 0 : (double)elements;
}

struct running_sums {
    _Alignas(64) double first[3 * COLUMNS], second[3 * COLUMNS];
};

static struct column_block begin_sums(struct running_sums *sums, const struct reduction *r, int width) {
    for (int k = 0; k < COLUMNS; ++k) {
        sums->first[k] = r->has_initial ? r->initial : -0.0;
        sums->second[k] = -0.0;
    }
    for (int k = COLUMNS; k < 3 * COLUMNS; ++k) sums->first[k] = sums->second[k] = 0;
    return (struct column_block){.columns = (width + COLUMNS_STEP - 1) / COLUMNS_STEP * COLUMNS_STEP,
                                 .first = sums->first, .second = sums->second};
}

/* A column's two parts are added to its accumulator, where nothing was lost; of 0 only the elements tell the sign. */
static void accumulate(struct tile *t, struct reduction *r, const struct column_block *block, size_t elements) {
    const double *sum = block->first, *rest = sum + COLUMNS, *error = rest + COLUMNS;
    uint64_t undecided = 0;
    for (int k = 0; k < t->width; ++k) {
        if (error[k] == 0 && sum[k] - sum[k] == 0 && rest[k] - rest[k] == 0 && sum[k] != 0) {
            struct exact *to = exact((bitfast_accumulator *)(r->result + t->at[k].result));
            bitfast_exact_add_f64(to, sum[k]);
            if (rest[k] != 0) bitfast_exact_add_f64(to, rest[k]);
        } else {
            undecided |= UINT64_C(1) << k;
        }
    }
    finish_exactly(t, r, undecided, elements);
}

static void finish(struct tile *t, struct reduction *r, const struct column_block *block, size_t elements) {
    if (r->accumulates) {
        accumulate(t, r, block, elements);
        return;
    }
    double values[COLUMNS];
    const enum column_format format = r->result_type == ELEMENT_F64   ? COLUMN_F64
                                      : r->result_type == ELEMENT_F32 ? COLUMN_F32
                                                                      : COLUMN_F16;
    uint64_t undecided = bitfast_chosen.columns->finish(block, result_of(r->operation), r->correction, format, t->counts,
                                                        values);
    undecided &= UINT64_MAX >> (COLUMNS - t->width);
    for (int k = 0; k < t->width; ++k) {
        if (t->counts[k] == 0) undecided |= UINT64_C(1) << k;
        else if (!(undecided >> k & 1)) bitfast_store_element(r->result + t->at[k].result, r->result_type, values[k]);
    }
    finish_exactly(t, r, undecided, elements);
}

/* Columns side by side, a few rows of all of them at a time: so the memory is read in long stretches. */
static void reduce_in_place(struct tile *t, struct reduction *r, size_t output, int width, size_t elements) {
    struct running_sums sums[WIDEST / COLUMNS];
    struct column_block blocks[WIDEST / COLUMNS];
    const struct reduce_axis *axis = &r->reduced[r->reduced_count - 1];
    const int count = width / COLUMNS + (width % COLUMNS != 0);
    const ptrdiff_t across = COLUMNS * (ptrdiff_t)element_size(r->x_type);
    const struct place at = t->at[0];
    for (int k = 0; k < count; ++k) {
        blocks[k] = begin_sums(&sums[k], r, k < count - 1 ? COLUMNS : width - k * COLUMNS);
        blocks[k].is_f32 = r->x_type == ELEMENT_F32;
        blocks[k].x_step = axis->x;
        blocks[k].y_step = axis->y;
    }
    size_t rows;
    for (size_t first = 0; first < elements; first += rows) {
        const struct place here = bitfast_element_place(r, first);
        const size_t rest = axis->n - first % axis->n, most = count > 1 ? ROWS_IN_PLACE : ROWS;
        rows = rest < most ? rest : most;
        for (int k = 0; k < count; ++k) {
            blocks[k].rows = rows;
            blocks[k].x = r->x + at.x + here.x + k * across;
            blocks[k].y = r->y ? r->y + at.y + here.y + k * across : NULL;
            bitfast_chosen.columns->add(&blocks[k], sums_of(r->operation));
        }
    }
    for (int k = 0; k < count; ++k) {
        begin(t, r, output + (size_t)k * COLUMNS, k < count - 1 ? COLUMNS : width - k * COLUMNS, elements);
        finish(t, r, &blocks[k], elements);
    }
}

static void reduce_gathered(struct tile *t, struct reduction *r, size_t elements) {
    struct running_sums sums;
    struct column_block block = begin_sums(&sums, r, t->width);
    if (block.columns != t->width) {
        memset(t->x, 0, sizeof t->x);
        if (r->y) memset(t->y, 0, sizeof t->y);
    }
    block.x = (const char *)t->x;
    block.y = r->y ? (const char *)t->y : NULL;
    block.x_step = block.y_step = COLUMNS * sizeof(double);
    for (size_t first = 0; first < elements; first += block.rows) {
        block.rows = elements - first < ROWS ? elements - first : ROWS;
        gather(t, first, block.rows, 1);
        bitfast_chosen.columns->add(&block, sums_of(r->operation));
    }
    finish(t, r, &block, elements);
}

void bitfast_reduce_tile(struct reduction *r, size_t output, int width, size_t elements) {
    struct tile t;
    while (width > 0) {
        begin(&t, r, output, width < COLUMNS ? width : COLUMNS, elements);
        int done = t.width;
        if (r->accumulates && r->operation != REDUCE_SUM && r->operation != REDUCE_ABSOLUTE) {
            /* What a product below the normal numbers loses would be missing. */
            finish_exactly(&t, r, UINT64_MAX >> (COLUMNS - t.width), elements);
        } else if (in_place(&t)) {
            /* Beyond those that were looked at, outputs go on like that to the end of the innermost axis. */
            const size_t innermost = r->kept[r->kept_count - 1].n, rest = innermost - output % innermost;
            const size_t most = rest < (size_t)width ? rest : (size_t)width;
            if (most > (size_t)done) done = (int)(most / COLUMNS_STEP * COLUMNS_STEP);
            reduce_in_place(&t, r, output, done, elements);
        } else {
            reduce_gathered(&t, r, elements);
        }
        output += (size_t)done;
        width -= done;
    }
}
