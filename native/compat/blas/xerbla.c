/* What happens to a call with a wrong parameter: the reference BLAS's message, and the program ends. A program may have
   an xerbla_ or cblas_xerbla of its own, which may return: the routine then does nothing. */
#include "blas.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WEAK PUBLIC __attribute__((weak))

void xerbla_(const char *name, const int *position, size_t name_length);
void xerbla_array_(const char *name, const int *name_length, const int *position);
int lsame_(const char *a, const char *b);
/* The reference CBLAS's own state, which its test programs name. */
extern int RowMajorStrg, CBLAS_CallFromC;
WEAK int RowMajorStrg = 0, CBLAS_CallFromC = 0;

WEAK void xerbla_(const char *name, const int *position, size_t name_length) {
    if (name_length > 32) name_length = strlen(name) < 32 ? strlen(name) : 32;
    while (name_length > 0 && name[name_length - 1] == ' ') --name_length;
    fprintf(stderr, " ** On entry to %.*s parameter number %2d had an illegal value\n", (int)name_length, name,
            *position);
    exit(EXIT_FAILURE);
}

WEAK void xerbla_array_(const char *name, const int *name_length, const int *position) {
    xerbla_(name, position, (size_t)(*name_length > 0 ? *name_length : 0));
}

WEAK int lsame_(const char *a, const char *b) {
    return tolower((unsigned char)*a) == tolower((unsigned char)*b);
}

WEAK void cblas_xerbla(CBLAS_INT position, const char *name, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    if (position) fprintf(stderr, "Parameter %d to routine %s was incorrect\n", position, name);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    exit(EXIT_FAILURE);
}

void bitfast_blas_refuse(struct caller by, int position) {
    char name[32] = "";
    if (by.in_c) {
        snprintf(name, sizeof name, "cblas_%s", by.name);
        RowMajorStrg = 0;  /* positions are C's, whatever the layout */
        cblas_xerbla(position + 1, name, "");
        return;
    }
    /* At least six letters, as Fortran 77 had them. */
    snprintf(name, sizeof name, "%-6s", by.name);
    for (char *c = name; *c; ++c) *c = (char)toupper((unsigned char)*c);
    xerbla_(name, &position, strlen(name));
}
