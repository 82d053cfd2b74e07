/* Unsharp masking of a test picture: twice the pixel minus the mean of its neighbours. */
#include <stdio.h>

#include "pgm.h"

static int at(const struct image *image, int x, int y)
{
    x = x < 0 ? 0 : x >= image->width ? image->width - 1 : x;
    y = y < 0 ? 0 : y >= image->height ? image->height - 1 : y;
    return image->pixels[y * image->width + x];
}

static void sharpen(const struct image *in, struct image *out)
{
    for (int y = 0; y < in->height; y++)
        for (int x = 0; x < in->width; x++) {
            int around = at(in, x - 1, y) + at(in, x + 1, y) + at(in, x, y - 1) + at(in, x, y + 1);
            float value = (float)(8 * at(in, x, y) - around) / 4;
            out->pixels[y * in->width + x] = (unsigned char)value;
        }
}

int main(int argc, char **argv)
{
    struct image in = image_new(48, 32), out = image_new(48, 32);
    for (int y = 0; y < 32; y++)
        for (int x = 0; x < 48; x++)
            in.pixels[y * 48 + x] = (unsigned char)((x / 8 + y / 8) % 2 ? 250 - x : 5 + y);
    sharpen(&in, &out);
    if (argc != 2 || image_write(&out, argv[1])) {
        fprintf(stderr, "usage: sharpen OUT.pgm\n");
        return 1;
    }
    return 0;
}
