/* fmod, remainder, floor_remainder and floor_divide for every pair of arguments: the long division in integers, 64 bits
   of the quotient at a time. */
#include "../elementary/exact.h"

#include <string.h>

typedef unsigned __int128 u128;

static uint64_t bits_of(double x) { uint64_t b; memcpy(&b, &x, sizeof b); return b; }
static double with_bits(uint64_t b) { double x; memcpy(&x, &b, sizeof x); return x; }

static const uint64_t infinity = UINT64_C(0x7ff0000000000000), sign_bit = UINT64_C(1) << 63;

/* Magnitude as integer·2^(exponent - 1075); subnormals as they are. */
static uint64_t integer_of(uint64_t size, int *exponent) {
    int biased = (int)(size >> 52);
    *exponent = biased ? biased : 1;
    return biased ? (size & ((UINT64_C(1) << 52) - 1)) | UINT64_C(1) << 52 : size;
}

/* integer·2^(exponent - 1075) as a double; it has one. */
static double exactly(uint64_t integer, int exponent, uint64_t sign) {
    if (integer == 0) return with_bits(sign);
    int shift = __builtin_clzll(integer) - 11;
    if (shift < 0) {  /* up to 55 bits, of which the last are 0 */
        integer >>= -shift;
    } else {
        if (shift > exponent - 1) shift = exponent - 1;
        integer <<= shift;
    }
    return with_bits((((uint64_t)(exponent - shift - 1) << 52) + integer) | sign);
}

/* x·2^count modulo y, x < y < 2^56. */
static uint64_t power_of_two_times(uint64_t x, int count, uint64_t y) {
    for (; count >= 64 && x; count -= 64) x = (uint64_t)(((u128)x << 64) % y);
    return count && x ? (uint64_t)(((u128)x << count) % y) : x;
}

/* The cases without a division; 0 if there is one to be done. */
static int special(double x, double y, double *result, unsigned *status) {
    uint64_t size_x = bits_of(x) & ~sign_bit, size_y = bits_of(y) & ~sign_bit;
    if (size_x < infinity && size_y <= infinity && size_y != 0) {
        *result = x;
        return size_y == infinity || size_x == 0;
    }
    if (size_x <= infinity && size_y <= infinity) *status |= STATUS_INVALID;
    *result = with_bits(CANONICAL_NAN_F64);
    return 1;
}

double bitfast_accurate_fmod_f64(double x, double y, unsigned *status) {
    double result;
    if (special(x, y, &result, status)) return result;
    uint64_t sign = bits_of(x) & sign_bit;
    int exponent_x, exponent_y;
    uint64_t a = integer_of(bits_of(x) & ~sign_bit, &exponent_x), b = integer_of(bits_of(y) & ~sign_bit, &exponent_y);
    if (exponent_x < exponent_y) return x;
    return exactly(power_of_two_times(a % b, exponent_x - exponent_y, b), exponent_y, sign);
}

double bitfast_accurate_remainder_f64(double x, double y, unsigned *status) {
    double result;
    if (special(x, y, &result, status)) return result;
    uint64_t sign = bits_of(x) & sign_bit;
    int exponent_x, exponent_y;
    uint64_t a = integer_of(bits_of(x) & ~sign_bit, &exponent_x), b = integer_of(bits_of(y) & ~sign_bit, &exponent_y);
    if (exponent_x < exponent_y - 1) return x;  /* |x| < |y|/2 */
    if (exponent_x < exponent_y) {
        b <<= 1;
        exponent_y = exponent_x;
    }
    /* Modulo 2y, so that the quotient's last bit is known. */
    uint64_t rest = power_of_two_times(a % (2 * b), exponent_x - exponent_y, 2 * b);
    int odd = rest >= b;
    if (odd) rest -= b;
    if (2 * rest > b || (2 * rest == b && odd)) {
        rest = b - rest;
        sign ^= sign_bit;
    }
    return exactly(rest, exponent_y, rest ? sign : bits_of(x) & sign_bit);
}

/* The result is a multiple of the smaller unit in the last place and not larger than x or y: a float32. */
float bitfast_accurate_fmod_f32(float x, float y, unsigned *status) {
    return (float)bitfast_accurate_fmod_f64(x, y, status);
}

