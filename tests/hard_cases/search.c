/* Searches float64 arguments whose function values are hardest to round: those nearest to a midpoint of two doubles
   ("tie") or to a double ("double") without being one.

   search FUNCTION LOW HIGH SEGMENTS SEED KEEP [first|second FIXED]
       arguments between LOW and HIGH (same sign, |LOW| < |HIGH|), in blocks at random places, until SEGMENTS segments
       are done; all of them in order if they are no more than a block. Prints the KEEP hardest of each kind and how
       many arguments were covered. `first 10`: that argument stays 10.

   As V. Lefèvre does ("New results on the distance between a segment and Z²", ARITH 17, 2005), a block of consecutive
   doubles is split into segments on which F (polynomial.h) is nearly linear, and most segments are excluded as a whole.
   Instead of the three-distance theorem: take q with q·F' close to an integer (a convergent's denominator). Then q·F(i)
   modulo 1 hardly moves along the segment, and where it stays away from 0 no F(i) is near an integer. What cannot be
   excluded is split into four. Every candidate is judged by MPFR, so the answers do not rest on this arithmetic. */
#include "polynomial.h"

enum { SEGMENTS_AT_ONCE = 1024, LEAF = 16, LARGEST_BLOCK = 34 };

/* b + a·i + c·i² modulo 1, in 2^-128; the rest of the polynomial over a segment is below `rest`, in 2^-64. */
struct parabola { u128 b, a, c; double rest; };

static double signed_part(u128 x) { return (double)(int64_t)(x >> 64) + (double)(uint64_t)x * 0x1p-64; }

/* What q·F may be off the chord over n arguments per unit of q, with the error of what is cut off. */
static double slack(const struct parabola *p, double n) {
    return fabs(signed_part(p->c)) * n * n / 4 + p->rest + (double)near + 2;
}

static double turn(uint64_t q, uint64_t a) { return (double)(int64_t)(q * a); }

/* The denominator that lets q·F move least over n arguments; by how much, in *least. */
static uint64_t denominator(uint64_t a, double n, double slack, double *least) {
    uint64_t before = 0, now = 1, rest_before = -a, rest = a, best = 1;
    *least = fabs(turn(1, a)) * n + slack;
    for (int first = 1; rest; first = 0) {
        uint64_t quotient = rest_before / rest + (uint64_t)first; /* 2^64 = (2^64 - a) + a */
        uint64_t next = quotient * now + before, left = rest_before % rest;
        if ((double)quotient * (double)now * slack >= *least) break;
        before = now, now = next, rest_before = rest, rest = left;
        double moves = fabs(turn(now, a)) * n + (double)now * slack;
        if (moves < *least) *least = moves, best = now;
    }
    return best;
}

/* No integer near p(i), 0 <= i <= n: as q·p(i) stays away from the integers. */
static int excluded(const struct parabola *p, uint64_t q, double n, double slack) {
    double along = turn(q, (uint64_t)(p->a >> 64)) * n + (double)q * signed_part(p->c) * n * n;
    double margin = (double)q * slack + n + 0x1p13; /* the cut-off parts of a, and of these doubles */
    double width = fabs(along) + 2 * margin;
    if (width > 0x1p62) return 0;
    uint64_t end = q * (uint64_t)(p->b >> 64) + (uint64_t)(int64_t)(fmax(along, 0) + margin);
    return end > (uint64_t)width;
}

static void divide(uint64_t bits, const struct parabola *p, uint64_t n) {
    if (n <= LEAF) {
        u128 value = p->b, step = p->a + p->c;
        uint64_t reach = near + (uint64_t)p->rest;
        for (uint64_t i = 0; i < n; ++i, value += step, step += 2 * p->c)
            if ((uint64_t)(value >> 64) + reach <= 2 * reach) judge(53, from_bits(bits + i));
        return;
    }
    double least, room = slack(p, (double)n);
    uint64_t q = denominator((uint64_t)(p->a >> 64), (double)n, room, &least);
    if (excluded(p, q, (double)n, room)) return;
    for (uint64_t start = 0; start < n; start += n / 4) {
        struct parabola part = {p->b + p->a * start + p->c * start * start, p->a + 2 * p->c * start, p->c, p->rest};
        divide(bits + start, &part, n / 4);
    }
}

/* The differences of order 0 … order of the derivative's values (0: the function's) at 0, n, 2n, …; of c[2] for 2. */
static void differences(const struct polynomial *at, uint64_t n, int derivative, int order, u128 *result) {
    mpfr_t value[5], i;
    mpfr_init2(i, BITS);
    for (int k = 0; k <= order; ++k) {
        mpfr_init2(value[k], BITS);
        mpfr_set_ui(value[k], 0, MPFR_RNDN);
        mpfr_set_ui(i, n, MPFR_RNDN);
        mpfr_mul_ui(i, i, (unsigned long)k, MPFR_RNDN);
        for (int power = DEGREE; power >= derivative; --power) {
            mpfr_mul(value[k], value[k], i, MPFR_RNDN);
            int factor = derivative == 0 ? 1 : derivative == 1 ? power : power * (power - 1) / 2;
            mpfr_t term;
            mpfr_init2(term, BITS);
            mpfr_mul_si(term, at->c[power], factor, MPFR_RNDN);
            mpfr_add(value[k], value[k], term, MPFR_RNDN);
            mpfr_clear(term);
        }
    }
    for (int level = 0; level <= order; ++level) {
        result[level] = modulo_one(value[0]);
        for (int k = 0; k < order - level; ++k) mpfr_sub(value[k], value[k + 1], value[k], MPFR_RNDN);
    }
    for (int k = 0; k <= order; ++k) mpfr_clear(value[k]);
    mpfr_clear(i);
}

