/* Matrix products of every level against a plain loop over fma, bit for bit: shapes, strides, transposes, alpha and beta,
   special values, 1 to 8 threads, no memory to be had, prefixes of rows. Usage: products [samples of small shapes]
   What lies between the elements of c must stay. With WITHOUT_BIG in the environment (QEMU) big shapes are left out. */
#include "nasty.h"

#include <bitfast.h>
#include <bitfast_arrays.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The library's own malloc fails for its panels while this is set. */
extern void *__libc_malloc(size_t n);
static int no_memory;
void *malloc(size_t n) { return no_memory && n > 8192 ? NULL : __libc_malloc(n); }

static int failures;
static int threads = 1;

static size_t below(size_t n) { return splitmix64() % n; }

/* A matrix in memory: elements from its first to that of the last row and column, and `size` of them in all. */
struct layout { ptrdiff_t row, column, first; size_t size; };

static struct layout layout(int kind, size_t rows, size_t columns) {
    ptrdiff_t m = (ptrdiff_t)rows, n = (ptrdiff_t)columns;
    struct layout l = {n, 1, 0, rows * columns};
    switch (kind) {
    case 1: l = (struct layout){1, m, 0, rows * columns}; break;
    case 2: l = (struct layout){n + 3, 1, 5, rows * (columns + 3) + 5}; break;
    case 3: l = (struct layout){1, m + 2, 3, columns * (rows + 2) + 3}; break;
    case 4: l = (struct layout){2 * n + 1, 2, 1, rows * (2 * columns + 1) + 1}; break;
    case 5: l = (struct layout){-n, -1, m * n - 1, rows * columns}; break;
    case 6: l = (struct layout){-1, m, m - 1, rows * columns}; break;
    default: break;
    }
    if (rows == 0 || columns == 0) l.first = 0;
    return l;
}

struct shape { size_t m, n, k; int a, b, c, conjugate_a, conjugate_b, alpha, beta, values; size_t checked; };

/* Products that are 1 but for the last bits, and numbers whose last place is 2: sums that two roundings get wrong. */
static double near_tie(int bits) {
    uint64_t r = splitmix64();
    double half = 0.5 * (double)((uint64_t)1 << bits), size = half * 2;
    if (r & 0x70) size = 1 + (r & 2 ? -1 : 1) / (double)((uint64_t)2 << (r >> 32) % (uint64_t)(bits - 1));
    else size += 2 * (double)((r >> 8) % (uint64_t)half);
    return r & 4 ? -size : size;
}

static double value_f64(int values) {
    if (values == 3) return near_tie(53);
    return values == 0 ? (double)(int64_t)splitmix64() * 0x1p-63 : nasty_f64(values == 1 ? 40 : 0);
}
static float value_f32(int values) {
    if (values == 3) return (float)near_tie(24);
    return values == 0 ? (float)((double)(int64_t)splitmix64() * 0x1p-63) : nasty_f32(values == 1 ? 10 : 0);
}

