#include "reader.h"
#include <stdio.h>

int next_byte(struct reader *reader)
{
    return reader->bytes[reader->at++];
}

void print_pixel(int red, int green, int blue)
{
    printf("red %d green %d blue %d\n", red, green, blue);
}
