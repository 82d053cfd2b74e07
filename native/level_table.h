/* The entries of levels as initializers of struct choice: dispatch.c includes it once per object, with
       #define EACH(of, ...)    of(level, scalars, label, here, __VA_ARGS__) for each level that is wanted
       #define AT(level)        where the level's entries are in the object
   With BITFAST_ONE_VALUE the functions of arrays are left out, for a library that has libm's functions only. */

#define FUNCTION_OF(level_, scalars, label, here, name_) \
    AT(level_).level.name_ = {SCALAR(scalars, name_, f64), SCALAR(scalars, name_, f32), \
                              ARRAY(level_, name_, f64), ARRAY(level_, name_, f32)},
#define SHAPE_OF(level_, scalars, label, here, name_) \
    AT(level_).shapes.name_##_f64 = SCALAR(scalars, name_, f64), \
    AT(level_).shapes.name_##_f32 = SCALAR(scalars, name_, f32), \
    AT(level_).shapes.name_##_array_f64 = ARRAY(level_, name_, f64), \
    AT(level_).shapes.name_##_array_f32 = ARRAY(level_, name_, f32),
#define NAME_OF(level_, scalars, label, here, unused) AT(level_).level.name = label,
#define KERNELS_OF(level_, scalars, label, here, unused) \
    AT(level_).sums = &JOIN(bitfast_, level_, reduce, kernels), \
    AT(level_).columns = &JOIN(bitfast_, level_, column, kernels), \
    AT(level_).products = &JOIN(bitfast_, level_, product, kernels),

#ifdef BITFAST_ONE_VALUE
#define ARRAY(level, name, format) 0
#else
#define ARRAY(level, name, format) JOIN(bitfast_, level, name, array_##format)
EACH(KERNELS_OF, )
#endif

EACH(NAME_OF, )
#define UNARY(name) EACH(FUNCTION_OF, name)
#define BINARY UNARY
#define UNARY_EXACT UNARY
#define BINARY_EXACT UNARY
#include "functions.h"
#define SHAPE(name) EACH(SHAPE_OF, name)
SHAPES(SHAPE)
#undef SHAPE

#undef FUNCTION_OF
#undef SHAPE_OF
#undef NAME_OF
#undef KERNELS_OF
#undef ARRAY
#undef EACH
#undef AT
