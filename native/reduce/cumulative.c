/* Sums of all beginnings of a line of elements, each rounded once: a running sum in double-double with a bound of what it
   leaves out, as in kernels/columns.c; where the bound leaves a rounding open, the exact accumulator catches up. */
#include "cumulative.h"

#include "finish.h"

#include "../environment.h"
#include "../threads.h"
#include "../two_sum.h"

enum { BIG = 1 << 15 };

struct running { double sum, rest, error; };

static double magnitude(double x) { return __builtin_fabs(x); }

static inline void add(struct running *r, double x) {
    double error, lost;
    r->sum = two_sum(r->sum, x, &error);
    r->rest = two_sum(r->rest, error, &lost);
    r->error += magnitude(lost);
}

/* Whether the running sum tells the result; `value` rounds to it. */
static inline int decided(const struct running *r, enum element_type type, double *value) {
    double rest, nearest = two_sum(r->sum, r->rest, &rest);
    const int exact = r->error == 0;
    const double margin = exact ? 0 : 2 * r->error + magnitude(rest) * 0x1p-50, size = magnitude(nearest);
    *value = r->rest == 0 ? r->sum : nearest;
    if (!(nearest + (rest + margin) == nearest + (rest - margin)) || !(size < __builtin_inf())) return 0;
    if (exact && (rest == 0 || type == ELEMENT_F64)) return 1;
    if (size < 0x1p-900) return 0;
    if (type == ELEMENT_F64) return 1;
    const int dropped = type == ELEMENT_F32 ? 29 : 42;
    const uint64_t half = UINT64_C(1) << (dropped - 1);
    uint64_t b;
    memcpy(&b, &nearest, sizeof b);
    return (b & (2 * half - 1)) != half && size >= (type == ELEMENT_F32 ? 0x1p-126 : 0x1p-14);
}

static unsigned do_lines(const void *argument, size_t first, size_t n) {
    const struct cumulative *c = argument;
    for (size_t line = first; line < first + n; ++line) {
        const char *x = c->x;
        char *result = c->result;
        size_t index = line;
        for (int k = c->other_count - 1; k >= 0; --k) {
            const ptrdiff_t at = (ptrdiff_t)(index % c->others[k].n);
            index /= c->others[k].n;
            x += at * c->others[k].x;
            result += at * c->others[k].result;
        }
        struct sums sums;
        struct reduction format = {.operation = REDUCE_SUM, .result_type = c->result_type};
        bitfast_sums_clear(&sums, &format);
        struct exact *sum = exact(&sums.first);
        struct running running = {-0.0, 0, 0};
        for (size_t i = 0; i < c->line.n; ++i, result += c->line.result) {
            double value;
            add(&running, element_at(x + (ptrdiff_t)i * c->line.x, c->x_type));
            if (decided(&running, c->result_type, &value)) {
                bitfast_store_element(result, c->result_type, value);
                continue;
            }
            for (; sums.count <= i; ++sums.count)
                bitfast_exact_add_f64(sum, element_at(x + (ptrdiff_t)sums.count * c->line.x, c->x_type));
            bitfast_sums_finish(&sums, &format, result);
            running.sum = bitfast_accumulator_value(&sums.first);
            if (!(magnitude(running.sum) < __builtin_inf())) continue;  /* undecided from here on */
            struct exact rest = *sum;
            bitfast_exact_add_f64(&rest, -running.sum);
            running.rest = running.sum == 0 ? 0 : bitfast_accumulator_value((bitfast_accumulator *)&rest);
            running.error = magnitude(running.rest) * 0x1p-52;
        }
    }
    return 0;
}

void bitfast_cumulative_sum(const struct cumulative *c) {
    size_t lines = 1;
    for (int k = 0; k < c->other_count; ++k) lines *= c->others[k].n;
    if (lines == 0 || c->line.n == 0) return;
    struct environment caller;
    bitfast_environment_begin(&caller);
    if (lines > 1 && lines * c->line.n >= BIG && c->line.n >= BIG / 256) bitfast_shared_tasks(do_lines, c, lines);
    else do_lines(c, 0, lines);
    bitfast_environment_end(&caller);
}
