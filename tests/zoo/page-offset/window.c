/* Counts lines in a file through a mapped window that slides over it. */
#include <stdio.h>
#include <sys/mman.h>

#define WINDOW 4096

static long lines_in(FILE *file, long size)
{
    long lines = 0;
    for (long offset = 0; offset < size; offset += WINDOW) {
        long length = size - offset < WINDOW ? size - offset : WINDOW;
        char *window = mmap(NULL, (size_t)length, PROT_READ, MAP_SHARED, fileno(file), offset);
        if (window == MAP_FAILED)
            return -1;
        for (long i = 0; i < length; i++)
            lines += window[i] == '\n';
        munmap(window, (size_t)length);
    }
    return lines;
}

int main(void)
{
    FILE *file = tmpfile();
    if (!file)
        return 1;
    for (int i = 0; i < 1000; i++)
        fprintf(file, "event %d: %d\n", i, i * i % 97);
    fflush(file);
    printf("%ld lines\n", lines_in(file, ftell(file)));
    fclose(file);
    return 0;
}
