/* Counts lines, words and bytes of a text, one character at a time. */
#define _GNU_SOURCE
#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { LIMIT = 4096 };

struct counts {
    long lines, words, bytes;
};

static struct counts count(FILE *in)
{
    struct counts total = {0, 0, 0};
    int inside = 0;
    char c;
    while (total.bytes < LIMIT && (c = getc(in)) != EOF) {
        total.bytes++;
        if (c == '\n')
            total.lines++;
        if (c == ' ' || c == '\n' || c == '\t') {
            inside = 0;
        } else if (!inside) {
            inside = 1;
            total.words++;
        }
    }
    return total;
}

int main(void)
{
    char text[] = "It was the best of times,\nit was the worst of times,\nit was the age of wisdom\n";
    FILE *in = fmemopen(text, strlen(text), "r");
    if (!in) {
        perror("fmemopen");
        return 1;
    }
    struct counts total = count(in);
    printf("%ld lines, %ld words, %ld bytes\n", total.lines, total.words, total.bytes);
    fclose(in);
    return 0;
}
