/* The bodies of exact.c for one type; included once with REAL = double and once with REAL = float. */

#define SIGN_BIT ((UNSIGNED)1 << (8 * sizeof(REAL) - 1))
#define BITS OF(bits)
#define FROM OF(from)
#define SMALLEST_NORMAL ((UNSIGNED)1 << MANTISSA_BITS)
#define INFINITE ((UNSIGNED)(2 * BIAS + 1) << MANTISSA_BITS)

INLINE REAL OF(canonical)(REAL x) { return x == x ? x : FROM(NAN_BITS); }
INLINE REAL OF(size)(REAL x) { return FROM(BITS(x) & ~SIGN_BIT); }
INLINE REAL OF(signed_as)(REAL x, REAL sign) { return FROM((BITS(x) & ~SIGN_BIT) | (BITS(sign) & SIGN_BIT)); }

/* One value that is NaN is told by its bits: < would signal, and with -fno-trapping-math __builtin_isless is <. Arrays
   keep no flags of their comparisons. */
INLINE int OF(is_nan)(REAL x) { return (BITS(x) & ~SIGN_BIT) > INFINITE; }
#ifdef BITFAST_SCALAR
#define LEAVE_IF_NAN(x, y) if (__builtin_expect(OF(is_nan)(x) | OF(is_nan)(y), 0)) return FROM(NAN_BITS)
#else
#define LEAVE_IF_NAN(x, y) (void)0
#endif

#ifdef HAS_ROUNDING

INLINE REAL OF(rint_of)(REAL x) { return OF(canonical)(BUILTIN(rint)(x)); }
INLINE REAL OF(floor_of)(REAL x) { return OF(canonical)(BUILTIN(floor)(x)); }
INLINE REAL OF(ceil_of)(REAL x) { return OF(canonical)(BUILTIN(ceil)(x)); }
INLINE REAL OF(trunc_of)(REAL x) { return OF(canonical)(BUILTIN(trunc)(x)); }

#else

/* Adding 2^52 (2^23), with x's sign, leaves an integer; larger numbers are integers. It follows the rounding mode, as
   rint must, so floor, ceil and trunc correct what they get in either direction. */
INLINE REAL OF(integral)(REAL x) {
    REAL shifter = OF(signed_as)((REAL)SMALLEST_NORMAL, x);
    REAL rounded = (x + shifter) - shifter;
    return OF(size)(x) < (REAL)SMALLEST_NORMAL ? OF(signed_as)(rounded, x) : x;
}

INLINE REAL OF(rint_of)(REAL x) {
    LEAVE_IF_NAN(x, x);
    return OF(canonical)(OF(integral)(x));
}
INLINE REAL OF(floor_of)(REAL x) {
    LEAVE_IF_NAN(x, x);
    REAL n = OF(integral)(x);
    return OF(canonical)(OF(signed_as)(n > x ? n - 1 : n, x));
}
INLINE REAL OF(ceil_of)(REAL x) {
    LEAVE_IF_NAN(x, x);
    REAL n = OF(integral)(x);
    return OF(canonical)(OF(signed_as)(n < x ? n + 1 : n, x));
}
INLINE REAL OF(trunc_of)(REAL x) {
    LEAVE_IF_NAN(x, x);
    REAL a = OF(size)(x), n = OF(integral)(a);
    return OF(canonical)(OF(signed_as)(n > a ? n - 1 : n, x));
}

#endif

INLINE REAL OF(copysign_of)(REAL x, REAL y) { return OF(canonical)(OF(signed_as)(x, y)); }

/* IEEE 754-2019, 9.6: minimum and maximum pass NaN on, fmin and fmax (minimumNumber, maximumNumber) drop one;
   -0 < +0. */
