/* A symbol table with chained buckets; prints which bucket each name is in. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BUCKETS = 61 };

struct symbol {
    const char *name;
    int value;
    struct symbol *next;
};

static struct symbol *buckets[BUCKETS];

static unsigned hash(const char *s)
{
    uint32_t h = 5381;
    while (*s)
        h = h * 33 + *s++;
    return h % BUCKETS;
}

static void define(const char *name, int value)
{
    struct symbol *symbol = malloc(sizeof *symbol);
    if (!symbol)
        exit(1);
    unsigned bucket = hash(name);
    *symbol = (struct symbol){name, value, buckets[bucket]};
    buckets[bucket] = symbol;
}

int main(void)
{
    static const char *const names[] = {"alpha", "größe", "Δt", "naïve", "omega", "σ", "phi"};
    for (int i = 0; i < (int)(sizeof names / sizeof *names); i++)
        define(names[i], i);
    for (int b = 0; b < BUCKETS; b++)
        for (struct symbol *s = buckets[b]; s; s = s->next)
            printf("%2d %s = %d\n", b, s->name, s->value);
    return 0;
}
