/* Products of all elements: sixteen chains, joined in pairs. */
#include "chains.h"

enum { BLOCK = 512 };

/* Of float32 numbers the product is exact in float64, and so rounded once. */
static double rounded(double x, int is_f64) { return is_f64 ? x : (double)(float)x; }

/* Of complex numbers the chains' parts lie apart: where they alternate, GCC 12 makes vfmaddsub of the product in spite
   of -ffp-contract=off, as soon as somebody's options allow the instruction. */
struct parts { double re[CHAINS], im[CHAINS]; };

static void multiply(struct parts *chain, size_t k, double re, double im, int is_f64) {
    const double a = chain->re[k], b = chain->im[k];
    chain->re[k] = rounded(rounded(a * re, is_f64) - rounded(b * im, is_f64), is_f64);
    chain->im[k] = rounded(rounded(a * im, is_f64) + rounded(b * re, is_f64), is_f64);
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
    struct parts chain;
    for (int k = 0; k < CHAINS; ++k) chain.re[k] = 1, chain.im[k] = 0;
    for (size_t first = 0; first < elements; first += BLOCK) {
        const size_t n = elements - first < BLOCK ? elements - first : BLOCK;
        gather(r, at, first, n, x, y);
        if (r->y) {
            for (size_t i = 0; i < n; ++i) multiply(&chain, i % CHAINS, x[i], y[i], is_f64);
            continue;
        }
        double p[CHAINS];
        for (int k = 0; k < CHAINS; ++k) p[k] = chain.re[k];
        size_t i = 0;
        if (is_f64)
            for (; i + CHAINS <= n; i += CHAINS)
                for (int k = 0; k < CHAINS; ++k) p[k] *= x[i + (size_t)k];
        for (; i < n; ++i) p[i % CHAINS] = rounded(p[i % CHAINS] * x[i], is_f64);
        for (int k = 0; k < CHAINS; ++k) chain.re[k] = p[k];
    }
    for (size_t half = CHAINS / 2; half; half /= 2)
        for (size_t k = 0; k < half; ++k) {
            if (r->y) multiply(&chain, k, chain.re[k + half], chain.im[k + half], is_f64);
            else chain.re[k] = rounded(chain.re[k] * chain.re[k + half], is_f64);
        }
    if (r->has_initial) chain.re[0] = rounded(r->initial * chain.re[0], is_f64);
    bitfast_store_element(r->result + at.result, r->result_type, chain.re[0]);
    if (r->y) bitfast_store_element(r->result + at.result + element_size(r->result_type), r->result_type, chain.im[0]);
}