INLINE REAL OF(minimum_of)(REAL x, REAL y) {
    LEAVE_IF_NAN(x, y);
    REAL same = FROM(BITS(x) | BITS(y));  /* of equal numbers: -0 if one of them is */
    REAL result = x < y ? x : x > y ? y : same;
    return FROM(((x == x) & (y == y)) ? BITS(result) : NAN_BITS);
}
INLINE REAL OF(maximum_of)(REAL x, REAL y) {
    LEAVE_IF_NAN(x, y);
    REAL same = FROM(BITS(x) & BITS(y));
    REAL result = x > y ? x : x < y ? y : same;
    return FROM(((x == x) & (y == y)) ? BITS(result) : NAN_BITS);
}
INLINE REAL OF(fmin_of)(REAL x, REAL y) {
    REAL a = x == x ? x : y, b = y == y ? y : x;
    return OF(minimum_of)(a, b);
}
INLINE REAL OF(fmax_of)(REAL x, REAL y) {
    REAL a = x == x ? x : y, b = y == y ? y : x;
    return OF(maximum_of)(a, b);
}

/* One IEEE operation each; what they make or pass on as NaN has different bits on different chips. */
INLINE REAL OF(add_of)(REAL x, REAL y) { return OF(canonical)(x + y); }
INLINE REAL OF(subtract_of)(REAL x, REAL y) { return OF(canonical)(x - y); }
INLINE REAL OF(multiply_of)(REAL x, REAL y) { return OF(canonical)(x * y); }
INLINE REAL OF(divide_of)(REAL x, REAL y) { return OF(canonical)(x / y); }
INLINE REAL OF(square_of)(REAL x) { return OF(canonical)(x * x); }
INLINE REAL OF(reciprocal_of)(REAL x) { return OF(canonical)(1 / x); }

INLINE REAL OF(absolute_of)(REAL x) {
    LEAVE_IF_NAN(x, x);
    return OF(canonical)(OF(size)(x));
}
INLINE REAL OF(negative_of)(REAL x) {
    LEAVE_IF_NAN(x, x);
    return OF(canonical)(FROM(BITS(x) ^ SIGN_BIT));
}
INLINE REAL OF(sign_of)(REAL x) {
    LEAVE_IF_NAN(x, x);
    REAL result = x > 0 ? 1 : x < 0 ? -1 : 0;
    return FROM(x == x ? BITS(result) : NAN_BITS);
}

/* The neighbour of x towards y: one more or one less of the bits, which are ordered as the magnitudes are. */
INLINE REAL OF(nextafter_of)(REAL x, REAL y) {
    LEAVE_IF_NAN(x, y);
    UNSIGNED b = BITS(x);
    UNSIGNED outward = b + 1, inward = b - 1, from_zero = (BITS(y) & SIGN_BIT) | 1;
    UNSIGNED moved = (b & ~SIGN_BIT) == 0 ? from_zero : (x < y) == (b < SIGN_BIT) ? outward : inward;
    UNSIGNED result = x == y ? BITS(y) : moved;
    return FROM(((x == x) & (y == y)) ? result : NAN_BITS);
}
INLINE unsigned OF(nextafter_status)(REAL x, REAL y, REAL result) {
    UNSIGNED size = BITS(result) & ~SIGN_BIT;
    if (x == y || size > INFINITE) return 0;
    if (size == INFINITE) return (BITS(x) & ~SIGN_BIT) < INFINITE ? STATUS_OVERFLOW : 0;
    return size < SMALLEST_NORMAL ? STATUS_UNDERFLOW : 0;
}

/* x = fraction·2^exponent, fraction in [1/2, 1); 0, infinities and NaN have exponent 0. */
INLINE REAL OF(frexp_of)(REAL x, int32_t *exponent) {
    UNSIGNED size = BITS(x) & ~SIGN_BIT;
    int subnormal = size < SMALLEST_NORMAL;
    /* The factor is chosen, not the product: one that is computed and dropped may raise a flag. */
    REAL normal = x * (subnormal ? (REAL)SMALLEST_NORMAL : 1);
    UNSIGNED b = BITS(normal);
    int32_t e = (int32_t)((b & ~SIGN_BIT) >> MANTISSA_BITS) - (BIAS - 1) - (subnormal ? MANTISSA_BITS : 0);
    UNSIGNED fraction = (b & (SIGN_BIT | (SMALLEST_NORMAL - 1))) | (UNSIGNED)(BIAS - 1) << MANTISSA_BITS;
    int as_it_is = (size == 0) | (size >= INFINITE);
    *exponent = as_it_is ? 0 : e;
    return as_it_is ? OF(canonical)(x) : FROM(fraction);
}

