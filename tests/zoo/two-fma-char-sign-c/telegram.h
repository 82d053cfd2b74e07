#ifndef TELEGRAM_H
#define TELEGRAM_H
unsigned checksum(const char *bytes, int count);
double scaled(int raw, double factor, double offset);
#endif
