/* tanh(x). No kernel yet: the accurate path answers. */
#define FUNCTION tanh
#define ONLY_ACCURATE_F64
#define ONLY_ACCURATE_F32
#include "unary.h"
