/* Sums an invoice. A line is "QUANTITY UNIT CENTS [PER MILLE OF TAX]". */
#include <stdio.h>

struct line {
    int quantity, cents, tax;
};

static __attribute__((noinline)) int checksum(const char *text)
{
    unsigned char seen[256];
    int sum = 0;
    for (int i = 0; i < 256; i++)
        seen[i] = (unsigned char)(i / 8);
    for (; *text; text++)
        sum += ++seen[(unsigned char)*text];
    return sum;
}

static __attribute__((noinline)) long total(const char *text)
{
    char unit[24];
    struct line line;
    if (sscanf(text, "%d %23s %d %d", &line.quantity, unit, &line.cents, &line.tax) < 3)
        return 0;
    long net = (long)line.quantity * line.cents;
    return net + net * line.tax / 1000;
}

int main(void)
{
    static const char *const lines[] = {"2 m 1999 190", "1 kg 500", "12 pcs 75 70", "3 h 1250"};
    for (int i = 0; i < 4; i++) {
        int sum = checksum(lines[i]);
        printf("%s: %ld cents (%d)\n", lines[i], total(lines[i]), sum);
    }
    return 0;
}
