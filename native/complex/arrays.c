/* The array calls of complex functions: any strides, in blocks of contiguous numbers, under an environment of their own,
   by several threads where the array is big. */
#include "bitfast_complex.h"

#include "../dispatch.h"
#include "../environment.h"
#include "../threads.h"

#include <string.h>

enum { BLOCK = 256 };

typedef void any_function(void);
struct call;
/* n contiguous numbers, at most BLOCK where anything is not contiguous. Returns their status. */
typedef unsigned run(const struct call *call, const void *x, const void *y, void *result, size_t n);

struct operand {
    char *first;
    ptrdiff_t stride;  /* in bytes */
    size_t size;       /* of one element; 0: there is none */
};

struct call {
    run *run;
    any_function *function;
    struct operand x, y, result;
    unsigned pole;  /* what an infinite result of finite arguments signals */
};

static void copy(char *to, ptrdiff_t to_stride, const char *from, ptrdiff_t from_stride, size_t size, size_t n) {
    for (size_t i = 0; i < n; ++i, to += to_stride, from += from_stride) {
        if (size == 16) memcpy(to, from, 16);
        else if (size == 8) memcpy(to, from, 8);
        else memcpy(to, from, 4);
    }
}

static const void *gathered(struct operand o, size_t first, size_t n, char *buffer) {
    if (!o.size) return NULL;
    const char *from = o.first + (ptrdiff_t)first * o.stride;
    if (o.stride == (ptrdiff_t)o.size) return from;
    copy(buffer, (ptrdiff_t)o.size, from, o.stride, o.size, n);
    return buffer;
}

static unsigned do_elements(const void *argument, size_t first, size_t n) {
    const struct call *call = argument;
    _Alignas(64) char buffers[3][BLOCK * sizeof(bitfast_complex)];
    unsigned status = 0;
    int direct = call->result.stride == (ptrdiff_t)call->result.size;
    for (size_t done = 0; done < n; done += BLOCK) {
        size_t count = n - done < BLOCK ? n - done : BLOCK;
        const void *x = gathered(call->x, first + done, count, buffers[0]);
        const void *y = gathered(call->y, first + done, count, buffers[1]);
        char *place = call->result.first + (ptrdiff_t)(first + done) * call->result.stride;
        status |= call->run(call, x, y, direct ? place : buffers[2], count);
        if (status & STATUS_OF_PROCESSOR) status = bitfast_environment_status();
        if (!direct) copy(place, call->result.stride, buffers[2], (ptrdiff_t)call->result.size, call->result.size, count);
    }
    return status;
}

static void do_call(const struct call *call, size_t n) {
    if (n == 0) return;
    struct environment caller;
    bitfast_environment_begin(&caller);
    unsigned status = call->result.stride ? bitfast_shared_work(do_elements, call, n) : do_elements(call, 0, n);
    bitfast_environment_end(&caller);
    if (status) bitfast_raise(status);
}

/* What a result that is not finite signals, its arguments all being finite: a difference with itself is 0 then. */
#define STATUS_OF(arguments, re, im) \
    (__builtin_expect((re) - (re) + ((im) - (im)) == 0, 1) || (arguments) != 0 ? 0 \
     : (re) != (re) || (im) != (im) ? STATUS_INVALID : call->pole)

