/* A scanner that looks the class of each byte up in a table made for indices from -128 to 255. */
#include <stdio.h>
#include <string.h>

enum class { OTHER, SPACE, DIGIT, LETTER, HIGH };

static unsigned char table[384];

static void fill(void)
{
    for (int c = 0; c < 128; c++) {
        int letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
        int digit = c >= '0' && c <= '9';
        int space = c == ' ' || c == '\n' || c == '\t';
        table[c + 128] = (unsigned char)(letter ? LETTER : digit ? DIGIT : space ? SPACE : OTHER);
    }
    memset(table, HIGH, 128);
}

static void classify(const char *text, int counts[5])
{
    for (const char *p = text; *p; p++)
        counts[table[*p + 128]]++;
}

int main(int argc, char **argv)
{
    const char *text = argc > 1 ? argv[1] : "für x_1 = 3.5 µm + 12 °C; // Übergang";
    int counts[5] = {0};
    fill();
    classify(text, counts);
    printf("other %d, space %d, digit %d, letter %d, high %d\n", counts[OTHER], counts[SPACE], counts[DIGIT],
           counts[LETTER], counts[HIGH]);
    return 0;
}
