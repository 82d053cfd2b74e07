#ifndef READER_H
#define READER_H
struct reader {
    const char *bytes;
    int at;
};
int next_byte(struct reader *reader);
void print_pixel(int red, int green, int blue);
#endif