/* x·2^exponent, rounded once: the fraction, exactly, by a power of two that is normal, and where the result is
   subnormal a second one, which rounds. */
INLINE REAL OF(ldexp_of)(REAL x, int32_t exponent) {
    const int32_t beyond = 3 * LARGEST_EXPONENT;
    int32_t e;
    REAL fraction = OF(frexp_of)(x, &e);
    int32_t more = exponent > beyond ? beyond : exponent < -beyond ? -beyond : exponent;
    int32_t target = e + more;  /* the result's exponent as frexp counts */
    if (target > LARGEST_EXPONENT + 1) target = LARGEST_EXPONENT + 1;
    if (target < 2 - BIAS - MANTISSA_BITS - 2) target = 2 - BIAS - MANTISSA_BITS - 2;
    int subnormal = target < 2 - BIAS;
    /* Twice the fraction is in [1, 2); 2^(target - 1) is split where it is no normal number. */
    int32_t first = subnormal ? -BIAS + 1 : target > LARGEST_EXPONENT ? BIAS : target - 1;
    int32_t second = target - 1 - first;
    REAL power = FROM((UNSIGNED)(first + BIAS) << MANTISSA_BITS);
    REAL rest = FROM((UNSIGNED)(second + BIAS) << MANTISSA_BITS);
    REAL result = fraction * 2 * power * rest;
    UNSIGNED size = BITS(x) & ~SIGN_BIT;
    return ((size == 0) | (size >= INFINITE)) ? OF(canonical)(x) : result;
}
INLINE unsigned OF(ldexp_status)(REAL x, int32_t exponent, REAL result) {
    UNSIGNED size = BITS(result) & ~SIGN_BIT, before = BITS(x) & ~SIGN_BIT;
    if (before == 0 || before >= INFINITE || (size >= SMALLEST_NORMAL && size < INFINITE)) return 0;
    if (size == INFINITE) return STATUS_OVERFLOW;
    return size == 0 || OF(ldexp_of)(result, -exponent) != x ? STATUS_UNDERFLOW : 0;
}

INLINE REAL OF(modf_of)(REAL x, REAL *whole) {
    REAL n = OF(trunc_of)(x), rest = x - n;
    *whole = n;
    return OF(size)(x) == FROM(INFINITE) ? OF(signed_as)(0, x) : x == x ? OF(signed_as)(rest, x) : FROM(NAN_BITS);
}

/* Casts: towards zero, then saturated; NaN is 0. `below` and `above` are the first integers that do not fit, as far as
   REAL has them: the cast signals where the value that would have been converted reaches them.
   For POWER, GCC converts vectors of x itself and drops what is out of range afterwards. The instructions convert each
   value for itself (Power ISA 3.0B, xvcvspsxws), but in QEMU 7.2 the values after a NaN get the NaN's result; and that
   QEMU fails an assertion at riscv64's vfcvt.rtz. On both, values are converted one by one. */
#if defined __powerpc64__
#define ONE_BY_ONE(x) __asm__("" : "+d"(x))
#elif defined __riscv_vector
#define ONE_BY_ONE(x) __asm__("" : "+f"(x))
#else
#define ONE_BY_ONE(x) (void)0
#endif
#define DEFINE_CAST(type, smallest, largest, below, above) \
    INLINE type##_t OF(to_##type)(REAL x) { \
        REAL inside = x > (REAL)(below) ? (x < (REAL)(above) ? x : 0) : 0; \
        ONE_BY_ONE(inside); \
        type##_t n = (type##_t)inside; \
        return x >= (REAL)(above) ? (type##_t)(largest) : x <= (REAL)(below) ? (type##_t)(smallest) : n; \
    } \
    INLINE int OF(type##_invalid)(REAL x) { \
        return !((x < (REAL)(above)) & ((x > (REAL)(below)) | (x == (REAL)(smallest)))); \
    }
