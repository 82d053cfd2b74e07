/* Reductions where a rounding or a shape is hard to hit from outside. Linked with the archive, which has all names. */
#include "reduce/reductions.h"

#include <bitfast.h>

#include <math.h>
#include <stdio.h>

enum { COLUMNS = 16 };
static int failures;

/* Of COLUMNS like columns of a matrix of a few rows. */
static void column(enum reduce_operation operation, enum element_type type, size_t rows, const double *of_column,
                   double correction, double want) {
    static double x[8][COLUMNS];
    char result[COLUMNS * sizeof(double)];
    for (size_t i = 0; i < rows; ++i)
        for (size_t j = 0; j < COLUMNS; ++j) x[i][j] = of_column[i];
    const ptrdiff_t step = type == ELEMENT_F32 ? 4 : 8;
    struct reduction r = {.operation = operation, .result_type = type, .x = (const char *)x, .result = result,
                          .kept_count = 1, .reduced_count = 1, .kept = {{COLUMNS, 8, 0, 0, step}},
                          .reduced = {{rows, sizeof *x, 0, 0, 0}}, .correction = correction};
    bitfast_reduce(&r);
    const double got = element_at(result, type);
    if (got == want) return;
    printf("%s: operation %d of [%a %a …]: %a, not %a\n", bitfast_level(), (int)operation, of_column[0], of_column[1],
           got, want);
    ++failures;
}

/* Outputs whose distances are uneven, and even again at the end of a tile: windows that overlap. */
static void windows(ptrdiff_t excess) {
    enum { Y = 3, Z = 7, A = 8, B = 8, R = 4, APART = 2000 };
    static double x[R * APART], result[Y * Z * A * B];
    for (size_t i = 0; i < R * APART; ++i) x[i] = (double)i;
    const ptrdiff_t e = sizeof(double), z_step = A * B + excess;
    struct reduction r = {
        .operation = REDUCE_SUM, .x = (const char *)x, .result = (char *)result, .kept_count = 4, .reduced_count = 1,
        .kept = {{Y, Z * A * B * e, 0, 0, Z * A * B * e}, {Z, z_step * e, 0, 0, A * B * e}, {A, B * e, 0, 0, e},
                 {B, e, 0, 0, A * e}},
        .reduced = {{R, APART * e, 0, 0, 0}}};
    bitfast_reduce(&r);
    for (ptrdiff_t i = 0; i < Y * Z * A * B; ++i) {
        const ptrdiff_t a = i % A, b = i / A % B, z = i / (A * B) % Z, y = i / (A * B * Z);
        const ptrdiff_t at = y * Z * A * B + z * z_step + a * B + b;
        double want = 0;
        for (ptrdiff_t k = 0; k < R; ++k) want += x[at + k * APART];
        if (result[i] == want) continue;
        printf("%s: output %td of windows: %g, not %g\n", bitfast_level(), i, result[i], want);
        ++failures;
        return;
    }
}

int main(void) {
    for (int index = 0; bitfast_level_name(index); ++index) {
        bitfast_use_level(bitfast_level_name(index));
        /* In the middle of two float32 numbers, but for the least of all doubles. */
        column(REDUCE_MEAN, ELEMENT_F32, 2, (const double[]){1 + 0x1p-24, 0x1p-1074}, 0, 0.5 + 0x1p-24);
        column(REDUCE_MEAN, ELEMENT_F32, 2, (const double[]){1 + 0x1p-24, -0x1p-1074}, 0, 0.5);
        /* 26·2^1200 / 3·2^1010. */
        column(REDUCE_VARIANCE, ELEMENT_F64, 3, (const double[]){0x3p600, 0, -0x1p600}, -0x1p1010, 26 * 0x1p190 / 3);
        column(REDUCE_VARIANCE, ELEMENT_F64, 3, (const double[]){3, 0, -1}, -INFINITY, 0);
        for (ptrdiff_t excess = -5; excess <= 5; ++excess) windows(excess);
    }
    return failures != 0;
}
