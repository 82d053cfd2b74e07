/* atan2(x, y). No kernel yet: the accurate path answers. */
#define FUNCTION atan2
#define ONLY_ACCURATE_F64
#define ONLY_ACCURATE_F32
#include "binary.h"
