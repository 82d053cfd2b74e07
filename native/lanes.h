/* The lanes: the one vector type of every kernel, and the only file that knows a chip.

   `f64` is LANES doubles in one register of the level that is being compiled (see levels.h), `i64` as many integers,
   `m64` a truth value per lane. The operators + - * / and, on i64, << >> & | ^ ~ are the compiler's own: GCC's and
   Clang's vector extensions, or plain C where LANES is 1. A scalar operand applies to every lane. Everything else is a
   function here. With BITFAST_SCALAR a kernel is compiled for one lane: the same source is the scalar function, except
   where a kernel has steps of its own for one value, under LANES == 1 (larger tables, shorter polynomials).

   Every operation is one IEEE 754 operation, rounded once, so the same source gives the same bits at every level. */
#ifndef BITFAST_LANES_H
#define BITFAST_LANES_H

#include <float.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* 16 is 0 for float and double; GCC says it where _Float16 is computed with too (SVE). */
_Static_assert(FLT_EVAL_METHOD == 0 || FLT_EVAL_METHOD == 16, "operations must round to their own type (x87 does not)");
#ifdef __FAST_MATH__
#error "-ffast-math changes what the kernels compute"
#endif

#define INLINE static inline __attribute__((always_inline, unused))

#if defined BITFAST_SCALAR
#define LANES 1
#elif defined __AVX512F__ && defined __AVX512DQ__ && defined __AVX512VL__
#define LANES 8
#define LANES_AVX512
#include <immintrin.h>
#elif defined __AVX2__ && defined __FMA__
#define LANES 4
#define LANES_AVX2
#include <immintrin.h>
#elif defined __SSE4_2__
#define LANES 2
#define LANES_SSE
#include <immintrin.h>
#elif defined __ARM_FEATURE_SVE_BITS && __ARM_FEATURE_SVE_BITS >= 256
#define LANES (__ARM_FEATURE_SVE_BITS / 64)
#define LANES_SVE
#include <arm_sve.h>
#elif defined __aarch64__ && !defined BITFAST_GENERIC
#define LANES 2
#define LANES_NEON
#include <arm_neon.h>
#elif defined __riscv_vector && defined __clang__
#define LANES 4
#define LANES_RVV
#else
#define LANES 1
#endif

#if LANES == 1
typedef double f64;
typedef float f32;
typedef int64_t i64;
typedef uint64_t u64;
#else
typedef double f64 __attribute__((vector_size(8 * LANES)));
typedef float f32 __attribute__((vector_size(4 * LANES)));
typedef int64_t i64 __attribute__((vector_size(8 * LANES)));
typedef uint64_t u64 __attribute__((vector_size(8 * LANES)));
#endif
#if LANES == 1
typedef unsigned char m64;  /* 0 or 1 */
#elif defined LANES_AVX512
typedef __mmask8 m64;  /* a bit per lane */
#else
typedef i64 m64;       /* 0 or -1 per lane */
#endif

#ifdef LANES_SVE
#define EVERYWHERE svptrue_b64()
#define EVERY_F32 svptrue_pat_b32(LANES == 4 ? SV_VL4 : SV_VL8)  /* as many float32 as there are lanes */
#endif

/* Memory. */

INLINE f64 load(const double *from) { f64 x; memcpy(&x, from, sizeof x); return x; }
INLINE void store(double *to, f64 x) { memcpy(to, &x, sizeof x); }

INLINE f64 load_f32(const float *from) {
#ifndef LANES_SVE
    f32 x;
    memcpy(&x, from, sizeof x);
#endif
#if LANES == 1
    return x;
#elif defined LANES_AVX512
    return (f64)_mm512_cvtps_pd((__m256)x);
#elif defined LANES_AVX2
    return (f64)_mm256_cvtps_pd((__m128)x);
#elif defined LANES_SVE
    svuint64_t spread = svunpklo_u64(svreinterpret_u32_f32(svld1_f32(EVERY_F32, from)));
    return svcvt_f64_f32_x(EVERYWHERE, svreinterpret_f32_u64(spread));
#else
    return __builtin_convertvector(x, f64);
#endif
}

/* Rounds each lane to float32, once. */
INLINE void store_f32(float *to, f64 x) {
#ifdef LANES_SVE
    svfloat32_t spread = svcvt_f32_f64_x(EVERYWHERE, x);
    svst1_f32(EVERY_F32, to, svuzp1_f32(spread, spread));
#else
#if LANES == 1
    f32 rounded = (float)x;
#elif defined LANES_AVX512
    f32 rounded = (f32)_mm512_cvtpd_ps((__m512d)x);
#elif defined LANES_AVX2
    f32 rounded = (f32)_mm256_cvtpd_ps((__m256d)x);
#else
    f32 rounded = __builtin_convertvector(x, f32);
#endif
    memcpy(to, &rounded, sizeof rounded);
#endif
}

