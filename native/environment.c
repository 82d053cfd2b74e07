/* The floating-point environment: raising what a function signals, and keeping the caller's environment around arrays.

   Without fenv.h where the processor is known: those functions are in libm, which the library does not need. Flags are
   raised by arithmetic, which works everywhere and honours traps that a program has enabled. */
#include "environment.h"

#if defined __x86_64__
#include <immintrin.h>
#elif !defined __aarch64__ && !defined __riscv && !defined __powerpc64__ && !defined __s390x__
#include <fenv.h>
#endif

void bitfast_raise(unsigned status) {
    volatile double zero = 0, one = 1, huge = 0x1p1023, tiny = 0x1p-1022, result;
    if (status & STATUS_INVALID) result = zero / zero;
    if (status & STATUS_DIVIDE_BY_ZERO) result = one / zero;
    if (status & STATUS_OVERFLOW) result = huge * huge;
    if (status & STATUS_UNDERFLOW) result = tiny * tiny;
    (void)result;
}

/* The STATUS_ bits of a register's bits, which every chip has in places of its own. */
static inline unsigned status_of(uint64_t flags, unsigned invalid, unsigned zero, unsigned overflow,
                                 unsigned underflow) {
    return (flags & invalid ? STATUS_INVALID : 0) | (flags & zero ? STATUS_DIVIDE_BY_ZERO : 0) |
           (flags & overflow ? STATUS_OVERFLOW : 0) | (flags & underflow ? STATUS_UNDERFLOW : 0);
}

/* saved: what the registers held; begin sets rounding to nearest, no flushing, no traps and no flags. */
#if defined __x86_64__

enum { DEFAULT_MXCSR = 0x1f80, MXCSR_UNDERFLOW = 0x10 };
void bitfast_environment_begin(struct environment *e) {
    e->control = _mm_getcsr();
    if (e->control != DEFAULT_MXCSR) _mm_setcsr(DEFAULT_MXCSR);
}
int bitfast_environment_underflow(void) { return (_mm_getcsr() & MXCSR_UNDERFLOW) != 0; }
unsigned bitfast_environment_status(void) { return status_of(_mm_getcsr(), 1, 4, 8, MXCSR_UNDERFLOW); }
void bitfast_environment_end(const struct environment *e) { _mm_setcsr((unsigned)e->control); }

/* Reading the register is cheap as long as nobody writes it. */
enum { MXCSR_FLAGS = 0x3f };
int bitfast_environment_is_plain(struct environment *e) {
    e->control = _mm_getcsr();
    return (e->control & ~(uint64_t)MXCSR_FLAGS) == DEFAULT_MXCSR;
}
int bitfast_environment_new_underflow(const struct environment *e) {
    return (_mm_getcsr() & ~e->control & MXCSR_UNDERFLOW) != 0;
}

#elif defined __aarch64__

void bitfast_environment_begin(struct environment *e) {
    __asm__ volatile("mrs %0, fpcr" : "=r"(e->control));
    __asm__ volatile("mrs %0, fpsr" : "=r"(e->flags));
    if (e->control) __asm__ volatile("msr fpcr, %0" : : "r"((uint64_t)0));
    __asm__ volatile("msr fpsr, %0" : : "r"((uint64_t)0));
}
int bitfast_environment_underflow(void) {
    uint64_t flags;
    __asm__ volatile("mrs %0, fpsr" : "=r"(flags));
    return (flags & 8) != 0;
}
unsigned bitfast_environment_status(void) {
    uint64_t flags;
    __asm__ volatile("mrs %0, fpsr" : "=r"(flags));
    return status_of(flags, 1, 2, 4, 8);
}
void bitfast_environment_end(const struct environment *e) {
    if (e->control) __asm__ volatile("msr fpcr, %0" : : "r"(e->control));
    __asm__ volatile("msr fpsr, %0" : : "r"(e->flags));
}

#elif defined __riscv

void bitfast_environment_begin(struct environment *e) { __asm__ volatile("fscsr %0, zero" : "=r"(e->control)); }
int bitfast_environment_underflow(void) {
    uint64_t flags;
    __asm__ volatile("frflags %0" : "=r"(flags));
    return (flags & 2) != 0;
}
unsigned bitfast_environment_status(void) {
    uint64_t flags;
    __asm__ volatile("frflags %0" : "=r"(flags));
    return status_of(flags, 16, 8, 4, 2);
}
void bitfast_environment_end(const struct environment *e) { __asm__ volatile("fscsr %0" : : "r"(e->control)); }

#elif defined __powerpc64__

static uint64_t fpscr(void) {
    double register_bits;
    uint64_t b;
    __asm__ volatile("mffs %0" : "=d"(register_bits));
    __builtin_memcpy(&b, &register_bits, sizeof b);
    return b;
}
static void set_fpscr(uint64_t b) {
    double register_bits;
    __builtin_memcpy(&register_bits, &b, sizeof b);
    __asm__ volatile("mtfsf 255, %0" : : "d"(register_bits));
}
void bitfast_environment_begin(struct environment *e) {
    e->control = fpscr();
    set_fpscr(0);
}
int bitfast_environment_underflow(void) { return (fpscr() & 0x08000000) != 0; }
unsigned bitfast_environment_status(void) { return status_of(fpscr(), 0x20000000, 0x04000000, 0x10000000, 0x08000000); }
void bitfast_environment_end(const struct environment *e) { set_fpscr(e->control); }

#elif defined __s390x__

static uint64_t fpc(void) {
    uint32_t b;
    __asm__ volatile("efpc %0" : "=d"(b));
    return b;
}
void bitfast_environment_begin(struct environment *e) {
    e->control = fpc();
    __asm__ volatile("sfpc %0" : : "d"((uint32_t)0));
}
int bitfast_environment_underflow(void) { return (fpc() & 0x00100000) != 0; }
unsigned bitfast_environment_status(void) { return status_of(fpc(), 0x00800000, 0x00400000, 0x00200000, 0x00100000); }
void bitfast_environment_end(const struct environment *e) { __asm__ volatile("sfpc %0" : : "d"((uint32_t)e->control)); }

#else

void bitfast_environment_begin(struct environment *e) {
    feholdexcept(&e->saved);
    fesetround(FE_TONEAREST);
}
int bitfast_environment_underflow(void) { return fetestexcept(FE_UNDERFLOW) != 0; }
unsigned bitfast_environment_status(void) {
    return status_of((uint64_t)fetestexcept(FE_ALL_EXCEPT), FE_INVALID, FE_DIVBYZERO, FE_OVERFLOW, FE_UNDERFLOW);
}
void bitfast_environment_end(const struct environment *e) { fesetenv(&e->saved); }

#endif

#if !defined __x86_64__
int bitfast_environment_is_plain(struct environment *e) {
    (void)e;
    return 0;
}
int bitfast_environment_new_underflow(const struct environment *e) {
    (void)e;
    return 0;
}
#endif
