/* Writes an index of files: for each a length, the record, and the name; prints where each record begins. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct entry {
    struct stat status;
    char name[24];
};

static long append(FILE *out, const char *name, long size)
{
    struct entry entry;
    long offset = ftell(out);
    memset(&entry, 0, sizeof entry);
    entry.status.st_size = size;
    entry.status.st_mode = S_IFREG | 0644;
    snprintf(entry.name, sizeof entry.name, "%s", name);
    if (fwrite(&entry, sizeof entry, 1, out) != 1)
        exit(1);
    return offset;
}

int main(void)
{
    static const char *const names[] = {"README", "Makefile", "main.c"};
    FILE *out = tmpfile();
    if (!out)
        return 1;
    for (int i = 0; i < 3; i++)
        printf("%s at %ld\n", names[i], append(out, names[i], 100 * (i + 1)));
    printf("%ld bytes\n", ftell(out));
    fclose(out);
    return 0;
}
