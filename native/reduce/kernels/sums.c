/* Σx, Σ|x|, Σx² and Σx·y in vectors, exactly: blocks of elements go into a window (kernels.h). A block is first tried
   with the window as it is; where something was too large, left over or not finite, nothing of it is kept, and it is
   done anew with another window, more levels, or one element at a time.

   One term per element: float64 sums, and all of float32, whose products are exact in double. Two terms: float64
   products, x·y = p + e with e = fma(x, y, -p). */
#include "../kernels.h"

#include "../../lanes.h"
#include "../../levels.h"

enum { CHAINS = 2, BLOCK = 64 * CHAINS * LANES, MOST_PASSES = 17 };
_Static_assert(LANES <= MOST_LANES, "a window counts per lane");

#define FLAT static __attribute__((noinline))
#define NAME(what, format) JOIN(bitfast_, BITFAST_LEVEL, add_##what, format)

/* How many levels a window's blocks are tried with: of terms 1 to 3, of products 1, or 2 where zeros are among them.
   Where that is not enough, the blocks that follow are not tried but taken apart in passes, PATIENCE of them. */
enum { SCATTERED = 4, PATIENCE = 16 };

/* Below, the error of a product need not be a double: p must be at least 2^(-1074 + 106). */
#define TINY 0x1p-960
#define MOST_TERM 0x1p1014

INLINE f64 element(int is_f32, const void *from, size_t i) {
    return is_f32 ? load_f32((const float *)from + i) : load((const double *)from + i);
}

/* Elements i to below n, fewer than LANES, and zeros. */
INLINE f64 last_elements(int is_f32, const void *from, size_t i, size_t n) {
    double lanes[LANES] = {0};
    for (size_t k = 0; k < (size_t)LANES && i + k < n; ++k)
        lanes[k] = is_f32 ? (double)((const float *)from)[i + k] : ((const double *)from)[i + k];
    return load(lanes);
}

/* What comes AHEAD bytes later, 128 bytes or less at a step, so that memory works while we do. */
enum { AHEAD = 4096 };
INLINE void fetch(int is_f32, const void *from, size_t i) {
    const uintptr_t place = (uintptr_t)from + i * (is_f32 ? sizeof(float) : sizeof(double)) + AHEAD;
    __builtin_prefetch((const void *)place);  /* a number, as it may be beyond the array */
    if (!is_f32 && LANES == 8) __builtin_prefetch((const void *)(place + 64));
}

INLINE f64 first_term(enum what what, f64 x, f64 y) {
    return what == SUM ? x : what == ABSOLUTE ? absolute(x) : what == SQUARES ? x * x : x * y;
}

#if defined LANES_SSE || (LANES == 1 && !defined HAS_FMA)
#define MOST_FACTOR 0x1p1020
/* x = high + low, high of 26 bits, low of 26 and a sign. */
INLINE f64 high_part(f64 x) { return from_bits((bits(x) + (INT64_C(1) << 26)) & ~((INT64_C(1) << 27) - 1)); }
/* x·y - p without the instruction (Dekker 1971): each of the four products is exact, and so is each sum. Not beyond
   MOST_FACTOR, where high_part could be infinite and the error NaN. */
INLINE f64 product_error(f64 x, f64 y, f64 p) {
    f64 xh = high_part(x), xl = x - xh, yh = high_part(y), yl = y - yh;
    return (((xh * yh - p) + xh * yl) + xl * yh) + xl * yl;
}
#else
#define MOST_FACTOR 0x1.fffffffffffffp1023
INLINE f64 product_error(f64 x, f64 y, f64 p) { return fmadd(x, y, -p); }
#endif

