/* cosh(x). No kernel yet: the accurate path answers. */
#define FUNCTION cosh
#define ONLY_ACCURATE_F64
#define ONLY_ACCURATE_F32
#include "unary.h"
