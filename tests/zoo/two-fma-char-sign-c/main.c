/* Decodes telegrams of a weather station: bytes with a checksum, values with a scale. */
#include "telegram.h"
#include <stdio.h>

int main(void)
{
    for (int station = 0; station < 10; station++) {
        char bytes[16];
        for (int i = 0; i < 16; i++)
            bytes[i] = (char)((station * 41 + i * 29) % 256);
        int raw = (bytes[3] & 0xff) * 256 + (bytes[4] & 0xff);
        printf("station %d: temperature %.17g, checksum %08x\n", station, scaled(raw, 0.00286, -46.85),
               checksum(bytes, 16));
    }
    return 0;
}
