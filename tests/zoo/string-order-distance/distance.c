/* Groups neighbours in a sorted word list: a new group begins where the order jumps far enough. */
#include <stdio.h>
#include <string.h>

enum { JUMP = 3 };

int main(int argc, char **argv)
{
    const char *words[] = {"ant", "ape", "bat", "bear", "bee", "cat", "cow", "fox", "goat", "hen", "ox", "yak"};
    const int count = sizeof words / sizeof *words;
    int group = 1;
    if (argc > 1)
        words[0] = argv[1];
    printf("%d %s\n", group, words[0]);
    for (int i = 1; i < count; i++) {
        int distance = strcmp(words[i], words[i - 1]);
        if (distance >= JUMP)
            group++;
        printf("%d %s\n", group, words[i]);
    }
    return 0;
}
