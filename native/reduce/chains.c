/* Products of all elements: sixteen chains, joined in pairs. */
#include "chains.h"

enum { BLOCK = 512 };

/* Of float32 numbers the product is exact in float64, and so rounded once. */
static double rounded(double x, int is_f64) { return is_f64 ? x : (double)(float)x; }

struct complex_chain { double re, im; };

static struct complex_chain times(struct complex_chain a, double re, double im, int is_f64) {
    struct complex_chain p;
    p.re = rounded(rounded(a.re * re, is_f64) - rounded(a.im * im, is_f64), is_f64);
    p.im = rounded(rounded(a.re * im, is_f64) + rounded(a.im * re, is_f64), is_f64);
    return p;
}

static void gather(const struct reduction *r, struct place at, size_t first, size_t n, double *x, double *y) {
    const struct reduce_axis *axis = &r->reduced[r->reduced_count - 1];
    for (size_t done = 0; done < n;) {
        const size_t rest = axis->n - first % axis->n, run = rest < n - done ? rest : n - done;
        const struct place here = bitfast_element_place(r, first);
        elements_gather(x + done, 1, r->x + at.x + here.x, axis->x, run, r->x_type);
        if (r->y) elements_gather(y + done, 1, r->y + at.y + here.y, axis->y, run, r->y_type);
        const char *where = r->where + at.where + here.where;
        for (size_t i = 0; r->where && i < run; ++i)
            if (!where[(ptrdiff_t)i * axis->where]) x[done + i] = 1, y[done + i] = 0;
        done += run;
        first += run;
    }
}

void bitfast_multiply_output(struct reduction *r, size_t output, size_t elements) {
    const struct place at = bitfast_output_place(r, output);
    const int is_f64 = r->x_type == ELEMENT_F64;
    double x[BLOCK], y[BLOCK];
    struct complex_chain chain[CHAINS];
    for (int k = 0; k < CHAINS; ++k) chain[k] = (struct complex_chain){1, 0};
    for (size_t first = 0; first < elements; first += BLOCK) {
        const size_t n = elements - first < BLOCK ? elements - first : BLOCK;
        gather(r, at, first, n, x, y);
        if (r->y) {
            for (size_t i = 0; i < n; ++i) chain[i % CHAINS] = times(chain[i % CHAINS], x[i], y[i], is_f64);
            continue;
        }
        double p[CHAINS];
        for (int k = 0; k < CHAINS; ++k) p[k] = chain[k].re;
        size_t i = 0;
        if (is_f64)
            for (; i + CHAINS <= n; i += CHAINS)
                for (int k = 0; k < CHAINS; ++k) p[k] *= x[i + (size_t)k];
        for (; i < n; ++i) p[i % CHAINS] = rounded(p[i % CHAINS] * x[i], is_f64);
        for (int k = 0; k < CHAINS; ++k) chain[k].re = p[k];
    }
    for (int half = CHAINS / 2; half; half /= 2)
        for (int k = 0; k < half; ++k) {
            if (r->y) chain[k] = times(chain[k], chain[k + half].re, chain[k + half].im, is_f64);
            else chain[k].re = rounded(chain[k].re * chain[k + half].re, is_f64);
        }
    if (r->has_initial) chain[0].re = rounded(r->initial * chain[0].re, is_f64);
    bitfast_store_element(r->result + at.result, r->result_type, chain[0].re);
    if (r->y) bitfast_store_element(r->result + at.result + element_size(r->result_type), r->result_type, chain[0].im);
}
