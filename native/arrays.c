/* The array functions: any strides, in blocks of contiguous values for the level's kernel, under an environment of
   their own, by several threads where the array is big. */
#include "bitfast.h"
#include "dispatch.h"
#include "environment.h"
#include "threads.h"

#include <string.h>

enum {
    BLOCK = 512,        /* elements that are gathered at a time: five buffers stay in the first-level cache */
    LONG_BLOCK = 2048,  /* the same where nothing is gathered */
    MOST_OPERANDS = 4,
};

typedef void any_kernel(void);

struct operand {
    char *first;
    ptrdiff_t stride;  /* in bytes */
    size_t size;       /* of one element */
};

struct call {
    /* Calls `kernel`, whose type it knows, for contiguous operands. */
    unsigned (*run)(any_kernel *kernel, char *const operands[], size_t n);
    any_kernel *kernel;
    int inputs, outputs;
    struct operand operands[MOST_OPERANDS];  /* inputs first */
    enum { NO_SUBNORMALS, SUBNORMALS_F32 } scan;  /* float64's kernels leave tiny results to the accurate path */
};

#define COPY(type) \
    for (size_t i = 0; i < n; ++i, to += to_stride, from += from_stride) memcpy(to, from, sizeof(type)); \
    break

static void copy(char *to, ptrdiff_t to_stride, const char *from, ptrdiff_t from_stride, size_t size, size_t n) {
    switch (size) {
    case 1: COPY(uint8_t);
    case 2: COPY(uint16_t);
    case 4: COPY(uint32_t);
    default: COPY(uint64_t);
    }
}

/* Whether a result is subnormal: the processor's underflow flag alone says nothing, for an intermediate value of a
   kernel may have raised it. */
static int has_subnormal_f32(const char *results, size_t n) {
    int32_t found = 0;
    for (size_t i = 0; i < n; ++i) {
        uint32_t b;
        memcpy(&b, results + i * sizeof b, sizeof b);
        b &= INT32_MAX;
        found |= -(int32_t)(b - 1 < (UINT32_C(1) << 23) - 1);
    }
    return found != 0;
}

static unsigned do_elements(const void *argument, size_t first, size_t n) {
    const struct call *call = argument;
    _Alignas(64) char buffers[MOST_OPERANDS][BLOCK * sizeof(double)];
    const int operands = call->inputs + call->outputs;
    int gathered[MOST_OPERANDS], any_gathered = 0;
    for (int k = 0; k < operands; ++k) {
        gathered[k] = call->operands[k].stride != (ptrdiff_t)call->operands[k].size;
        any_gathered |= gathered[k];
    }
    size_t block = any_gathered ? BLOCK : LONG_BLOCK;
    unsigned status = 0;
    for (size_t done = 0; done < n; done += block) {
        size_t count = n - done < block ? n - done : block;
        char *places[MOST_OPERANDS], *here[MOST_OPERANDS];
        for (int k = 0; k < operands; ++k) {
            const struct operand *o = &call->operands[k];
            places[k] = o->first + (ptrdiff_t)(first + done) * o->stride;
            here[k] = gathered[k] ? buffers[k] : places[k];
            if (k < call->inputs && gathered[k] && (o->stride != 0 || done == 0))
                copy(here[k], (ptrdiff_t)o->size, places[k], o->stride, o->size, count);
        }
        status |= call->run(call->kernel, here, count);
        char *results = here[call->inputs];
        if (call->scan == SUBNORMALS_F32 && !(status & STATUS_UNDERFLOW) && bitfast_environment_underflow() &&
            has_subnormal_f32(results, count))
            status |= STATUS_UNDERFLOW;
        if (status & STATUS_OF_PROCESSOR) status = bitfast_environment_status();
        for (int k = call->inputs; k < operands; ++k) {
            const struct operand *o = &call->operands[k];
            if (gathered[k]) copy(places[k], o->stride, here[k], (ptrdiff_t)o->size, o->size, count);
        }
    }
    return status;
}

