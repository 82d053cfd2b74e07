/* The table of functions: one line each makes the C names, the libm names, the ufunc, the digest and most tests. Where
   else a function is named (headers, documentation, ranges of tests) CONTRIBUTING.md lists.

   Include it with the shapes that are wanted defined as macros; those that are not defined expand to nothing.
   UNARY(name)   y = f(x)        BINARY(name)   z = f(x, y)
   With LIBM_HAS_IT defined, only functions whose names are libm's.
   ..._EXACT are those whose results need no accurate path: sqrt, floor, fmod, ….
   Shapes of their own (fma, frexp, ldexp, modf, casts) are in exact.h. */
#ifndef UNARY
#define UNARY(name)
#endif
#ifndef BINARY
#define BINARY(name)
#endif
#ifndef UNARY_EXACT
#define UNARY_EXACT(name)
#endif
#ifndef BINARY_EXACT
#define BINARY_EXACT(name)
#endif

UNARY(exp)
UNARY(exp2)
UNARY(exp10)
UNARY(expm1)
UNARY(log)
UNARY(log2)
UNARY(log10)
UNARY(log1p)
BINARY(pow)
UNARY(sin)
UNARY(cos)
UNARY(tan)
UNARY(sinh)
UNARY(cosh)
UNARY(tanh)
UNARY(asinh)
UNARY(acosh)
UNARY(atanh)
UNARY(asin)
UNARY(acos)
UNARY(atan)
BINARY(atan2)
UNARY(cbrt)
BINARY(hypot)
#ifndef LIBM_HAS_IT  /* no C library of today has rsqrt, but programs have functions of that name */
UNARY(rsqrt)
#endif
UNARY(erf)

UNARY_EXACT(sqrt)
UNARY_EXACT(floor)
UNARY_EXACT(ceil)
UNARY_EXACT(trunc)
UNARY_EXACT(rint)
BINARY_EXACT(fmod)
BINARY_EXACT(remainder)
BINARY_EXACT(copysign)
BINARY_EXACT(nextafter)
BINARY_EXACT(fmin)
BINARY_EXACT(fmax)
BINARY_EXACT(minimum)
BINARY_EXACT(maximum)
BINARY_EXACT(add)
BINARY_EXACT(subtract)
BINARY_EXACT(multiply)
BINARY_EXACT(divide)
UNARY_EXACT(square)
UNARY_EXACT(reciprocal)
BINARY_EXACT(floor_divide)
BINARY_EXACT(floor_remainder)  /* not "mod": its float form would be modf */
UNARY_EXACT(absolute)
UNARY_EXACT(negative)
UNARY_EXACT(sign)

#undef LIBM_HAS_IT
#undef UNARY
#undef BINARY
#undef UNARY_EXACT
#undef BINARY_EXACT
