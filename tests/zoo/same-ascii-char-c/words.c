/* Counts words and letters and hashes lines: plain char everywhere, but the text is ASCII. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

static const char text[] = "In the beginning the chip was signed.\n"
                           "Then a port was made; and the port was without sign,\n"
                           "and darkness was upon the face of the hash table.\n";

static unsigned hash(const char *from, const char *to)
{
    unsigned value = 5381;
    for (; from < to; from++)
        value = value * 33 + *from;
    return value;
}

int main(void)
{
    int counts[128] = {0}, words = 0, inside = 0;
    for (const char *at = text; *at != '\0'; at++) {
        char c = *at;
        if (c < 0)
            return 1;
        counts[tolower(c)]++;
        if (isalpha(c) && !inside)
            words++;
        inside = isalpha(c) != 0;
    }
    for (const char *line = text; *line != '\0';) {
        const char *end = strchr(line, '\n');
        printf("%08x %d\n", hash(line, end), (int)(end - line));
        line = end + 1;
    }
    printf("%d words\n", words);
    for (char c = 'a'; c <= 'z'; c++)
        printf("%c %d\n", c, counts[(int)c]);
    return 0;
}