static void do_call(const struct call *call, size_t n) {
    if (n == 0) return;
    int shareable = 1;  /* elements that all have one place keep their order: the last one stays */
    for (int k = call->inputs; k < call->inputs + call->outputs; ++k) shareable &= call->operands[k].stride != 0;
    struct environment caller;
    bitfast_environment_begin(&caller);
    unsigned status = shareable ? bitfast_shared_work(do_elements, call, n) : do_elements(call, 0, n);
    bitfast_environment_end(&caller);
    if (status) bitfast_raise(status);
}

#define OPERAND(pointer, stride) {(char *)(pointer), (stride) * (ptrdiff_t)sizeof *(pointer), sizeof *(pointer)}

/* One entry: its parameters, how the kernel is called, its operands. */
#define RUN(name, kernel_type, ...) \
    static unsigned name(any_kernel *kernel, char *const o[], size_t n) { return ((kernel_type *)kernel)(__VA_ARGS__); }
RUN(run_unary_f64, array_unary_f64, (const double *)o[0], (double *)o[1], n)
RUN(run_unary_f32, array_unary_f32, (const float *)o[0], (float *)o[1], n)
RUN(run_binary_f64, array_binary_f64, (const double *)o[0], (const double *)o[1], (double *)o[2], n)
RUN(run_binary_f32, array_binary_f32, (const float *)o[0], (const float *)o[1], (float *)o[2], n)
RUN(run_ternary_f64, ternary_array_f64, (const double *)o[0], (const double *)o[1], (const double *)o[2],
    (double *)o[3], n)
RUN(run_ternary_f32, ternary_array_f32, (const float *)o[0], (const float *)o[1], (const float *)o[2], (float *)o[3], n)
RUN(run_frexp_f64, frexp_array_f64, (const double *)o[0], (double *)o[1], (int32_t *)o[2], n)
RUN(run_frexp_f32, frexp_array_f32, (const float *)o[0], (float *)o[1], (int32_t *)o[2], n)
RUN(run_ldexp_f64, ldexp_array_f64, (const double *)o[0], (const int32_t *)o[1], (double *)o[2], n)
RUN(run_ldexp_f32, ldexp_array_f32, (const float *)o[0], (const int32_t *)o[1], (float *)o[2], n)
RUN(run_modf_f64, modf_array_f64, (const double *)o[0], (double *)o[1], (double *)o[2], n)
RUN(run_modf_f32, modf_array_f32, (const float *)o[0], (float *)o[1], (float *)o[2], n)

/* One value goes through the function of one value, a tenth of a vector's time. It raises its flags itself; only
   underflow may be without cause, and is left to the array's kernel. */
#define ONE(name, real, kind, ...) \
    struct environment caller; \
    if (n == 1 && bitfast_environment_is_plain(&caller)) { \
        real one = bitfast_chosen.level.name.scalar_##kind(__VA_ARGS__); \
        if (!bitfast_environment_new_underflow(&caller)) { \
            *result = one; \
            return; \
        } \
        bitfast_environment_end(&caller); \
    }
#define DEFINE_UNARY(name, suffix, real, kind, scanned) \
    void bitfast_##name##suffix##_array(size_t n, const real *x, ptrdiff_t x_stride, real *result, \
                                        ptrdiff_t result_stride) { \
        ONE(name, real, kind, *x) \
        do_call(&(struct call){run_unary_##kind, (any_kernel *)bitfast_chosen.level.name.array_##kind, 1, 1, \
                               {OPERAND(x, x_stride), OPERAND(result, result_stride)}, scanned}, n); \
    }
#define DEFINE_BINARY(name, suffix, real, kind, scanned) \
    void bitfast_##name##suffix##_array(size_t n, const real *x, ptrdiff_t x_stride, const real *y, \
                                        ptrdiff_t y_stride, real *result, ptrdiff_t result_stride) { \
        ONE(name, real, kind, *x, *y) \
        do_call(&(struct call){run_binary_##kind, (any_kernel *)bitfast_chosen.level.name.array_##kind, 2, 1, \
                               {OPERAND(x, x_stride), OPERAND(y, y_stride), OPERAND(result, result_stride)}, \
                               scanned}, n); \
    }
#define UNARY(name) \
    DEFINE_UNARY(name, , double, f64, NO_SUBNORMALS) \
    DEFINE_UNARY(name, f, float, f32, SUBNORMALS_F32)
