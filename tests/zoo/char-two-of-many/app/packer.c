#include <stdio.h>
#include <string.h>

#include "pack.h"

int main(void)
{
    static const char *const texts[] = {"plain text", "aaaaaaaa---- ----", "Größe ~ 5 °C", "tab\there", "ééééé"};
    for (int i = 0; i < 5; i++) {
        struct buffer packed = {.length = 0}, text = {.length = 0};
        encode(texts[i], &packed);
        decode(&packed, &text);
        report("packed", &packed);
        report("text", &text);
        if (text.length != strlen(texts[i]) || memcmp(text.bytes, texts[i], text.length))
            puts("broken");
    }
    return 0;
}
