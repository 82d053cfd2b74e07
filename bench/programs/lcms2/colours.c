/* Sends colours from sRGB to Lab, XYZ and a wide-gamut RGB by every intent, and prints them. */
#include <lcms2.h>
#include <stdio.h>

int main(void)
{
    const cmsCIExyY white = {0.3127, 0.3290, 1.0};
    const cmsCIExyYTRIPLE wide = {{0.7347, 0.2653, 1}, {0.1152, 0.8264, 1}, {0.1566, 0.0177, 1}};
    cmsToneCurve *curve = cmsBuildGamma(NULL, 2.19921875), *curves[3] = {curve, curve, curve};
    cmsHPROFILE srgb = cmsCreate_sRGBProfile(), lab = cmsCreateLab4Profile(NULL), xyz = cmsCreateXYZProfile();
    cmsHPROFILE gamut = cmsCreateRGBProfile(&white, &wide, curves);
    for (int intent = 0; intent < 4; ++intent) {
        cmsHTRANSFORM to_lab = cmsCreateTransform(srgb, TYPE_RGB_DBL, lab, TYPE_Lab_DBL, intent, 0);
        cmsHTRANSFORM to_xyz = cmsCreateTransform(srgb, TYPE_RGB_DBL, xyz, TYPE_XYZ_DBL, intent, 0);
        cmsHTRANSFORM to_gamut = cmsCreateTransform(srgb, TYPE_RGB_16, gamut, TYPE_RGB_16, intent, 0);
        for (int i = 0; i < 64; ++i) {
            double colour[3] = {(i % 4) / 3.0, (i / 4 % 4) / 3.0, (i / 16) / 3.0}, result[3];
            cmsUInt16Number words[3] = {(i % 4) * 21845, (i / 4 % 4) * 21845, (i / 16) * 21845}, moved[3];
            cmsDoTransform(to_lab, colour, result, 1);
            printf("%d %d Lab %.17g %.17g %.17g", intent, i, result[0], result[1], result[2]);
            cmsDoTransform(to_xyz, colour, result, 1);
            printf(" XYZ %.17g %.17g %.17g", result[0], result[1], result[2]);
            cmsDoTransform(to_gamut, words, moved, 1);
            printf(" wide %d %d %d\n", moved[0], moved[1], moved[2]);
        }
    }
    for (int kelvin = 4000; kelvin <= 9500; kelvin += 500) {
        cmsCIExyY point;
        cmsWhitePointFromTemp(&point, kelvin);
        printf("%d K %.17g %.17g\n", kelvin, point.x, point.y);
    }
}