#define TYPE(letter, real, parts, FMA, value, quiet_nan) \
    static void letter##_add(real s[2], const real x[2], int conjugate_x, const real y[2], int conjugate_y) { \
        if (parts == 1) { \
            s[0] = FMA(x[0], y[0], s[0]); \
            return; \
        } \
        real x_im = conjugate_x ? -x[parts - 1] : x[parts - 1], y_im = conjugate_y ? -y[parts - 1] : y[parts - 1]; \
        s[0] = FMA(x[0], y[0], s[0]); \
        s[0] = FMA(-x_im, y_im, s[0]); \
        s[1] = FMA(x[0], y_im, s[1]); \
        s[1] = FMA(x_im, y[0], s[1]); \
    } \
    static const real letter##_factors[6][2] = {{1, 0}, {0, 0}, {-1, 0}, {2.5, -1.25}, {3, 0}, {NAN, 0}}; \
    static void letter##_element(const struct shape *t, const real *a, struct layout la, const real *b, struct layout lb, \
                                 size_t i, size_t j, real *c) { \
        const real *alpha = letter##_factors[t->alpha], *beta = letter##_factors[t->beta]; \
        real s[2] = {0, 0}, r[2]; \
        for (size_t p = 0; t->alpha != 1 && p < t->k; ++p) \
            letter##_add(s, a + parts * (la.first + (ptrdiff_t)i * la.row + (ptrdiff_t)p * la.column), t->conjugate_a, \
                         b + parts * (lb.first + (ptrdiff_t)p * lb.row + (ptrdiff_t)j * lb.column), t->conjugate_b); \
        r[0] = s[0], r[1] = s[1]; \
        if (parts == 1) { \
            r[0] = alpha[0] * s[0]; \
        } else if (t->alpha != 0) { \
            r[0] = r[1] = 0; \
            letter##_add(r, alpha, 0, s, 0); \
        } \
        if (t->beta != 1) letter##_add(r, beta, 0, c, 0); \
        for (int part = 0; part < parts; ++part) c[part] = isnan(r[part]) ? quiet_nan : r[part]; \
    } \
    static void letter##_check(const struct shape *t) { \
        struct layout la = layout(t->a, t->m, t->k), lb = layout(t->b, t->k, t->n), lc = layout(t->c, t->m, t->n); \
        size_t bytes = parts * sizeof(real), c_size = lc.size * bytes; \
        real *a = __libc_malloc(la.size * bytes + 1), *b = __libc_malloc(lb.size * bytes + 1); \
        real *c = __libc_malloc(c_size + 1), *want = __libc_malloc(c_size + 1); \
        for (size_t i = 0; i < parts * la.size; ++i) a[i] = value(t->values); \
        for (size_t i = 0; i < parts * lb.size; ++i) b[i] = value(t->values); \
        for (size_t i = 0; i < parts * lc.size; ++i) c[i] = want[i] = value(t->values); \
        const real *alpha = letter##_factors[t->alpha], *beta = letter##_factors[t->beta]; \
        (void)alpha, (void)beta; \
        /* NULL where nothing is read */ \
        const real *a0 = la.size && t->alpha != 1 ? a + parts * la.first : NULL; \
        const real *b0 = lb.size && t->alpha != 1 ? b + parts * lb.first : NULL; \
        real *c0 = c + parts * lc.first; \
        CALL_##parts(letter); \
        size_t elements = t->m * t->n, count = t->checked && t->checked < elements ? t->checked : elements; \
        size_t wrong = 0; \
        for (size_t e = 0; e < count; ++e) { \
            size_t at = count == elements ? e : e < 4 ? (e & 1 ? t->n - 1 : 0) + (e & 2 ? elements - t->n : 0) : below(elements); \
            size_t i = at / t->n, j = at % t->n; \
            ptrdiff_t place = parts * (lc.first + (ptrdiff_t)i * lc.row + (ptrdiff_t)j * lc.column); \
            real one[2] = {want[place], want[place + parts - 1]}; \
            letter##_element(t, a, la, b, lb, i, j, one); \
            if (count == elements) memcpy(want + place, one, bytes); \
            if (memcmp(c + place, one, bytes) != 0 && wrong++ == 0 && failures < 20) \
                printf("%s " #letter "gemm %zu %zu %zu layouts %d %d %d alpha %d beta %d values %d threads %d: " \
                       "[%zu][%zu] got %a want %a\n", bitfast_level(), t->m, t->n, t->k, t->a, t->b, t->c, t->alpha, \
                       t->beta, t->values, threads, i, j, (double)c[place], (double)one[0]); \
        } \
        if (!wrong && count == elements && memcmp(c, want, c_size) != 0 && ++wrong) \
            printf("%s " #letter "gemm %zu %zu %zu layout %d: wrote beside c\n", bitfast_level(), t->m, t->n, t->k, t->c); \
        failures += wrong != 0; \
        free(a), free(b), free(c), free(want); \
    }
#define CALL_1(letter) \
    bitfast_##letter##gemm(t->m, t->n, t->k, *alpha, a0, la.row, la.column, b0, lb.row, lb.column, *beta, c0, lc.row, \
                           lc.column)
#define CALL_2(letter) \
    bitfast_##letter##gemm(t->m, t->n, t->k, alpha, a0, la.row, la.column, t->conjugate_a, b0, lb.row, lb.column, \
                           t->conjugate_b, beta, c0, lc.row, lc.column)
TYPE(d, double, 1, fma, value_f64, __builtin_nan(""))
TYPE(s, float, 1, fmaf, value_f32, __builtin_nanf(""))
TYPE(z, double, 2, fma, value_f64, __builtin_nan(""))
TYPE(c, float, 2, fmaf, value_f32, __builtin_nanf(""))

