/* Prints the pixels of a tiny image. */
#include "reader.h"

int main(void)
{
    static const char image[] = "\x10\x20\x30\x7f\x80\xff\xc0\x01\x02\x99\x98\x97\x05\x06\xf0";
    struct reader reader = {image, 0};
    while (reader.at < 15)
        print_pixel(next_byte(&reader), next_byte(&reader), next_byte(&reader));
    return 0;
}
