/* exp10(x). No kernel yet: the accurate path answers. */
#define FUNCTION exp10
#define ONLY_ACCURATE_F64
#define ONLY_ACCURATE_F32
#include "unary.h"