/* Walks over n elements of x and y: STEP(chain, x, y), with both chains in turn. */
#define WALK(what, is_f32, n, STEP) \
    do { \
        size_t i = 0; \
        for (; i + 2 * LANES <= n; i += 2 * LANES) { \
            fetch(is_f32, x, i); \
            if (what == PRODUCTS) fetch(is_f32, y, i); \
            f64 x0 = element(is_f32, x, i), x1 = element(is_f32, x, i + LANES); \
            STEP(0, x0, (what == PRODUCTS ? element(is_f32, y, i) : x0)); \
            STEP(1, x1, (what == PRODUCTS ? element(is_f32, y, i + LANES) : x1)); \
        } \
        if (i + LANES <= n) { \
            f64 x0 = element(is_f32, x, i); \
            STEP(0, x0, (what == PRODUCTS ? element(is_f32, y, i) : x0)); \
            i += LANES; \
        } \
        if (i < n) { \
            f64 x1 = last_elements(is_f32, x, i, n); \
            STEP(1, x1, (what == PRODUCTS ? last_elements(is_f32, y, i, n) : x1)); \
        } \
    } while (0)

INLINE i64 load_bits(const int64_t *from) { i64 b; memcpy(&b, from, sizeof b); return b; }

INLINE void count_units(struct window *w, int level, f64 acc0, f64 acc1) {
    const i64 bias = bits(all(w->biased[level]));
    const i64 units = load_bits(w->units[level]) + ((bits(acc0) - bias) + (bits(acc1) - bias));
    memcpy(w->units[level], &units, sizeof units);
}

INLINE void block_is_done(struct window *w) {
    if (++w->blocks == 1 << 10) bitfast_window_flush(w);
}

/* Rounds `term` to the unit of `acc`, adds it there, and leaves the rest in `term`. */
INLINE f64 extract(f64 *acc, f64 *term) {
    f64 sum = *acc + *term, part = sum - *acc;
    *acc = sum;
    *term -= part;
    return part;
}
/* The same where nothing may be left: bits of `left` other than the sign say that something was. */
INLINE void extract_last(f64 *acc, f64 term, i64 *left) {
    f64 sum = *acc + term;
    *left |= bits(term) ^ bits(sum - *acc);
    *acc = sum;
}

INLINE m64 unfit(const struct window *w, f64 largest, f64 acc0, f64 acc1, i64 left) {
    f64 together = acc0 + acc1;  /* NaN stays */
    return negated(less_equal(largest, all(w->limit))) | different(together, together) |
           negated(equal_bits(left << 1, all_bits(0)));
}