DEFINE_CAST(int8, INT8_MIN, INT8_MAX, -129, 128)
DEFINE_CAST(int16, INT16_MIN, INT16_MAX, -32769, 32768)
DEFINE_CAST(int32, INT32_MIN, INT32_MAX, -2147483649.0, 2147483648.0)
DEFINE_CAST(int64, INT64_MIN, INT64_MAX, -0x1p63, 0x1p63)
DEFINE_CAST(uint8, 0, UINT8_MAX, -1, 256)
DEFINE_CAST(uint16, 0, UINT16_MAX, -1, 65536)
DEFINE_CAST(uint32, 0, UINT32_MAX, -1, 0x1p32)
DEFINE_CAST(uint64, 0, UINT64_MAX, -1, 0x1p64)
#undef DEFINE_CAST
#undef ONE_BY_ONE

#ifdef BITFAST_SCALAR

#define ENTRY_1(name) REAL JOINED(name, OF(scalar))(REAL x) { return OF(name##_of)(x); }
#define ENTRY_2(name) REAL JOINED(name, OF(scalar))(REAL x, REAL y) { return OF(name##_of)(x, y); }
#define OPERATION_1 ENTRY_1
#define OPERATION_2 ENTRY_2

REAL JOINED(sqrt, OF(scalar))(REAL x) {
    LEAVE_IF_NAN(x, x);
    if (__builtin_expect(!(x >= 0), 0)) {
        bitfast_raise(STATUS_INVALID);
        return FROM(NAN_BITS);
    }
    return BUILTIN(sqrt)(x);
}

REAL JOINED(nextafter, OF(scalar))(REAL x, REAL y) {
    REAL result = OF(nextafter_of)(x, y);
    unsigned status = OF(nextafter_status)(x, y, result);
    if (status) bitfast_raise(status);
    return result;
}

REAL JOINED(frexp, OF(scalar))(REAL x, int32_t *exponent) { return OF(frexp_of)(x, exponent); }
REAL JOINED(ldexp, OF(scalar))(REAL x, int32_t exponent) { return OF(ldexp_of)(x, exponent); }
REAL JOINED(modf, OF(scalar))(REAL x, REAL *whole) {
    if (__builtin_expect((BITS(x) & ~SIGN_BIT) >= INFINITE, 0)) {  /* infinity less itself would signal */
        *whole = OF(canonical)(x);
        return x == x ? OF(signed_as)(0, x) : FROM(NAN_BITS);
    }
    return OF(modf_of)(x, whole);
}