float bitfast_accurate_remainder_f32(float x, float y, unsigned *status) {
    return (float)bitfast_accurate_remainder_f64(x, y, status);
}

/* fmod's result, or y more where it has not y's sign: rounded, for what is left may be tiny beside y. A zero has y's
   sign, as in Python. */
double bitfast_accurate_floor_remainder_f64(double x, double y, unsigned *status) {
    double rest = bitfast_accurate_fmod_f64(x, y, status);
    uint64_t size = bits_of(rest) & ~sign_bit, sign = bits_of(y) & sign_bit;
    if (size > infinity) return rest;
    if (size == 0) return with_bits(sign);
    /* The operand is chosen, not the sum: a sum that is computed and dropped may raise a flag. */
    return rest + ((bits_of(rest) & sign_bit) == sign ? 0 : y);
}

/* In double the sum of two float32 numbers may be inexact, but is then nowhere near a middle of float32. */
float bitfast_accurate_floor_remainder_f32(float x, float y, unsigned *status) {
    return (float)bitfast_accurate_floor_remainder_f64(x, y, status);
}

/* Where x or y is 0 or infinite, the quotient itself, which is 0 or infinite too. */
double bitfast_accurate_floor_divide_f64(double x, double y, unsigned *status) {
    uint64_t size_x = bits_of(x) & ~sign_bit, size_y = bits_of(y) & ~sign_bit;
    uint64_t sign = (bits_of(x) ^ bits_of(y)) & sign_bit;
    if (size_x > infinity || size_y > infinity) return with_bits(CANONICAL_NAN_F64);
    if (size_x == size_y && (size_x == 0 || size_x == infinity)) {
        *status |= STATUS_INVALID;
        return with_bits(CANONICAL_NAN_F64);
    }
    if (size_y == 0 && size_x < infinity) *status |= STATUS_DIVIDE_BY_ZERO;
    if (size_x == infinity || size_y == 0) return with_bits(infinity | sign);
    if (size_y == infinity || size_x == 0) return with_bits(sign);
    int exponent_x, exponent_y;
    uint64_t a = integer_of(size_x, &exponent_x), b = integer_of(size_y, &exponent_y);
    while (a < UINT64_C(1) << 52) a <<= 1, --exponent_x;
    while (b < UINT64_C(1) << 52) b <<= 1, --exponent_y;
    int distance = exponent_x - exponent_y;
    if (distance < 0 || (distance == 0 && a < b)) return sign ? -1 : 0;
    /* The quotient's first 54 bits or more, and whether its integer has others that are not 0; a negative one's
       magnitude is rounded up. */
    int shift = distance < 60 ? distance : 60;
    u128 dividend = (u128)a << shift;
    uint64_t quotient = (uint64_t)(dividend / b), rest = (uint64_t)(dividend % b);
    int left = distance - shift, more = 0;
    if (left == 0) quotient += sign && rest;
    else more = sign ? rest != 0 : left >= 53 ? rest != 0 : (u128)rest << left >= b;
    if (more) quotient |= 1;
    int length = 64 - __builtin_clzll(quotient), dropped = length - 53;
    if (dropped > 0) {
        uint64_t lost = quotient & ((UINT64_C(1) << dropped) - 1), half = UINT64_C(1) << (dropped - 1);
        quotient >>= dropped;
        quotient += lost > half || (lost == half && (quotient & 1));
    } else {
        quotient <<= -dropped;
    }
    uint64_t encoding = ((uint64_t)(left + dropped + 52 + 1022) << 52) + quotient;
    if (left + dropped + 52 > 1023 || encoding >= infinity) {
        *status |= STATUS_OVERFLOW;
        encoding = infinity;
    }
    return with_bits(encoding | sign);
}

/* A quotient of float32 numbers is not so near to a middle of two that rounding to double first would matter. */
float bitfast_accurate_floor_divide_f32(float x, float y, unsigned *status) {
    float result = (float)bitfast_accurate_floor_divide_f64(x, y, status);
    if (__builtin_fabsf(result) == __builtin_inff() && y != 0 && __builtin_fabsf(x) < __builtin_inff())
        *status |= STATUS_OVERFLOW;
    return result;
}
