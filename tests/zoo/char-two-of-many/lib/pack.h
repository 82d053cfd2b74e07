/* Run-length packing of texts. */
#ifndef PACK_H
#define PACK_H

#include <stddef.h>

enum { ESCAPE = '~' };

struct buffer {
    char bytes[512];
    size_t length;
};

void buffer_put(struct buffer *buffer, char c);
int escape_needed(const char *p);
unsigned check_value(const struct buffer *buffer);
void encode(const char *text, struct buffer *out);
void decode(const struct buffer *in, struct buffer *out);
void report(const char *what, const struct buffer *buffer);

#endif