INLINE f64 all(double x) {
#if LANES == 1
    return x;
#else
    return x - (f64){0};  /* a broadcast; x - 0 is x, -0 included */
#endif
}

INLINE i64 all_bits(int64_t x) {
#if LANES == 1
    return x;
#else
    return x - (i64){0};
#endif
}

INLINE i64 bits(f64 x) { i64 b; memcpy(&b, &x, sizeof b); return b; }
INLINE f64 from_bits(i64 b) { f64 x; memcpy(&x, &b, sizeof x); return x; }

/* Logical shift right; >> on i64 is arithmetic. */
INLINE i64 shift_right_logical(i64 b, int count) { return (i64)((u64)b >> count); }

/* Comparisons; all are false on NaN but `different`. */

#if LANES == 1
INLINE m64 less(f64 a, f64 b) { return a < b; }
INLINE m64 less_equal(f64 a, f64 b) { return a <= b; }
INLINE m64 equal(f64 a, f64 b) { return a == b; }
INLINE m64 different(f64 a, f64 b) { return a != b; }
INLINE m64 less_bits(i64 a, i64 b) { return a < b; }
INLINE m64 equal_bits(i64 a, i64 b) { return a == b; }
INLINE m64 less_unsigned(i64 a, i64 b) { return (uint64_t)a < (uint64_t)b; }
#elif defined LANES_AVX512
INLINE m64 less(f64 a, f64 b) { return _mm512_cmp_pd_mask((__m512d)a, (__m512d)b, _CMP_LT_OQ); }
INLINE m64 less_equal(f64 a, f64 b) { return _mm512_cmp_pd_mask((__m512d)a, (__m512d)b, _CMP_LE_OQ); }
INLINE m64 equal(f64 a, f64 b) { return _mm512_cmp_pd_mask((__m512d)a, (__m512d)b, _CMP_EQ_OQ); }
INLINE m64 different(f64 a, f64 b) { return _mm512_cmp_pd_mask((__m512d)a, (__m512d)b, _CMP_NEQ_UQ); }
INLINE m64 less_bits(i64 a, i64 b) { return _mm512_cmplt_epi64_mask((__m512i)a, (__m512i)b); }
INLINE m64 equal_bits(i64 a, i64 b) { return _mm512_cmpeq_epi64_mask((__m512i)a, (__m512i)b); }
INLINE m64 less_unsigned(i64 a, i64 b) { return _mm512_cmplt_epu64_mask((__m512i)a, (__m512i)b); }
#else
INLINE m64 less(f64 a, f64 b) { return (m64)(a < b); }
INLINE m64 less_equal(f64 a, f64 b) { return (m64)(a <= b); }
INLINE m64 equal(f64 a, f64 b) { return (m64)(a == b); }
INLINE m64 different(f64 a, f64 b) { return (m64)(a != b); }
INLINE m64 less_bits(i64 a, i64 b) { return (m64)(a < b); }
INLINE m64 equal_bits(i64 a, i64 b) { return (m64)(a == b); }
INLINE m64 less_unsigned(i64 a, i64 b) { return (m64)((u64)a < (u64)b); }
#endif

/* Truth values; | and & combine them. */

INLINE m64 nowhere(void) {
#if LANES == 1 || defined LANES_AVX512
    return 0;
#else
    return (m64){0};
#endif
}

INLINE m64 negated(m64 m) {
#if LANES == 1
    return !m;
#else
    return (m64)~m;
#endif
}

INLINE i64 choose_bits(m64 m, i64 yes, i64 no) {
#ifdef LANES_AVX512
    return (i64)_mm512_mask_blend_epi64(m, (__m512i)no, (__m512i)yes);
#elif LANES == 1
    return m ? yes : no;
#elif defined LANES_AVX2
    return (i64)_mm256_blendv_epi8((__m256i)no, (__m256i)yes, (__m256i)m);
#elif defined LANES_SSE
    return (i64)_mm_blendv_epi8((__m128i)no, (__m128i)yes, (__m128i)m);
#elif defined LANES_SVE
    return svsel_s64(svcmpne_n_s64(EVERYWHERE, m, 0), yes, no);
#else
    return (m & yes) | (~m & no);
#endif
}

INLINE f64 choose(m64 m, f64 yes, f64 no) {
#if LANES == 1
    return m ? yes : no;
#elif defined LANES_SVE
    /* Of float64: GCC 12 makes one instruction of a choice and the operation before it, and fails where the types
       differ. */
    return svsel_f64(svcmpne_n_s64(EVERYWHERE, m, 0), yes, no);
#else
    return from_bits(choose_bits(m, bits(yes), bits(no)));
#endif
}

