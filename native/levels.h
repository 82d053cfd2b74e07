/* The levels: what a kernel's entries are called and look like, per level of a chip.

   Every file in elementary/ is compiled twice per level, for one lane (BITFAST_SCALAR) and for the level's vectors,
   with BITFAST_LEVEL set to one of: v2 v3 v4 (x86-64), neon sve256 sve512 (aarch64), rvv generic (riscv64), generic
   (others).
   A function `exp` at level v3 is then
       bitfast_v3_exp_scalar_f64, bitfast_v3_exp_scalar_f32    one value
       bitfast_v3_exp_array_f64,  bitfast_v3_exp_array_f32     n values, contiguous; result may be x itself
   dispatch.c collects them per level and chooses one level when the library is loaded. */
#ifndef BITFAST_LEVELS_H
#define BITFAST_LEVELS_H

#include <stddef.h>

/* What IEEE 754 asks to be signalled, as far as it is part of an answer; inexact is not. */
enum { STATUS_INVALID = 1, STATUS_DIVIDE_BY_ZERO = 2, STATUS_OVERFLOW = 4, STATUS_UNDERFLOW = 8 };

typedef double scalar_unary_f64(double x);
typedef float scalar_unary_f32(float x);
typedef double scalar_binary_f64(double x, double y);
typedef float scalar_binary_f32(float x, float y);

/* Arrays return the STATUS_ bits of all elements together, and leave the processor's own flags to their caller. Those
   that compute one IEEE operation per element and nothing else return STATUS_OF_PROCESSOR: the flags are the status. */
enum { STATUS_OF_PROCESSOR = 16 };
typedef unsigned array_unary_f64(const double *x, double *result, size_t n);
typedef unsigned array_unary_f32(const float *x, float *result, size_t n);
typedef unsigned array_binary_f64(const double *x, const double *y, double *result, size_t n);
typedef unsigned array_binary_f32(const float *x, const float *y, float *result, size_t n);

struct unary {
    scalar_unary_f64 *scalar_f64;
    scalar_unary_f32 *scalar_f32;
    array_unary_f64 *array_f64;
    array_unary_f32 *array_f32;
};
struct binary {
    scalar_binary_f64 *scalar_f64;
    scalar_binary_f32 *scalar_f32;
    array_binary_f64 *array_f64;
    array_binary_f32 *array_f32;
};

/* Everything one level provides: members named as the functions are. */
struct level {
    const char *name;
#define UNARY(name) struct unary name;
#define BINARY(name) struct binary name;
#define UNARY_EXACT(name) struct unary name;
#define BINARY_EXACT(name) struct binary name;
#include "functions.h"
};

/* Raises the STATUS_ bits as the processor's flags (environment.c). */
void bitfast_raise(unsigned status);

#define JOIN_(a, b, c, d) a##b##_##c##_##d
#define JOIN(a, b, c, d) JOIN_(a, b, c, d)
/* ENTRY(array_f64): the name that the function being compiled has at the level being compiled. */
#define ENTRY(form) JOIN(bitfast_, BITFAST_LEVEL, FUNCTION, form)

#endif
