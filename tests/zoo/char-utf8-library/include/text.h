/* Text in the columns of a table. */
#ifndef TEXT_H
#define TEXT_H

#include <stddef.h>
#include <stdint.h>

size_t text_width(const char *s);
void text_fold(char *s);
void text_pad(char *out, size_t size, const char *s, size_t width);
uint32_t text_hash(const char *s);

#endif
