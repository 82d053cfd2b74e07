/* pow(x, y). No kernel yet: the accurate path answers. */
#define FUNCTION pow
#define ONLY_ACCURATE_F64
#define ONLY_ACCURATE_F32
#include "binary.h"