/* A bit per lane, lane 0 lowest. */
INLINE unsigned lane_bits(m64 m) {
#ifdef LANES_AVX512
    return m;
#elif LANES == 1
    return m;
#elif defined LANES_AVX2
    return (unsigned)_mm256_movemask_pd((__m256d)m);
#elif defined LANES_SSE
    return (unsigned)_mm_movemask_pd((__m128d)m);
#else
    unsigned result = 0;
    for (int lane = 0; lane < LANES; ++lane) result |= (unsigned)(m[lane] & 1) << lane;
    return result;
#endif
}

INLINE int any(m64 m) {
#ifdef LANES_NEON
    return vmaxvq_u32((uint32x4_t)m) != 0;
#elif defined LANES_SVE
    int64_t together = 0;
    for (int lane = 0; lane < LANES; ++lane) together |= m[lane];
    return together != 0;
#else
    return lane_bits(m) != 0;
#endif
}

/* Arithmetic. */

/* Whether __builtin_fma is an instruction for one value; elsewhere it would be a call of libm. */
#if defined __FP_FAST_FMA || defined __FMA__ || defined __aarch64__ || defined __riscv_flen || defined __s390x__ || \
    defined __powerpc64__
#define HAS_FMA
#endif

/* software_fma.c: the same bits without the instruction. */
double bitfast_software_fma(double a, double b, double c);
float bitfast_software_fmaf(float a, float b, float c);

#ifdef LANES_SSE
#include "software_fma.h"
#endif

/* a·b + c, rounded once. */
INLINE f64 fmadd(f64 a, f64 b, f64 c) {
#if LANES == 1 && !defined HAS_FMA
    return bitfast_software_fma(a, b, c);
#elif LANES == 1
    return __builtin_fma(a, b, c);
#elif defined LANES_AVX512
    return (f64)_mm512_fmadd_pd((__m512d)a, (__m512d)b, (__m512d)c);
#elif defined LANES_AVX2
    return (f64)_mm256_fmadd_pd((__m256d)a, (__m256d)b, (__m256d)c);
#elif defined LANES_SSE
    return software_fmadd(a, b, c);
#elif defined LANES_NEON
    return (f64)vfmaq_f64((float64x2_t)c, (float64x2_t)a, (float64x2_t)b);
#elif defined LANES_RVV
    return __builtin_elementwise_fma(a, b, c);
#else
    f64 result;
    for (int lane = 0; lane < LANES; ++lane) result[lane] = __builtin_fma(a[lane], b[lane], c[lane]);
    return result;
#endif
}

/* c - a·b, rounded once. */
INLINE f64 fnmadd(f64 a, f64 b, f64 c) { return fmadd(-a, b, c); }

INLINE f64 absolute(f64 x) {
#if LANES == 1
    return __builtin_fabs(x);  /* stays in its register */
#else
    return from_bits(bits(x) & INT64_MAX);
#endif
}
/* max(|a|, |b|) and min(|a|, |b|); where one is NaN it is not said which of them. */
INLINE f64 larger_magnitude(f64 a, f64 b) {
#ifdef LANES_AVX512
    return (f64)_mm512_range_pd((__m512d)a, (__m512d)b, 11);
#else
    a = absolute(a), b = absolute(b);
#if defined LANES_AVX2
    return (f64)_mm256_max_pd((__m256d)a, (__m256d)b);
#elif defined LANES_SSE
    return (f64)_mm_max_pd((__m128d)a, (__m128d)b);
#elif defined LANES_NEON
    return (f64)vmaxq_f64((float64x2_t)a, (float64x2_t)b);
#elif defined LANES_SVE
    return svmax_f64_x(EVERYWHERE, a, b);
#else
    return choose(less(a, b), b, a);
#endif
#endif
}
INLINE f64 smaller_magnitude(f64 a, f64 b) {
#ifdef LANES_AVX512
    return (f64)_mm512_range_pd((__m512d)a, (__m512d)b, 10);
#else
    a = absolute(a), b = absolute(b);
#if defined LANES_AVX2
    return (f64)_mm256_min_pd((__m256d)a, (__m256d)b);
#elif defined LANES_SSE
    return (f64)_mm_min_pd((__m128d)a, (__m128d)b);
#elif defined LANES_NEON
    return (f64)vminq_f64((float64x2_t)a, (float64x2_t)b);
#elif defined LANES_SVE
    return svmin_f64_x(EVERYWHERE, a, b);
#else
    return choose(less(a, b), a, b);
#endif
#endif
}

