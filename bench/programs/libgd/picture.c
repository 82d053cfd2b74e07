/* Draws a picture and writes it as it is, blurred, rotated, scaled by several filters, and with changed colours. */
#include <gd.h>
#include <stdio.h>

static void keep(gdImagePtr image, const char *name)
{
    FILE *file = fopen(name, "wb");
    gdImageBmp(image, file, 0);
    fclose(file);
}

int main(void)
{
    gdImagePtr picture = gdImageCreateTrueColor(160, 120);
    gdImageFilledRectangle(picture, 0, 0, 159, 119, gdTrueColor(250, 245, 230));
    for (int i = 0; i < 12; ++i) {
        const int colour = gdTrueColor(20 * i, 255 - 17 * i, 40 + 11 * i);
        gdImageFilledArc(picture, 80, 60, 150 - 9 * i, 110 - 6 * i, 30 * i, 30 * i + 47, colour, gdPie);
        gdImageSetAntiAliased(picture, gdTrueColor(10 * i, 0, 90));
        gdImageLine(picture, 13 * i, 3, 159 - 5 * i, 119, gdAntiAliased);
    }
    keep(picture, "drawn.bmp");

    gdImagePtr blurred = gdImageCopyGaussianBlurred(picture, 4, 1.7);
    keep(blurred, "blurred.bmp");
    const gdInterpolationMethod methods[] = {GD_BICUBIC, GD_CATMULLROM, GD_MITCHELL, GD_SINC, GD_BILINEAR_FIXED};
    for (int i = 0; i < 5; ++i) {
        char name[32];
        gdImageSetInterpolationMethod(picture, methods[i]);
        gdImagePtr scaled = gdImageScale(picture, 97, 83);
        snprintf(name, sizeof name, "scaled%d.bmp", i);
        keep(scaled, name);
        gdImagePtr rotated = gdImageRotateInterpolated(picture, 33.5f, 0);
        snprintf(name, sizeof name, "rotated%d.bmp", i);
        keep(rotated, name);
    }
    gdImageContrast(picture, -30.0);
    gdImageColor(picture, 20, -10, 5, 0);
    keep(picture, "changed.bmp");
}