#define DEFINE_ENTRY(type) \
    type##_t JOINED(type, OF(scalar))(REAL x) { \
        if (__builtin_expect(OF(type##_invalid)(x), 0)) bitfast_raise(STATUS_INVALID); \
        /* Half of the unsigned range is beyond the signed conversion, which GCC 12 also tries where it signals. */ \
        if (sizeof(type##_t) == 8 && (type##_t)-1 > 0 && x >= (REAL)0x1p63 && x < (REAL)0x1p64) \
            return (type##_t)((uint64_t)(BITS(x) | SMALLEST_NORMAL) << (63 - MANTISSA_BITS)); \
        return OF(to_##type)(x); \
    }

#else

#define LOOP_1(name, status) \
    unsigned JOINED(name, OF(array))(const REAL *x, REAL *result, size_t n) { \
        for (size_t i = 0; i < n; ++i) result[i] = OF(name##_of)(x[i]); \
        return status; \
    }
#define LOOP_2(name, status) \
    unsigned JOINED(name, OF(array))(const REAL *x, const REAL *y, REAL *result, size_t n) { \
        for (size_t i = 0; i < n; ++i) result[i] = OF(name##_of)(x[i], y[i]); \
        return status; \
    }
#define ENTRY_1(name) LOOP_1(name, 0)
#define ENTRY_2(name) LOOP_2(name, 0)
#define OPERATION_1(name) LOOP_1(name, STATUS_OF_PROCESSOR)
#define OPERATION_2(name) LOOP_2(name, STATUS_OF_PROCESSOR)

unsigned JOINED(sqrt, OF(array))(const REAL *x, REAL *result, size_t n) {
    SIGNED negative = 0;
    for (size_t i = 0; i < n; ++i) {
        negative |= -(SIGNED)(x[i] < 0);
        result[i] = OF(canonical)(BUILTIN(sqrt)(x[i]));
    }
    return negative ? STATUS_INVALID : 0;
}

unsigned JOINED(nextafter, OF(array))(const REAL *x, const REAL *y, REAL *result, size_t n) {
    unsigned status = 0;
    for (size_t i = 0; i < n; ++i) {
        REAL a = x[i], b = y[i];
        result[i] = OF(nextafter_of)(a, b);
        status |= OF(nextafter_status)(a, b, result[i]);
    }
    return status;
}

unsigned JOINED(frexp, OF(array))(const REAL *x, REAL *fraction, int32_t *exponent, size_t n) {
    for (size_t i = 0; i < n; ++i) fraction[i] = OF(frexp_of)(x[i], exponent + i);
    return 0;
}

unsigned JOINED(ldexp, OF(array))(const REAL *x, const int32_t *exponent, REAL *result, size_t n) {
    unsigned status = 0;
    for (size_t i = 0; i < n; ++i) {
        REAL a = x[i];
        int32_t e = exponent[i];
        result[i] = OF(ldexp_of)(a, e);
        status |= OF(ldexp_status)(a, e, result[i]);
    }
    return status;
}

unsigned JOINED(modf, OF(array))(const REAL *x, REAL *fraction, REAL *whole, size_t n) {
    for (size_t i = 0; i < n; ++i) {
        REAL a = x[i], integer;
        fraction[i] = OF(modf_of)(a, &integer);
        whole[i] = integer;
    }
    return 0;
}

#define DEFINE_ENTRY(type) \
    unsigned JOINED(type, OF(array))(const REAL *x, type##_t *result, size_t n) { \
        SIGNED invalid = 0; \
        for (size_t i = 0; i < n; ++i) { \
            invalid |= OF(type##_invalid)(x[i]); \
            result[i] = OF(to_##type)(x[i]); \
        } \
        return invalid ? STATUS_INVALID : 0; \
    }

#endif

ENTRY_1(floor)
ENTRY_1(ceil)
ENTRY_1(trunc)
ENTRY_1(rint)
ENTRY_2(copysign)
ENTRY_2(fmin)
ENTRY_2(fmax)
ENTRY_2(minimum)
ENTRY_2(maximum)
OPERATION_2(add)
OPERATION_2(subtract)
OPERATION_2(multiply)
OPERATION_2(divide)
OPERATION_1(square)
OPERATION_1(reciprocal)
ENTRY_1(absolute)
ENTRY_1(negative)
ENTRY_1(sign)
CASTS(DEFINE_ENTRY)

#undef ENTRY_1
#undef ENTRY_2
#undef OPERATION_1
#undef OPERATION_2
#undef LOOP_1
#undef LOOP_2
#undef DEFINE_ENTRY
#undef LEAVE_IF_NAN
#undef SIGN_BIT
#undef BITS
#undef FROM
#undef SMALLEST_NORMAL
#undef INFINITE
#undef REAL
#undef BUILTIN
#undef UNSIGNED
#undef SIGNED
#undef OF
#undef MANTISSA_BITS
#undef BIAS
#undef LARGEST_EXPONENT
#undef NAN_BITS
