/* A Bloom filter of 256 bits; reports which words it takes for known. */
#include <stdio.h>
#include <string.h>

#include "hash.h"

static unsigned char filter[256];

static int slot(const char *word, int round)
{
    return (int)(hash(word, strlen(word)) >> (8 * round) & 0xff);
}

int main(void)
{
    static const char *const known[] = {"int", "char", "void", "struct", "return", "while"};
    static const char *const asked[] = {"int", "integer", "chart", "void", "avoid", "struct", "while"};
    for (int i = 0; i < 6; i++)
        for (int round = 0; round < 2; round++)
            filter[slot(known[i], round)] = 1;
    for (int i = 0; i < 7; i++)
        printf("%s: slots %d %d %s\n", asked[i], slot(asked[i], 0), slot(asked[i], 1),
               filter[slot(asked[i], 0)] && filter[slot(asked[i], 1)] ? "known" : "new");
    return 0;
}
