/* The table of functions of complex numbers, as ../functions.h is that of real ones. Their sequences of operations are in
   elementary.c, those of product and quotient in ../elementary/complex.c.
   COMPLEX_ARITHMETIC_1(name), …_2: made of the levels' own kernels, in the format of the arguments; COMPLEX_TO_REAL: of
   hypot. COMPLEX_UNARY(name), COMPLEX_BINARY(name): one value at a time, in double. */
#ifndef COMPLEX_ARITHMETIC_1
#define COMPLEX_ARITHMETIC_1(name)
#endif
#ifndef COMPLEX_ARITHMETIC_2
#define COMPLEX_ARITHMETIC_2(name)
#endif
#ifndef COMPLEX_UNARY
#define COMPLEX_UNARY(name)
#endif
#ifndef COMPLEX_TO_REAL
#define COMPLEX_TO_REAL(name)
#endif
#ifndef COMPLEX_BINARY
#define COMPLEX_BINARY(name)
#endif

COMPLEX_ARITHMETIC_2(add)
COMPLEX_ARITHMETIC_2(subtract)
COMPLEX_ARITHMETIC_2(multiply)
COMPLEX_ARITHMETIC_2(divide)
COMPLEX_ARITHMETIC_1(square)
COMPLEX_ARITHMETIC_1(reciprocal)
COMPLEX_TO_REAL(absolute)
COMPLEX_BINARY(pow)
COMPLEX_UNARY(sign)
COMPLEX_UNARY(sqrt)
COMPLEX_UNARY(exp)
COMPLEX_UNARY(expm1)
COMPLEX_UNARY(log)
COMPLEX_UNARY(log2)
COMPLEX_UNARY(log10)
COMPLEX_UNARY(log1p)
COMPLEX_UNARY(sin)
COMPLEX_UNARY(cos)
COMPLEX_UNARY(tan)
COMPLEX_UNARY(sinh)
COMPLEX_UNARY(cosh)
COMPLEX_UNARY(tanh)
COMPLEX_UNARY(asin)
COMPLEX_UNARY(acos)
COMPLEX_UNARY(atan)
COMPLEX_UNARY(asinh)
COMPLEX_UNARY(acosh)
COMPLEX_UNARY(atanh)

#undef COMPLEX_ARITHMETIC_1
#undef COMPLEX_ARITHMETIC_2
#undef COMPLEX_UNARY
#undef COMPLEX_TO_REAL
#undef COMPLEX_BINARY
