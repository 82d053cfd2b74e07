/* CIELAB colours of the sixteen names of HTML: needs cube roots. */
#include <math.h>
#include <stdio.h>

static const struct {
    const char *name;
    double x, y, z; /* relative to the white point D65 */
} colours[] = {
    {"black", 0.0, 0.0, 0.0},
    {"silver", 0.5271, 0.5271, 0.5271},
    {"gray", 0.2159, 0.2159, 0.2159},
    {"white", 1.0, 1.0, 1.0},
    {"maroon", 0.0936, 0.0459, 0.0038},
    {"red", 0.4339, 0.2126, 0.0178},
    {"purple", 0.1346, 0.0615, 0.1924},
    {"fuchsia", 0.6237, 0.2848, 0.8912},
    {"green", 0.0812, 0.1544, 0.0236},
    {"lime", 0.3762, 0.7152, 0.1094},
    {"olive", 0.1748, 0.2003, 0.0274},
    {"yellow", 0.8101, 0.9278, 0.1271},
    {"navy", 0.0410, 0.0156, 0.1886},
    {"blue", 0.1899, 0.0722, 0.8734},
    {"teal", 0.1222, 0.1700, 0.2122},
    {"aqua", 0.5661, 0.7874, 0.9828},
};

static double compressed(double t)
{
    if (t <= 216.0 / 24389.0)
        return t / 0.12841854934601665 + 4.0 / 29.0;
    return cbrt(t);
}

int main(void)
{
    for (int i = 0; i < 16; i++) {
        double fx = compressed(colours[i].x), fy = compressed(colours[i].y), fz = compressed(colours[i].z);
        printf("%-8s f %.17g %.17g %.17g", colours[i].name, fx, fy, fz);
        printf("  a %.17g b %.17g\n", 500.0 * (fx - fy), 200.0 * (fy - fz));
    }
    return 0;
}
