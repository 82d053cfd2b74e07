/* The inputs that a digest is made of: patterns of float64 or float32 made with integer arithmetic only, so that they
   are the same everywhere. docs/contract.md defines them; a change of any input is a new version of the contract. */
#ifndef BITFAST_INPUTS_H
#define BITFAST_INPUTS_H

#include <stddef.h>
#include <stdint.h>

struct format { int fraction_bits, exponent_bits; };
extern const struct format bitfast_float64, bitfast_float32;

/* Where a function's answers are neither trivial nor exceptional: |x| in [2^lowest, 2^(highest + 1)). */
struct range { const char *name; int lowest, highest, negative_too; };

/* splitmix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014). */
struct generator { uint64_t state; };
uint64_t bitfast_next(struct generator *);

/* Patterns by argument; those that a function does not have are not there (null). */
struct inputs { size_t n; uint64_t *argument[3]; };

enum { CORE_MORE = 1 << 12, FULL_MORE = 1 << 20 };

enum { SPECIALS_MOST = 80 };
/* The special values, in contract.md's order. Returns how many they are. */
size_t bitfast_specials(const struct format *, uint64_t patterns[SPECIALS_MOST]);
struct range bitfast_range(const char *function);
/* The core: special values, every exponent, hard cases, CORE_MORE others. Null arguments when memory is short. */
struct inputs bitfast_core_inputs(const char *function, int arguments, const struct format *, struct generator *);
/* Fills n inputs with what the generator says next. */
void bitfast_more_inputs(const char *function, const struct format *, struct generator *, size_t n, struct inputs *);
void bitfast_free_inputs(struct inputs *);

#endif
