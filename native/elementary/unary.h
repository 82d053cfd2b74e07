/* Makes the entries of a function of one argument from its two kernels. The file that includes it at its end defines
       #define FUNCTION exp
       static decision exp_f64(f64 x)      float64
       static decision exp_f32(f64 x)      float32, its argument converted to double, exactly
   A file whose kernel is not written yet defines ONLY_ACCURATE_F64 or ONLY_ACCURATE_F32 instead. */
#define PARAMETERS(type) type x
#define POINTERS(type) const type *x
#define PASSED x
#define EACH(of) of(x)
#define ANY(of) of(x)
#include "entries.h"
