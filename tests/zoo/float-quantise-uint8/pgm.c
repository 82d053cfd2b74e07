#include "pgm.h"

#include <stdio.h>
#include <stdlib.h>

struct image image_new(int width, int height)
{
    struct image image = {width, height, calloc((size_t)width * height, 1)};
    if (!image.pixels)
        exit(1);
    return image;
}

int image_write(const struct image *image, const char *path)
{
    FILE *out = fopen(path, "wb");
    if (!out)
        return -1;
    fprintf(out, "P5\n%d %d\n255\n", image->width, image->height);
    fwrite(image->pixels, 1, (size_t)image->width * image->height, out);
    return fclose(out);
}