INLINE i64 sign_bits(f64 x) { return bits(x) & INT64_MIN; }
#if LANES == 1
INLINE f64 with_sign_of(f64 magnitude, f64 sign) { return __builtin_copysign(magnitude, sign); }
#else
INLINE f64 with_sign_of(f64 magnitude, f64 sign) { return from_bits((bits(magnitude) & INT64_MAX) | sign_bits(sign)); }
#endif
INLINE f64 xor_sign(f64 x, i64 sign) { return from_bits(bits(x) ^ sign); }

INLINE f64 square_root(f64 x) {
#if LANES == 1
    return __builtin_sqrt(x);
#elif defined LANES_AVX512
    return (f64)_mm512_sqrt_pd((__m512d)x);
#elif defined LANES_AVX2
    return (f64)_mm256_sqrt_pd((__m256d)x);
#elif defined LANES_SSE
    return (f64)_mm_sqrt_pd((__m128d)x);
#elif defined LANES_NEON
    return (f64)vsqrtq_f64((float64x2_t)x);
#elif defined LANES_RVV
    return __builtin_elementwise_sqrt(x);
#else
    f64 result;
    for (int lane = 0; lane < LANES; ++lane) result[lane] = __builtin_sqrt(x[lane]);
    return result;
#endif
}

/* Nearest integer, ties to even, for |x| < 2^51: adding 1.5·2^52 leaves the integer in the low bits. */
#define ROUNDER 0x1.8p52
INLINE f64 nearest(f64 x) { return (x + ROUNDER) - ROUNDER; }
/* The integer itself from x + ROUNDER, as a two's complement number in the low 51 bits; higher bits are not cleared. */
INLINE i64 rounder_bits(f64 x_plus_rounder) { return bits(x_plus_rounder); }
INLINE i64 rounder_integer(f64 x_plus_rounder) { return bits(x_plus_rounder) - (int64_t)0x4338000000000000; }

/* The double nearest to a whole number below 2^51 in magnitude. */
INLINE f64 to_double(i64 n) { return from_bits(n + (int64_t)0x4338000000000000) - ROUNDER; }

/* x·2^n for normal x and normal result: adds n to the exponent. */
INLINE f64 scaled(f64 x, i64 n) { return from_bits(bits(x) + (n << 52)); }

/* table[index] per lane. The mask of a gather is hidden from the compiler: knowing that all lanes are replaced it would
   leave the old contents in the register, and each round of a loop would wait for the one before (pow at v3: 8.4 ns
   instead of 5.8). */
INLINE f64 lookup(const double *table, i64 index) {
#if LANES == 1
    return table[index];
#elif defined LANES_AVX512
    __mmask8 everywhere = 0xff;
    __asm__("" : "+Yk"(everywhere));
    return (f64)_mm512_mask_i64gather_pd(_mm512_setzero_pd(), everywhere, (__m512i)index, table, 8);
#elif defined LANES_AVX2
    __m256i everywhere = _mm256_set1_epi64x(-1);
    __asm__("" : "+x"(everywhere));
    return (f64)_mm256_mask_i64gather_pd(_mm256_setzero_pd(), table, (__m256i)index, (__m256d)everywhere, 8);
#else
    f64 result;
    for (int lane = 0; lane < LANES; ++lane) result[lane] = table[index[lane]];
    return result;
#endif
}

/* table[index], index below 16: two registers and one permutation where the chip has it. */
INLINE f64 lookup16(const double table[16], i64 index) {
#ifdef LANES_AVX512
    return (f64)_mm512_permutex2var_pd(_mm512_loadu_pd(table), (__m512i)index, _mm512_loadu_pd(table + 8));
#else
    return lookup(table, index & 15);
#endif
}

/* table[index], of the index only the low five bits. */
INLINE f64 lookup32(const double table[32], i64 index) {
#ifdef LANES_AVX512
    f64 low = (f64)_mm512_permutex2var_pd(_mm512_loadu_pd(table), (__m512i)index, _mm512_loadu_pd(table + 8));
    f64 high = (f64)_mm512_permutex2var_pd(_mm512_loadu_pd(table + 16), (__m512i)index, _mm512_loadu_pd(table + 24));
    return choose(_mm512_test_epi64_mask((__m512i)index, _mm512_set1_epi64(16)), high, low);
#else
    return lookup(table, index & 31);
#endif
}

/* c[0] + c[1]·x + … + c[n-1]·x^(n-1) by Horner's rule; n is a constant where it is called. */
INLINE f64 horner(f64 x, const double *c, int n) {
    f64 sum = all(c[n - 1]);
    for (int k = n - 2; k >= 0; --k) sum = fmadd(sum, x, all(c[k]));
    return sum;
}

#endif