/* Some segments from argument s of the block on, as many as one set of differences serves; how many arguments. */
static uint64_t stretch(uint64_t bits, const struct polynomial *block, uint64_t s, uint64_t end, uint64_t *segments) {
    static struct polynomial at;
    static int ready;
    if (!ready) polynomial_init(&at), ready = 1;
    shift(block, s, &at);
    double c2 = fabs(mpfr_get_d(at.c[2], MPFR_RNDN)), c3 = fabs(mpfr_get_d(at.c[3], MPFR_RNDN));
    double c5 = fabs(mpfr_get_d(at.c[5], MPFR_RNDN));
    if (s == end) return 0;
    uint64_t n = 1 << 19;
    while (n > LEAF && (c2 * pow((double)n, 3) > 0x1p-8 || c3 * pow((double)n, 3) > 0x1p-44)) n /= 2;
    while (n > end - s) n /= 2;
    uint64_t number = SEGMENTS_AT_ONCE;
    while (number > 1 && c5 * pow((double)(n * number), 5) > 0x1p-50) number /= 2;
    if ((end - s) / n < number) number = (end - s) / n;

    u128 b[5], a[4], c[3];
    differences(&at, n, 0, 4, b), differences(&at, n, 1, 3, a), differences(&at, n, 2, 2, c);
    double rest = (2 * c3 * pow((double)n, 3) + 2 * c5 * pow((double)(n * number), 5)) * 0x1p64 + 4;
    double limit = 0;
    uint64_t q = 1;
    for (uint64_t k = 0; k < number; ++k) {
        struct parabola p = {b[0], a[0], c[0], rest};
        double room = slack(&p, (double)n);
        double moves = fabs(turn(q, (uint64_t)(a[0] >> 64))) * (double)n + (double)q * room;
        if (moves > limit) {
            q = denominator((uint64_t)(a[0] >> 64), (double)n, room, &moves);
            limit = fmax(8 * moves, 0x1p61);
        }
        if (!excluded(&p, q, (double)n, room)) divide(bits + s + k * n, &p, n);
        for (int j = 0; j < 4; ++j) b[j] += b[j + 1];
        for (int j = 0; j < 3; ++j) a[j] += a[j + 1];
        for (int j = 0; j < 2; ++j) c[j] += c[j + 1];
    }
    *segments += number;
    return n * number;
}

int main(int argc, char **argv) {
    if (argc != 7 && argc != 9)
        return fprintf(stderr, "usage: search FUNCTION LOW HIGH SEGMENTS SEED KEEP [first|second FIXED]\n"), 2;
    subject.function = function_named(argv[1]);
    double low = strtod(argv[2], 0), high = strtod(argv[3], 0);
    uint64_t wanted = strtoull(argv[4], 0, 0), state = strtoull(argv[5], 0, 0);
    uint64_t segments = 0, covered = 0, tries = 0;
    keep = atoi(argv[6]);
    if (argc == 9) subject.fixed_first = !strcmp(argv[7], "first"), subject.fixed = strtod(argv[8], 0);
    if (!subject.function || keep < 1 || keep > MOST_KEPT || fabs(low) >= fabs(high))
        return fprintf(stderr, "a wrong argument\n"), 2;

    struct polynomial block;
    polynomial_init(&block);
    uint64_t first = to_bits(low), span = to_bits(high) - first, most = (uint64_t)1 << LARGEST_BLOCK, next = 0;
    int all = span <= most;
    while (segments < wanted && next < span && ++tries < 1000000) {
        uint64_t start = first + (all ? next : (uint64_t)(((u128)random_bits(&state) * span) >> 64)), s = 0;
        uint64_t length = ((uint64_t)1 << 52) - (start & 0xfffffffffffff);
        if (first + span - start < length) length = first + span - start;
        if (length > most) length = most;
        while (length >= 1 << 12 && !interpolate(&block, from_bits(start), length)) length /= 2;
        if (length >= 1 << 12)
            for (uint64_t done = 1; done && segments < wanted; s += done)
                done = stretch(start, &block, s, length, &segments);
        else if (all)
            for (; s < length; ++s) judge(53, from_bits(start + s));
        covered += s;
        if (all) next += s;
    }
    print_hardest();
    printf("# %llu\n", (unsigned long long)covered);
    return 0;
}
