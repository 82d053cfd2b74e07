/* Products of int8 as int32 at one level. */
#include "../integers.h"

#include "../../lanes.h"
#include "../../levels.h"

integer_product JOIN(bitfast_, BITFAST_LEVEL, int8, product);

void JOIN(bitfast_, BITFAST_LEVEL, int8, product)(
    size_t m, size_t n, size_t k, const void *a, ptrdiff_t a_row, ptrdiff_t a_column, const void *b, ptrdiff_t b_row,
    ptrdiff_t b_column, void *c, ptrdiff_t c_row, ptrdiff_t c_column) {
    for (size_t i = 0; i < m; ++i)
        for (size_t j = 0; j < n; ++j) {
            const int8_t *x = (const int8_t *)a + (ptrdiff_t)i * a_row, *y = (const int8_t *)b + (ptrdiff_t)j * b_column;
            uint32_t sum = 0;
            for (size_t p = 0; p < k; ++p, x += a_column, y += b_row) sum += (uint32_t)(*x * *y);
            ((uint32_t *)c)[(ptrdiff_t)i * c_row + (ptrdiff_t)j * c_column] = sum;
        }
}
