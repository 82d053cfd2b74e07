/* Sorts wide strings by their first differing character. */
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>

static int compare(const void *a, const void *b)
{
    const wchar_t *s = *(const wchar_t *const *)a, *t = *(const wchar_t *const *)b;
    while (*s && *s == *t)
        s++, t++;
    wchar_t difference = *s - *t;
    return difference < 0 ? -1 : difference > 0;
}

int main(void)
{
    const wchar_t *words[] = {L"pear", L"apple", L"fig", L"quince", L"banana", L"plum", L"cherry"};
    const size_t count = sizeof words / sizeof *words;
    qsort(words, count, sizeof *words, compare);
    for (size_t i = 0; i < count; i++)
        printf("%ls\n", words[i]);
    return 0;
}