static void check(int type, const struct shape *shape) {
    switch (type) {
    case 0: d_check(shape); break;
    case 1: s_check(shape); break;
    case 2: z_check(shape); break;
    default: c_check(shape);
    }
}

static struct shape random_shape(size_t most) {
    return (struct shape){below(most + 1), below(most + 1), below(most + 1), (int)below(7), (int)below(7), (int)below(7),
        (int)below(2), (int)below(2), below(2) ? 0 : (int)below(6), below(2) ? 1 : (int)below(5), (int)below(4), 0};
}

/* Blocks of k, of rows and of columns end within these, and tiles at every edge. */
static const size_t big[][3] = {
    {70, 60, 390}, {33, 100, 1000}, {130, 50, 257}, {9, 25, 2000}, {257, 49, 385}, {50, 700, 193}, {600, 30, 200},
};

static void rows_of_a_batch(void) {
    enum { M = 64, N = 50, K = 300 };
    static double a[M * K], b[K * N], all[M * N], some[M * N];
    for (size_t i = 0; i < M * K; ++i) a[i] = value_f64(0);
    for (size_t i = 0; i < K * N; ++i) b[i] = value_f64(0);
    bitfast_dgemm(M, N, K, 1, a, K, 1, b, N, 1, 0, all, N, 1);
    for (size_t m = 1; m <= M; ++m) {
        bitfast_dgemm(m, N, K, 1, a, K, 1, b, N, 1, 0, some, N, 1);
        if (memcmp(some, all, m * N * sizeof *all) != 0 && ++failures < 20)
            printf("%s: the first %zu rows are others\n", bitfast_level(), m);
    }
}

int main(int count, char **arguments) {
    int samples = count > 1 ? atoi(arguments[1]) : 300, with_big = !getenv("WITHOUT_BIG");
    const char *best = NULL;
    for (int index = 0; bitfast_level_name(index); ++index) best = bitfast_level_name(index);
    for (int index = 0; bitfast_level_name(index); ++index) {
        bitfast_use_level(bitfast_level_name(index));
        int slow = strcmp(bitfast_level(), "x86-64-v2") == 0 || strcmp(bitfast_level(), "generic") == 0;
        for (int type = 0; type < 4; ++type) {
            bitfast_set_num_threads(threads = 1);
            no_memory = 1;
            for (int round = 0; round < 8; ++round) {
                struct shape t = random_shape(150);
                check(type, &t);
            }
            no_memory = 0;
            for (int round = 0; round < samples / (slow ? 4 : 1); ++round) {
                struct shape t = random_shape(round % 8 ? 40 : 110);  /* small ones need no panels */
                check(type, &t);
            }
            for (size_t round = 0; with_big && round < sizeof big / sizeof *big; ++round)
                for (int turned = 0; turned < 2; ++turned) {
                    bitfast_set_num_threads(threads = 1 + (int)below(8));
                    struct shape t = random_shape(1);
                    t.m = big[round][turned], t.n = big[round][!turned], t.k = big[round][2];
                    t.values = (int[]){0, 1, 3}[below(3)];
                    t.checked = 500;
                    check(type, &t);
                }
        }
        bitfast_set_num_threads(threads = 1);
        rows_of_a_batch();
    }
    bitfast_use_level(best);
    for (int c = 0; with_big && c < 2; ++c)  /* more columns than are packed at a time, more sums than scratch memory */
        for (int beta = 0; beta < 2; ++beta) {
            bitfast_set_num_threads(threads = 1 + 2 * beta);
            check(0, &(struct shape){5, 3000, 400, 0, 0, c, 0, 0, 0, beta, 0, 200});
            check(2, &(struct shape){1500, 9, 400, 0, 0, c, 0, 0, 0, beta, 0, 200});
            check(1, &(struct shape){1700, 1300, 450, 0, 0, c, 0, 0, 0, beta, 0, 200});
        }
    for (threads = 1; with_big && threads <= 8; ++threads) {
        bitfast_set_num_threads(threads);
        check(0, &(struct shape){300, 290, 280, 0, 1, 0, 0, 0, 0, 1, 0, 1000});
    }
    if (failures) printf("%d products are wrong\n", failures);
    return failures != 0;
}
