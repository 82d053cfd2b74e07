/* Array calls against the calls for one value, bit for bit: alignments 0 to 63 bytes, lengths, strides positive, negative
   and 0, in place, 1 to 4 threads, at every level. Usage: arrays [all]
   With WITHOUT_FORK in the environment nothing forks, which QEMU cannot once there are threads, and arrays are smaller. */
#include "nasty.h"

#include <bitfast.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST = 1000, BIG = 300000 };
static int failures;

#define DEFINE_CHECKS(suffix, real, bits, random) \
    static void strided##suffix(size_t n, size_t offset, ptrdiff_t sx, ptrdiff_t sy, ptrdiff_t sr, int in_place) { \
        static _Alignas(64) char xs[MOST * 3 * sizeof(real) + 128], ys[sizeof xs], rs[sizeof xs]; \
        real *x = (real *)(xs + offset), *y = (real *)(ys + 64 - offset), *r = in_place ? x : (real *)(rs + offset / 2 / sizeof(real) * sizeof(real)); \
        static real want[MOST], want_two[MOST]; \
        for (size_t i = 0; i < 3 * MOST; ++i) x[i] = random, y[i] = random, r == x ? 0 : (r[i] = 77); \
        if (sx < 0) x += 3 * MOST - 1; \
        if (sy < 0) y += 3 * MOST - 1; \
        if (sr < 0) r += 3 * MOST - 1; \
        for (size_t i = 0; i < n; ++i) { \
            ptrdiff_t k = (ptrdiff_t)i; \
            want[i] = bitfast_exp##suffix(x[k * sx]); \
            want_two[i] = bitfast_pow##suffix(in_place ? want[i] : x[k * sx], y[k * sy]); \
        } \
        bitfast_exp##suffix##_array(n, x, sx, r, sr); \
        for (size_t i = 0; i < n; ++i) \
            if (bits(r[(ptrdiff_t)i * sr]) != bits(want[sr ? i : n - 1]) && ++failures < 20) \
                printf("%s exp" #suffix " n=%zu offset=%zu strides %td %td\n", bitfast_level(), n, offset, sx, sr); \
        bitfast_pow##suffix##_array(n, x, sx, y, sy, r, sr); \
        for (size_t i = 0; i < n; ++i) \
            if (bits(r[(ptrdiff_t)i * sr]) != bits(want_two[sr ? i : n - 1]) && ++failures < 20) \
                printf("%s pow" #suffix " n=%zu offset=%zu strides %td %td %td: y %a got %a want %a\n", bitfast_level(), n, offset, sx, sy, \
                       sr, (double)y[(ptrdiff_t)i * sy], (double)r[(ptrdiff_t)i * sr], (double)want_two[sr ? i : n - 1]); \
    } \
    static void threaded##suffix(void) { \
        const size_t big = getenv("WITHOUT_FORK") ? BIG / 2 : BIG;  /* QEMU is slow */ \
        real *x = malloc(2 * big * sizeof *x), *want = malloc(big * sizeof *x), *got = malloc(big * sizeof *x); \
        for (size_t i = 0; i < 2 * big; ++i) x[i] = random; \
        for (ptrdiff_t stride = 1; stride <= 2; ++stride) { \
            for (size_t i = 0; i < big; ++i) want[i] = bitfast_log##suffix(x[(ptrdiff_t)i * stride]); \
            for (int threads = 1; threads <= 4; ++threads) { \
                bitfast_set_num_threads(threads); \
                memset(got, 1, big * sizeof *got); \
                bitfast_log##suffix##_array(big, x, stride, got, 1); \
                if (memcmp(got, want, big * sizeof *got) != 0 && ++failures < 20) \
                    printf("%s log" #suffix " %d threads, stride %td\n", bitfast_level(), threads, stride); \
            } \
        } \
        /* A child of fork has threads of its own, and the parent keeps its. */ \
        fflush(stdout); \
        int forks = !getenv("WITHOUT_FORK"); \
        pid_t child = forks ? fork() : 1; \
        memset(got, 1, big * sizeof *got); \
        bitfast_log##suffix##_array(big, x, 2, got, 1); \
        int wrong = memcmp(got, want, big * sizeof *got) != 0, status = forks; \
        if (child == 0) _exit(wrong); \
        if (forks) waitpid(child, &status, 0); \
        if (wrong || status) ++failures, printf("%s log" #suffix ": around a fork\n", bitfast_level()); \
        /* All results in one place: the last one stays. */ \
        bitfast_log##suffix##_array(big, x, 1, got, 0); \
        if (bits(got[0]) != bits(bitfast_log##suffix(x[big - 1]))) ++failures, printf("log" #suffix ": result stride 0\n"); \
        free(x); \
        free(want); \
        free(got); \
    }
DEFINE_CHECKS(, double, bits64, nasty_f64(12))
DEFINE_CHECKS(f, float, bits32, nasty_f32(8))

int main(int argc, char **argv) {
    int all = argc > 1 && strcmp(argv[1], "all") == 0;
    static const ptrdiff_t strides[] = {1, 2, 3, -1, -2, -3, 0};
    for (int level = 0; bitfast_level_name(level); ++level) {
        bitfast_use_level(bitfast_level_name(level));
        for (size_t n = 0; n <= MOST; n += all || n < 20 ? 1 : n < 980 ? 83 : 1) {
            size_t offset = n * 7 % 64;
            strided(n, offset & ~7u, 1, 1, 1, 0);
            strided(n, offset & ~7u, 1, 1, 1, 1);
            stridedf(n, offset & ~3u, 1, 1, 1, 0);
            stridedf(n, offset & ~3u, 1, 1, 1, 1);
        }
        for (size_t offset = 0; offset < 64; ++offset) {  /* an element may start anywhere on x86 and aarch64 */
            size_t n = 37;
            if (offset % 8 == 0 || all) strided(n, offset & ~7u, 1, 1, 1, 0);
            if (offset % 4 == 0 || all) stridedf(n, offset & ~3u, 1, 1, 1, 0);
        }
        for (int a = 0; a < 7; ++a)
            for (int b = 0; b < 7; ++b) {
                strided(700, 8, strides[a], strides[b], strides[(a + b) % 7], 0);
                stridedf(700, 4, strides[a], strides[b], strides[(a + b) % 7], 0);
                if (strides[a]) strided(700, 8, strides[a], strides[b], strides[a], 1);
                if (strides[a]) stridedf(700, 4, strides[a], strides[b], strides[a], 1);
            }
        threaded();
        threadedf();
        printf("%s: %d differ\n", bitfast_level(), failures);
    }
    return failures != 0;
}
