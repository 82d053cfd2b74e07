/* Packs bit fields of any width; every shift, division and count of leading zeros is guarded. */
#include <stdint.h>
#include <stdio.h>

static int width_of(uint32_t value)
{
    return value == 0 ? 0 : 32 - __builtin_clz(value);
}

static uint32_t rotated(uint32_t value, unsigned by)
{
    return value << (by & 31) | value >> (-by & 31);
}

static int32_t quotient(int32_t a, int32_t b)
{
    return b == 0 || (a == INT32_MIN && b == -1) ? 0 : a / b;
}

int main(void)
{
    static const uint32_t values[] = {0, 1, 2, 255, 256, 65535, 0x80000000u, 0xffffffffu};
    for (unsigned i = 0; i < 8; i++)
        printf("%2d bits, rotated %08x, quotient %d\n", width_of(values[i]), (unsigned)rotated(values[i], 9 * i),
               (int)quotient((int32_t)values[i], (int32_t)i - 7));
    return 0;
}