#define BINARY(name) \
    DEFINE_BINARY(name, , double, f64, NO_SUBNORMALS) \
    DEFINE_BINARY(name, f, float, f32, SUBNORMALS_F32)
/* Exact results do not underflow, and nextafter says itself what it signals. */
#define UNARY_EXACT(name) \
    DEFINE_UNARY(name, , double, f64, NO_SUBNORMALS) \
    DEFINE_UNARY(name, f, float, f32, NO_SUBNORMALS)
#define BINARY_EXACT(name) \
    DEFINE_BINARY(name, , double, f64, NO_SUBNORMALS) \
    DEFINE_BINARY(name, f, float, f32, NO_SUBNORMALS)
#include "functions.h"

#define DEFINE_SHAPES(suffix, real, kind) \
    void bitfast_fma##suffix##_array(size_t n, const real *x, ptrdiff_t x_stride, const real *y, ptrdiff_t y_stride, \
                                     const real *z, ptrdiff_t z_stride, real *result, ptrdiff_t result_stride) { \
        do_call(&(struct call){run_ternary_##kind, (any_kernel *)bitfast_chosen.shapes.fma_array_##kind, 3, 1, \
                               {OPERAND(x, x_stride), OPERAND(y, y_stride), OPERAND(z, z_stride), \
                                OPERAND(result, result_stride)}, NO_SUBNORMALS}, n); \
    } \
    void bitfast_frexp##suffix##_array(size_t n, const real *x, ptrdiff_t x_stride, real *fraction, \
                                       ptrdiff_t fraction_stride, int32_t *exponent, ptrdiff_t exponent_stride) { \
        do_call(&(struct call){run_frexp_##kind, (any_kernel *)bitfast_chosen.shapes.frexp_array_##kind, 1, 2, \
                               {OPERAND(x, x_stride), OPERAND(fraction, fraction_stride), \
                                OPERAND(exponent, exponent_stride)}, NO_SUBNORMALS}, n); \
    } \
    void bitfast_ldexp##suffix##_array(size_t n, const real *x, ptrdiff_t x_stride, const int32_t *exponent, \
                                       ptrdiff_t exponent_stride, real *result, ptrdiff_t result_stride) { \
        do_call(&(struct call){run_ldexp_##kind, (any_kernel *)bitfast_chosen.shapes.ldexp_array_##kind, 2, 1, \
                               {OPERAND(x, x_stride), OPERAND(exponent, exponent_stride), \
                                OPERAND(result, result_stride)}, NO_SUBNORMALS}, n); \
    } \
    void bitfast_modf##suffix##_array(size_t n, const real *x, ptrdiff_t x_stride, real *fraction, \
                                      ptrdiff_t fraction_stride, real *whole, ptrdiff_t whole_stride) { \
        do_call(&(struct call){run_modf_##kind, (any_kernel *)bitfast_chosen.shapes.modf_array_##kind, 1, 2, \
                               {OPERAND(x, x_stride), OPERAND(fraction, fraction_stride), \
                                OPERAND(whole, whole_stride)}, NO_SUBNORMALS}, n); \
    }
DEFINE_SHAPES(, double, f64)
DEFINE_SHAPES(f, float, f32)

#define DEFINE_CAST(type, suffix, real, kind) \
    static unsigned run_##type##_##kind(any_kernel *kernel, char *const o[], size_t n) { \
        return ((unsigned (*)(const real *, type##_t *, size_t))kernel)((const real *)o[0], (type##_t *)o[1], n); \
    } \
    void bitfast_to_##type##suffix##_array(size_t n, const real *x, ptrdiff_t x_stride, type##_t *result, \
                                           ptrdiff_t result_stride) { \
        do_call(&(struct call){run_##type##_##kind, (any_kernel *)bitfast_chosen.shapes.type##_array_##kind, 1, 1, \
                               {OPERAND(x, x_stride), OPERAND(result, result_stride)}, NO_SUBNORMALS}, n); \
    }
#define CAST(type) DEFINE_CAST(type, , double, f64) DEFINE_CAST(type, f, float, f32)
CASTS(CAST)
