#ifndef PGM_H
#define PGM_H

struct image {
    int width, height;
    unsigned char *pixels;
};

struct image image_new(int width, int height);
int image_write(const struct image *image, const char *path);

#endif
