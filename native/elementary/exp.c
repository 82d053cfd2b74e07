/* exp(x). No kernel yet: the accurate path answers. */
#define FUNCTION exp
#define ONLY_ACCURATE_F64
#define ONLY_ACCURATE_F32
#include "unary.h"
