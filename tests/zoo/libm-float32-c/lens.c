/* A fan of rays enters glass, water and diamond; single precision throughout. */
#include "refraction.h"
#include <stdint.h>
#include <stdio.h>
#include <string.h>

int main(void)
{
    static const struct { const char *name; float index; } media[] = {
        {"water", 1.333f}, {"glass", 1.52f}, {"diamond", 2.417f}};
    for (int medium = 0; medium < 3; medium++) {
        uint32_t digest = 2166136261u;
        float last = 0.0f;
        for (int i = 1; i <= 1500; i++) {
            last = refracted(i / 1000.0f, media[medium].index);
            uint32_t bits;
            memcpy(&bits, &last, sizeof bits);
            digest = (digest ^ bits) * 16777619u;
        }
        printf("%-8s last %.9g, digest %08x\n", media[medium].name, last, digest);
    }
    return 0;
}
