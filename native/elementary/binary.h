/* Makes the entries of a function of two arguments from its two kernels. The file that includes it at its end defines
       #define FUNCTION pow
       static decision pow_f64(f64 x, f64 y)      float64
       static decision pow_f32(f64 x, f64 y)      float32, its arguments converted to double, exactly
   A file whose kernel is not written yet defines ONLY_ACCURATE_F64 or ONLY_ACCURATE_F32 instead. */
#define PARAMETERS(type) type x, type y
#define POINTERS(type) const type *x, const type *y
#define PASSED x, y
#define EACH(of) of(x), of(y)
#define ANY(of) of(x) | of(y)
#include "entries.h"