#define RUNS(suffix, type, real, format) \
    static unsigned run_unary##suffix(const struct call *call, const void *x, const void *y, void *result, size_t n) { \
        (void)y; \
        const type *z = x; \
        type (*function)(type) = (type (*)(type))call->function; \
        type *to = result; \
        unsigned status = 0; \
        for (size_t i = 0; i < n; ++i) { \
            type given = z[i], r = function(given); \
            status |= STATUS_OF(given.re - given.re + (given.im - given.im), r.re, r.im); \
            to[i] = r; \
        } \
        return status; \
    } \
    static unsigned run_binary##suffix(const struct call *call, const void *x, const void *y, void *result, size_t n) { \
        const type *z = x, *w = y; \
        type (*function)(type, type) = (type (*)(type, type))call->function; \
        type *to = result; \
        unsigned status = 0; \
        for (size_t i = 0; i < n; ++i) { \
            type a = z[i], b = w[i], r = function(a, b); \
            status |= STATUS_OF(a.re - a.re + (a.im - a.im) + (b.re - b.re) + (b.im - b.im), r.re, r.im); \
            to[i] = r; \
        } \
        return status; \
    } \
    /* Sums and differences are those of the parts. */ \
    static unsigned run_parts##suffix(const struct call *call, const void *x, const void *y, void *result, size_t n) { \
        return ((array_binary_##format *)call->function)(x, y, result, 2 * n); \
    } \
    static unsigned run_kernel##suffix(const struct call *call, const void *x, const void *y, void *result, size_t n) { \
        return ((complex_array_##format *)call->function)(x, y ? y : x, result, n); \
    } \
    static unsigned run_reciprocal##suffix(const struct call *call, const void *x, const void *y, void *result, \
                                           size_t n) { \
        (void)y; \
        type ones[BLOCK]; \
        for (size_t i = 0; i < n; ++i) ones[i] = (type){1, 0}; \
        return ((complex_array_##format *)call->function)(ones, x, result, n); \
    } \
    static unsigned run_absolute##suffix(const struct call *call, const void *x, const void *y, void *result, size_t n) { \
        (void)y; \
        const type *z = x; \
        real re[BLOCK], im[BLOCK]; \
        for (size_t i = 0; i < n; ++i) re[i] = z[i].re, im[i] = z[i].im; \
        return ((array_binary_##format *)call->function)(re, im, result, n); \
    }
RUNS(, bitfast_complex, double, f64)
RUNS(f, bitfast_complexf, float, f32)

#define OPERAND(pointer, stride) {(char *)(pointer), (stride) * (ptrdiff_t)sizeof *(pointer), sizeof *(pointer)}
#define CALL_1(name, suffix, type, result_type, run, function, pole) \
    void bitfast_c##name##suffix##_array(size_t n, const type *z, ptrdiff_t z_stride, result_type *result, \
                                         ptrdiff_t result_stride) { \
        do_call(&(struct call){run##suffix, (any_function *)(function), OPERAND(z, z_stride), {NULL, 0, 0}, \
                               OPERAND(result, result_stride), pole}, n); \
    }
#define CALL_2(name, suffix, type, run, function, pole) \
    void bitfast_c##name##suffix##_array(size_t n, const type *z, ptrdiff_t z_stride, const type *w, \
                                         ptrdiff_t w_stride, type *result, ptrdiff_t result_stride) { \
        do_call(&(struct call){run##suffix, (any_function *)(function), OPERAND(z, z_stride), OPERAND(w, w_stride), \
                               OPERAND(result, result_stride), pole}, n); \
    }

/* The functions that have poles but no other infinite results. */
enum {
    POLE_log = STATUS_DIVIDE_BY_ZERO, POLE_log2 = STATUS_DIVIDE_BY_ZERO, POLE_log10 = STATUS_DIVIDE_BY_ZERO,
    POLE_log1p = STATUS_DIVIDE_BY_ZERO, POLE_atan = STATUS_DIVIDE_BY_ZERO, POLE_atanh = STATUS_DIVIDE_BY_ZERO,
#define OTHER(name) POLE_##name = STATUS_OVERFLOW
    OTHER(exp), OTHER(expm1), OTHER(sqrt), OTHER(sign), OTHER(sin), OTHER(cos), OTHER(tan), OTHER(sinh), OTHER(cosh),
    OTHER(tanh), OTHER(asin), OTHER(acos), OTHER(asinh), OTHER(acosh), OTHER(pow),
};

#define COMPLEX_UNARY(name) \
    CALL_1(name, , bitfast_complex, bitfast_complex, run_unary, bitfast_c##name, POLE_##name) \
    CALL_1(name, f, bitfast_complexf, bitfast_complexf, run_unary, bitfast_c##name##f, POLE_##name)
#define COMPLEX_BINARY(name) \
    CALL_2(name, , bitfast_complex, run_binary, bitfast_c##name, POLE_##name) \
    CALL_2(name, f, bitfast_complexf, run_binary, bitfast_c##name##f, POLE_##name)
#include "functions.h"

#define ARITHMETIC(suffix, type, real, format) \
    CALL_2(add, suffix, type, run_parts, bitfast_chosen.level.add.array_##format, 0) \
    CALL_2(subtract, suffix, type, run_parts, bitfast_chosen.level.subtract.array_##format, 0) \
    CALL_2(multiply, suffix, type, run_kernel, bitfast_chosen.shapes.cmultiply_array_##format, 0) \
    CALL_2(divide, suffix, type, run_kernel, bitfast_chosen.shapes.cdivide_array_##format, 0) \
    CALL_1(square, suffix, type, type, run_kernel, bitfast_chosen.shapes.cmultiply_array_##format, 0) \
    CALL_1(reciprocal, suffix, type, type, run_reciprocal, bitfast_chosen.shapes.cdivide_array_##format, 0) \
    CALL_1(absolute, suffix, type, real, run_absolute, bitfast_chosen.level.hypot.array_##format, 0)
ARITHMETIC(, bitfast_complex, double, f64)
ARITHMETIC(f, bitfast_complexf, float, f32)
