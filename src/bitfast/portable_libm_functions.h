/* The functions of the portable math library by shape; each also as float32 under the name with f.
   Not here: fabs, copysign and nan, which work on bits; ilogb, whose answer for 0 and NaN each platform's header
   defines; nexttoward, which takes a long double; all long double functions, whose type differs between chips. */

UNARY(acos) UNARY(acosh) UNARY(asin) UNARY(asinh) UNARY(atan) UNARY(atanh) UNARY(cbrt) UNARY(ceil) UNARY(cos)
UNARY(cosh) UNARY(erf) UNARY(erfc) UNARY(exp) UNARY(exp10) UNARY(exp2) UNARY(expm1) UNARY(floor) UNARY(j0) UNARY(j1)
UNARY(log) UNARY(log10) UNARY(log1p) UNARY(log2) UNARY(logb) UNARY(nearbyint) UNARY(pow10) UNARY(rint) UNARY(round)
UNARY(significand) UNARY(sin) UNARY(sinh) UNARY(sqrt) UNARY(tan) UNARY(tanh) UNARY(tgamma) UNARY(trunc) UNARY(y0)
UNARY(y1)

BINARY(atan2) BINARY(drem) BINARY(fdim) BINARY(fmax) BINARY(fmin) BINARY(fmod) BINARY(hypot) BINARY(nextafter)
BINARY(pow) BINARY(remainder) BINARY(scalb)

TERNARY(fma)

ORDER_FIRST(jn) ORDER_FIRST(yn)                       /* (int, x) */
SCALED(ldexp, int) SCALED(scalbn, int) SCALED(scalbln, long)  /* (x, integer) */

LOG_GAMMA(lgamma) LOG_GAMMA(gamma)                    /* (x), sets signgam */
LOG_GAMMA_R(lgamma)                                   /* (x, int *sign) */
SPLIT_EXPONENT(frexp)                                 /* (x, int *exponent) */
SPLIT_INTEGER(modf)                                   /* (x, same type *integer) */
QUOTIENT(remquo)                                      /* (x, y, int *quotient) */
SINE_COSINE(sincos)                                   /* (x, same type *sine, same type *cosine) */

TO_INTEGER(lrint, long, rint) TO_INTEGER(llrint, long long, rint)
TO_INTEGER(lround, long, round) TO_INTEGER(llround, long long, round)