/* Whether the block fits; what does not leaves the window as it was. */
INLINE int add_terms(struct window *w, enum what what, int is_f32, int levels, size_t n, const void *x, const void *y) {
    f64 a0 = all(w->biased[FIRST]), b0 = all(w->biased[SECOND]), c0 = all(w->biased[THIRD]), a1 = a0, b1 = b0, c1 = c0;
    f64 largest = all(0);
    i64 left = all_bits(0);
#define STEP(chain, x, y) \
    do { \
        f64 term = first_term(what, x, y); \
        largest = larger_magnitude(largest, term); \
        if (levels == 1) { \
            extract_last(&a##chain, term, &left); \
        } else { \
            extract(&a##chain, &term); \
            if (levels == 3) { \
                extract(&b##chain, &term); \
                extract_last(&c##chain, term, &left); \
            } else { \
                extract_last(&b##chain, term, &left); \
            } \
        } \
    } while (0)
    WALK(what, is_f32, n, STEP);
#undef STEP
    if (any(unfit(w, largest, a0, a1, left))) return 0;
    count_units(w, FIRST, a0, a1);
    if (levels > 1) count_units(w, SECOND, b0, b1);
    if (levels > 2) count_units(w, THIRD, c0, c1);
    block_is_done(w);
    return 1;
}

/* With `zeros`, products may be 0 if a factor is. */
INLINE int add_two_terms(struct window *w, enum what what, int zeros, size_t n, const double *x, const double *y) {
    f64 a0 = all(w->biased[FIRST]), b0 = all(w->biased[SECOND]), a1 = a0, b1 = b0;
    f64 c0 = all(w->biased[FIRST_OF_ERRORS]), d0 = all(w->biased[SECOND_OF_ERRORS]), c1 = c0, d1 = d0;
    f64 largest = all(0), smallest = all(MOST_TERM);
    m64 inexact = nowhere();
    i64 left = all_bits(0);
#define STEP(chain, x, y) \
    do { \
        f64 factor = y, term = x * factor, error = product_error(x, factor, term); \
        largest = larger_magnitude(largest, term); \
        if (zeros) \
            inexact |= less(absolute(term), all(TINY)) & different(x, all(0)) & different(factor, all(0)); \
        else \
            smallest = smaller_magnitude(smallest, term); \
        extract(&a##chain, &term); \
        extract_last(&b##chain, term, &left); \
        extract(&c##chain, &error); \
        extract_last(&d##chain, error, &left); \
    } while (0)
    WALK(what, 0, n, STEP);
#undef STEP
    if (any(unfit(w, largest, a0 + c0, a1 + c1, left) | inexact | less(smallest, all(TINY)))) return 0;
    count_units(w, FIRST, a0, a1);
    count_units(w, SECOND, b0, b1);
    count_units(w, FIRST_OF_ERRORS, c0, c1);
    count_units(w, SECOND_OF_ERRORS, d0, d1);
    block_is_done(w);
    return 1;
}

INLINE int is_product(enum what what, int is_f32) { return !is_f32 && (what == SQUARES || what == PRODUCTS); }

INLINE int try_block(struct window *w, enum what what, int is_f32, size_t n, const void *x, const void *y) {
    if (w->levels == SCATTERED) return 0;
    if (is_product(what, is_f32))
        return w->levels == 1 ? add_two_terms(w, what, 0, n, x, y) : add_two_terms(w, what, 1, n, x, y);
    if (is_f32 && (what == SUM || what == ABSOLUTE) && w->levels <= 1) return add_terms(w, what, is_f32, 1, n, x, y);
    return w->levels <= 2 ? add_terms(w, what, is_f32, 2, n, x, y) : add_terms(w, what, is_f32, 3, n, x, y);
}

INLINE double scalar(int is_f32, const void *from, size_t i) {
    return is_f32 ? (double)((const float *)from)[i] : ((const double *)from)[i];
}

INLINE void one_by_one(struct exact *sum, enum what what, int is_f32, size_t n, const void *x, const void *y) {
    for (size_t i = 0; i < n; ++i) {
        double element = scalar(is_f32, x, i);
        if (what == SUM) bitfast_exact_add_f64(sum, element);
        else if (what == ABSOLUTE) bitfast_exact_add_f64(sum, __builtin_fabs(element));
        else bitfast_exact_add_product(sum, element, what == SQUARES ? element : scalar(is_f32, y, i));
    }
}

INLINE double largest_lane(i64 magnitudes) {
    int64_t lanes[LANES], most = 0;
    memcpy(lanes, &magnitudes, sizeof lanes);
    for (int k = 0; k < LANES; ++k) most = lanes[k] > most ? lanes[k] : most;
    double x;
    memcpy(&x, &most, sizeof x);
    return x;
}

/* Terms of any range, a multiple of LANES of them: three levels at a time, from the largest term downwards. */
FLAT void in_passes(struct exact *sum, double largest, size_t n, double *terms) {
    struct window w;
    bitfast_window_begin(&w, sum);
    double before = 0;
    for (int pass = 0; pass < MOST_PASSES && largest > 0 && largest != before; ++pass) {
        f64 most = all(0);
        bitfast_window_move(&w, before = largest);
        for (size_t first = 0; first < n; first += BLOCK / CHAINS) {
            f64 a = all(w.biased[FIRST]), b = all(w.biased[SECOND]), c = all(w.biased[THIRD]);
            for (size_t i = first; i < n && i < first + BLOCK / CHAINS; i += LANES) {
                f64 term = load(terms + i);
                extract(&a, &term);
                extract(&b, &term);
                extract(&c, &term);
                most = larger_magnitude(most, term);
                store(terms + i, term);
            }
            count_units(&w, FIRST, a, all(w.biased[FIRST]));
            count_units(&w, SECOND, b, all(w.biased[SECOND]));
            count_units(&w, THIRD, c, all(w.biased[THIRD]));
        }
        largest = largest_lane(bits(most));
    }
    bitfast_window_end(&w);
    for (size_t i = 0; i < n && largest > 0; ++i)
        if (terms[i] != 0) bitfast_exact_add_f64(sum, terms[i]);
}

/* A block that did not fit, or the first. */
INLINE void hard_block(struct window *w, enum what what, int is_f32, size_t n, const void *x, const void *y) {
    if (w->sum->seen & NOT_A_NUMBER) return;  /* whatever comes, NaN stays */
    i64 most = all_bits(0), signs = all_bits(0);
    m64 inexact = nowhere();
    const int two_terms = is_product(what, is_f32);
    /* Of the bits: to a compiler the absolute value of x·x is x·x, also where it is NaN and has a sign. */
#define STEP(chain, x, y) \
    do { \
        f64 factor = y, term = first_term(what, x, factor); \
        i64 magnitude = bits(term) & INT64_MAX; \
        signs |= bits(term); \
        most = choose_bits(less_bits(most, magnitude), magnitude, most); \
        if (!two_terms) break; \
        inexact |= less(absolute(term), all(TINY)) & different(x, all(0)) & different(factor, all(0)); \
        inexact |= less(all(MOST_FACTOR), larger_magnitude(x, factor)); \
    } while (0)
    WALK(what, is_f32, n, STEP);
#undef STEP
    const double largest = largest_lane(most);
    if (largest == 0 && !any(inexact) && !any(less_bits(signs, all_bits(0)))) {
        w->sum->seen |= PLUS_ZERO;
        return;
    }
    if (!(largest <= MOST_TERM) || largest == 0 || any(inexact)) {
        one_by_one(w->sum, what, is_f32, n, x, y);
        return;
    }
    const int moved = largest > w->limit || largest < w->limit * 0x1p-8;
    if (moved) bitfast_window_move(w, largest);
    const int least = two_terms || (is_f32 && (what == SUM || what == ABSOLUTE)) ? 1 : 2;
    if (w->levels < least) w->levels = least;
    else if (!moved && w->levels < SCATTERED) w->levels += two_terms && w->levels == 2 ? 2 : 1;
    for (; w->levels < SCATTERED; w->levels += two_terms && w->levels == 2 ? 2 : 1)
        if (try_block(w, what, is_f32, n, x, y)) return;

    _Alignas(64) double terms[2 * BLOCK], *next = terms;
#define STEP(chain, x, y) \
    do { \
        f64 factor = y, term = first_term(what, x, factor); \
        store(next, term), next += LANES; \
        if (two_terms) store(next, product_error(x, factor, term)), next += LANES; \
    } while (0)
    WALK(what, is_f32, n, STEP);
#undef STEP
    in_passes(w->sum, largest, (size_t)(next - terms), terms);
    if (--w->patience < 0) w->levels = least, w->patience = PATIENCE;
}

#define DEFINE(name, what, format, real, is_f32) \
    FLAT void hard_##name##_##format(struct window *w, size_t n, const real *x, const real *y) { \
        hard_block(w, what, is_f32, n, x, y); \
    } \
    void NAME(name, format)(struct window *w, size_t n, const real *x, const real *y) { \
        for (size_t done = 0; done < n; done += BLOCK) { \
            size_t count = n - done < BLOCK ? n - done : BLOCK; \
            const real *factors = what == PRODUCTS ? y + done : NULL; \
            if (w->limit == 0 || !try_block(w, what, is_f32, count, x + done, factors)) \
                hard_##name##_##format(w, count, x + done, factors); \
        } \
    }
add_f64 NAME(sum, f64), NAME(absolute, f64), NAME(squares, f64), NAME(products, f64);
add_f32 NAME(sum, f32), NAME(absolute, f32), NAME(squares, f32), NAME(products, f32);
DEFINE(sum, SUM, f64, double, 0)
DEFINE(absolute, ABSOLUTE, f64, double, 0)
DEFINE(squares, SQUARES, f64, double, 0)
DEFINE(products, PRODUCTS, f64, double, 0)
DEFINE(sum, SUM, f32, float, 1)
DEFINE(absolute, ABSOLUTE, f32, float, 1)
DEFINE(squares, SQUARES, f32, float, 1)
DEFINE(products, PRODUCTS, f32, float, 1)
