#include <stdio.h>
#include <string.h>

#include "text.h"

static const char *const cities[] = {"Zürich", "Málaga", "København", "Łódź", "Bern", "東京", "Reykjavík"};

int main(void)
{
    for (size_t i = 0; i < sizeof cities / sizeof *cities; i++) {
        char name[64], cell[64];
        strcpy(name, cities[i]);
        text_fold(name);
        text_pad(cell, sizeof cell, name, 12);
        printf("|%s|%2zu|%08x|\n", cell, text_width(name), (unsigned)text_hash(name));
    }
    return 0;
}
