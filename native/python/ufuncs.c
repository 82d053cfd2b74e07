/* The ufuncs: NumPy's inner loops over the library's array calls.

   NumPy hands over items that are aligned and in this chip's byte order, `steps` bytes apart, and lets arguments and
   result overlap where an evaluation item by item is right: x[1:] to x[:-1], and the running result of accumulate.
   Array calls want steps that are whole items, and arguments that are the result itself or do not touch it. What is not
   so goes through buffers: many items at a time, or one by one where a result is an argument of a later item. float16
   always goes through them, as float64. */
#include "python.h"

#include <stdlib.h>
#include <string.h>

#include "../levels.h"
#include "bitfast_complex.h"
#include "half.h"

/* How an item is stored, and what array calls see of it: a HALF as a double, a CLIPPED int64 as the int32 next to
   it. */
enum item { NONE, HALF, FLOAT, DOUBLE, INTEGER8, INTEGER16, INTEGER32, INTEGER64, CLIPPED, COMPLEX64, COMPLEX128 };
static const npy_intp STORED[] = {0, 2, 4, 8, 1, 2, 4, 8, 8, 8, 16}, SEEN[] = {0, 8, 4, 8, 1, 2, 4, 8, 4, 8, 16};

enum { OPERANDS_MOST = 4, BLOCK = 512, ITEM_MOST = 16 };

typedef void any_function(void);
/* An array call of any shape: operands and their strides, in the ufunc's order. */
typedef void array_call(any_function *function, size_t n, char *const at[], const ptrdiff_t stride[]);

struct loop {
    array_call *call;
    any_function *function;
    int arguments, results;
    enum item items[OPERANDS_MOST];
};

#define CALL(name, type, ...) \
    static void name(any_function *function, size_t n, char *const at[], const ptrdiff_t stride[]) { \
        ((void (*) type)function)(n, __VA_ARGS__); \
    }
#define OPERAND(k) (void *)at[k], stride[k]
#define CALLS(format, real) \
    CALL(call_unary_##format, (size_t, const real *, ptrdiff_t, real *, ptrdiff_t), OPERAND(0), OPERAND(1)) \
    CALL(call_binary_##format, (size_t, const real *, ptrdiff_t, const real *, ptrdiff_t, real *, ptrdiff_t), \
         OPERAND(0), OPERAND(1), OPERAND(2)) \
    CALL(call_ternary_##format, \
         (size_t, const real *, ptrdiff_t, const real *, ptrdiff_t, const real *, ptrdiff_t, real *, ptrdiff_t), \
         OPERAND(0), OPERAND(1), OPERAND(2), OPERAND(3)) \
    CALL(call_split_##format, (size_t, const real *, ptrdiff_t, real *, ptrdiff_t, real *, ptrdiff_t), \
         OPERAND(0), OPERAND(1), OPERAND(2)) \
    CALL(call_frexp_##format, (size_t, const real *, ptrdiff_t, real *, ptrdiff_t, int32_t *, ptrdiff_t), \
         OPERAND(0), OPERAND(1), OPERAND(2)) \
    CALL(call_ldexp_##format, (size_t, const real *, ptrdiff_t, const int32_t *, ptrdiff_t, real *, ptrdiff_t), \
         OPERAND(0), OPERAND(1), OPERAND(2)) \
    CALL(call_int8_##format, (size_t, const real *, ptrdiff_t, int8_t *, ptrdiff_t), OPERAND(0), OPERAND(1)) \
    CALL(call_int16_##format, (size_t, const real *, ptrdiff_t, int16_t *, ptrdiff_t), OPERAND(0), OPERAND(1)) \
    CALL(call_int32_##format, (size_t, const real *, ptrdiff_t, int32_t *, ptrdiff_t), OPERAND(0), OPERAND(1)) \
    CALL(call_int64_##format, (size_t, const real *, ptrdiff_t, int64_t *, ptrdiff_t), OPERAND(0), OPERAND(1)) \
    CALL(call_uint8_##format, (size_t, const real *, ptrdiff_t, uint8_t *, ptrdiff_t), OPERAND(0), OPERAND(1)) \
    CALL(call_uint16_##format, (size_t, const real *, ptrdiff_t, uint16_t *, ptrdiff_t), OPERAND(0), OPERAND(1)) \
    CALL(call_uint32_##format, (size_t, const real *, ptrdiff_t, uint32_t *, ptrdiff_t), OPERAND(0), OPERAND(1)) \
    CALL(call_uint64_##format, (size_t, const real *, ptrdiff_t, uint64_t *, ptrdiff_t), OPERAND(0), OPERAND(1))
CALLS(f64, double)
CALLS(f32, float)

/* `letters`: e f d are the floating-point type of the loop at hand; others are fixed, as NumPy's letters. */
struct function {
    const char *name, *arguments, *results;
    array_call *call_f64, *call_f32;
    any_function *f64, *f32;
};

#define ROW(name, arguments, results, shape) \
    {#name, arguments, results, call_##shape##_f64, call_##shape##_f32, \
     (any_function *)bitfast_##name##_array, (any_function *)bitfast_##name##f_array}
static const struct function FUNCTIONS[] = {
#define UNARY(name) ROW(name, "x", "x", unary),
#define BINARY(name) ROW(name, "xx", "x", binary),
#define UNARY_EXACT UNARY
#define BINARY_EXACT BINARY
#include "../functions.h"
    ROW(fma, "xxx", "x", ternary),
    ROW(frexp, "x", "xi", frexp),
    ROW(ldexp, "xi", "x", ldexp),
    ROW(modf, "x", "xx", split),
    ROW(to_int8, "x", "b", int8), ROW(to_int16, "x", "h", int16),
    ROW(to_int32, "x", "i", int32), ROW(to_int64, "x", "l", int64),
    ROW(to_uint8, "x", "B", uint8), ROW(to_uint16, "x", "H", uint16),
    ROW(to_uint32, "x", "I", uint32), ROW(to_uint64, "x", "L", uint64),
};
/* Those of complex numbers, under the names of the real ones. */
#define COMPLEX_CALLS(format, type, real) \
    CALL(call_unary_##format, (size_t, const type *, ptrdiff_t, type *, ptrdiff_t), OPERAND(0), OPERAND(1)) \
    CALL(call_to_real_##format, (size_t, const type *, ptrdiff_t, real *, ptrdiff_t), OPERAND(0), OPERAND(1)) \
    CALL(call_binary_##format, (size_t, const type *, ptrdiff_t, const type *, ptrdiff_t, type *, ptrdiff_t), \
         OPERAND(0), OPERAND(1), OPERAND(2))
COMPLEX_CALLS(c128, bitfast_complex, double)
COMPLEX_CALLS(c64, bitfast_complexf, float)

static const struct complex_function {
    const char *name;
    int to_real;
    array_call *call_c128, *call_c64;
    any_function *c128, *c64;
} COMPLEX_FUNCTIONS[] = {
#define COMPLEX_ROW(name, to_real, shape) \
    {#name, to_real, call_##shape##_c128, call_##shape##_c64, (any_function *)bitfast_c##name##_array, \
     (any_function *)bitfast_c##name##f_array},
#define COMPLEX_UNARY(name) COMPLEX_ROW(name, 0, unary)
#define COMPLEX_BINARY(name) COMPLEX_ROW(name, 0, binary)
#define COMPLEX_TO_REAL(name) COMPLEX_ROW(name, 1, to_real)
#define COMPLEX_ARITHMETIC_1 COMPLEX_UNARY
#define COMPLEX_ARITHMETIC_2 COMPLEX_BINARY
#include "../complex/functions.h"
};

enum { FUNCTION_COUNT = sizeof FUNCTIONS / sizeof *FUNCTIONS };

/* What integer loops are for: WHOLE numbers are their own floor, EXTREME functions and REMAINDERs are exact. */
enum kind { ELEMENTARY, WHOLE, EXTREME, REMAINDER };

static int is_one_of(const char *name, const char *const *names) {
    for (; *names; ++names)
        if (!strcmp(name, *names)) return 1;
    return 0;
}

static enum kind kind_of(const char *name) {
    static const char *const whole[] = {"floor", "ceil", "trunc", NULL};
    static const char *const extreme[] = {"fmin", "fmax", "minimum", "maximum", NULL};
    static const char *const remainder[] = {"fmod", "remainder", NULL};
    return is_one_of(name, whole)       ? WHOLE
           : is_one_of(name, extreme)   ? EXTREME
           : is_one_of(name, remainder) ? REMAINDER
                                        : ELEMENTARY;
}

/* One operand of a loop. */
struct operand { char *at; npy_intp step; enum item item; };

/* Whether they have items in common. Columns of one array, or real and imaginary parts, lie between each other. */
static int touch(struct operand a, struct operand b, npy_intp n) {
    npy_intp step = labs(a.step), distance = b.at - a.at;
    if (step != 0 && labs(b.step) == step) {
        distance = (distance % step + step) % step;
        if (distance >= STORED[a.item] && step - distance >= STORED[b.item]) return 0;
    }
    char *a_last = a.at + (n - 1) * a.step, *b_last = b.at + (n - 1) * b.step;
    char *a_low = a.step < 0 ? a_last : a.at, *a_high = (a.step < 0 ? a.at : a_last) + STORED[a.item];
    char *b_low = b.step < 0 ? b_last : b.at, *b_high = (b.step < 0 ? b.at : b_last) + STORED[b.item];
    return a_low < b_high && b_low < a_high;
}

enum passage { DIRECTLY, BY_BLOCKS, ONE_BY_ONE };

static enum passage passage_of(const struct operand *operands, const struct loop *loop, npy_intp n) {
    enum passage passage = DIRECTLY;
    int count = loop->arguments + loop->results;
    for (int k = 0; k < count; ++k)
        if (operands[k].step % STORED[operands[k].item] || STORED[operands[k].item] != SEEN[operands[k].item])
            passage = BY_BLOCKS;
    for (int r = loop->arguments; r < count && n > 1; ++r)
        for (int k = 0; k < r; ++k) {
            const struct operand *a = &operands[k], *b = &operands[r];
            int in_place = k < loop->arguments && a->at == b->at && a->step == b->step && a->item == b->item;
            if (in_place && labs(b->step) >= STORED[b->item]) {
                /* The second result must not be written before the argument is read everywhere. */
                if (loop->results > 1) passage = BY_BLOCKS;
                continue;
            }
            if (touch(*a, *b, n)) return ONE_BY_ONE;
        }
    return passage;
}

static void get_items(char *to, struct operand from, npy_intp n) {
    npy_intp size = STORED[from.item], seen = SEEN[from.item];
    for (npy_intp i = 0; i < n; ++i, from.at += from.step, to += seen) {
        if (from.item == HALF) {
            uint16_t half;
            memcpy(&half, from.at, sizeof half);
            double wide = half_to_double(half);
            memcpy(to, &wide, sizeof wide);
        } else if (from.item == CLIPPED) {
            int64_t exponent;
            memcpy(&exponent, from.at, sizeof exponent);
            int32_t clipped = exponent < INT32_MIN ? INT32_MIN : exponent > INT32_MAX ? INT32_MAX : (int32_t)exponent;
            memcpy(to, &clipped, sizeof clipped);
        } else {
            memcpy(to, from.at, (size_t)size);
        }
    }
}

static void put_items(struct operand to, const char *from, npy_intp n) {
    npy_intp size = STORED[to.item], seen = SEEN[to.item];
    for (npy_intp i = 0; i < n; ++i, to.at += to.step, from += seen) {
        if (to.item == HALF) {
            double wide;
            memcpy(&wide, from, sizeof wide);
            uint16_t half = double_to_half(wide);
            memcpy(to.at, &half, sizeof half);
        } else {
            memcpy(to.at, from, (size_t)size);
        }
    }
}

static npy_intp smaller(npy_intp a, npy_intp b) { return a < b ? a : b; }

/* The reduction of an associative and commutative function: BLOCK results side by side, folded at the end. Each starts
   as the result's present value, which changes nothing because f(x, x) is x. */
static void fold(const struct loop *loop, char *result, struct operand operand, npy_intp n) {
    double lanes[BLOCK], items[BLOCK];
    npy_intp size = SEEN[operand.item];
    static const ptrdiff_t ONE[3] = {1, 1, 1};
    get_items((char *)lanes, (struct operand){result, 0, operand.item}, BLOCK);
    for (npy_intp i = 0; i < n; i += BLOCK, operand.at += BLOCK * operand.step) {
        npy_intp count = smaller(BLOCK, n - i);
        get_items((char *)items, operand, count);
        loop->call(loop->function, (size_t)count, (char *[]){(char *)lanes, (char *)items, (char *)lanes}, ONE);
    }
    for (npy_intp half = BLOCK / 2; half; half /= 2)
        loop->call(loop->function, (size_t)half,
                   (char *[]){(char *)lanes, (char *)lanes + half * size, (char *)lanes}, ONE);
    put_items((struct operand){result, 0, operand.item}, (char *)lanes, 1);
}

static int is_fold(char **args, npy_intp const *steps) { return args[0] == args[2] && steps[0] == 0 && steps[2] == 0; }

static void run(char **args, npy_intp const *dimensions, npy_intp const *steps, void *data) {
    const struct loop *loop = data;
    npy_intp n = dimensions[0];
    int count = loop->arguments + loop->results;
    struct operand operands[OPERANDS_MOST];
    for (int k = 0; k < count; ++k) operands[k] = (struct operand){args[k], steps[k], loop->items[k]};
    enum passage passage = passage_of(operands, loop, n);
    ptrdiff_t stride[OPERANDS_MOST];
    if (passage == DIRECTLY) {
        /* The steps of one value mean nothing, and are often 0: a step of 1 needs no copy. */
        for (int k = 0; k < count; ++k) stride[k] = n == 1 ? 1 : steps[k] / STORED[loop->items[k]];
        loop->call(loop->function, (size_t)n, args, stride);
        return;
    }
    _Alignas(ITEM_MOST) char buffers[OPERANDS_MOST][BLOCK * ITEM_MOST];
    char *at[OPERANDS_MOST];
    for (int k = 0; k < count; ++k) at[k] = buffers[k], stride[k] = 1;
    npy_intp block = passage == BY_BLOCKS ? BLOCK : 1;
    for (npy_intp i = 0; i < n; i += block) {
        npy_intp items = smaller(block, n - i);
        for (int k = 0; k < loop->arguments; ++k) get_items(at[k], operands[k], items);
        loop->call(loop->function, (size_t)items, at, stride);
        for (int k = loop->arguments; k < count; ++k) put_items(operands[k], at[k], items);
        for (int k = 0; k < count; ++k) operands[k].at += items * operands[k].step;
    }
}

/* minimum, maximum, fmin, fmax. */
static void run_extreme(char **args, npy_intp const *dimensions, npy_intp const *steps, void *data) {
    const struct loop *loop = data;
    if (dimensions[0] > BLOCK / 8 && is_fold(args, steps))
        fold(loop, args[0], (struct operand){args[1], steps[1], loop->items[1]}, dimensions[0]);
    else run(args, dimensions, steps, data);
}

/* A loop item by item. */
#define ITEMS for (npy_intp i = 0; i < dimensions[0]; ++i)
#define LOOP(name) static void name(char **args, npy_intp const *dimensions, npy_intp const *steps, void *data)
#define GET(type, name, k) \
    type name; \
    memcpy(&name, args[k] + i * steps[k], sizeof name)
#define PUT(type, k, value) \
    do { \
        type put_ = (value); \
        memcpy(args[k] + i * steps[k], &put_, sizeof put_); \
    } while (0)

/* The neighbour among float16's numbers is not float64's. */
LOOP(nextafter_f16) {
    (void)data;
    ITEMS {
        GET(uint16_t, x, 0);
        GET(uint16_t, y, 1);
        PUT(uint16_t, 2, half_nextafter(x, y));
    }
}

/* Integers: floor, ceil and trunc are the argument, minimum and maximum are exact. */
#define INTEGER_LOOPS(letter, type) \
    LOOP(same_##letter) { \
        (void)data; \
        ITEMS { \
            GET(type, x, 0); \
            PUT(type, 1, x); \
        } \
    } \
    LOOP(least_##letter) { \
        (void)data; \
        ITEMS { \
            GET(type, x, 0); \
            GET(type, y, 1); \
            PUT(type, 2, x < y ? x : y); \
        } \
    } \
    LOOP(greatest_##letter) { \
        (void)data; \
        ITEMS { \
            GET(type, x, 0); \
            GET(type, y, 1); \
            PUT(type, 2, x > y ? x : y); \
        } \
    }
#define INTEGERS(each) \
    each(BOOL, npy_bool) each(BYTE, npy_byte) each(UBYTE, npy_ubyte) each(SHORT, npy_short) each(USHORT, npy_ushort) \
    each(INT, npy_int) each(UINT, npy_uint) each(LONG, npy_long) each(ULONG, npy_ulong) \
    each(LONGLONG, npy_longlong) each(ULONGLONG, npy_ulonglong)
INTEGERS(INTEGER_LOOPS)

/* Remainders of integers: by zero 0 and divide-by-zero, as NumPy's. -1 divides everything, and C leaves the least
   integer % -1 undefined. */
#define REMAINDER_LOOP(name, type, result_type, ...) \
    LOOP(name) { \
        (void)data; \
        unsigned status = 0; \
        ITEMS { \
            GET(type, x, 0); \
            GET(type, y, 1); \
            result_type result = 0; \
            if (y == 0) status = STATUS_DIVIDE_BY_ZERO; \
            else if (y != (type)-1 || y > 0) { __VA_ARGS__ } \
            PUT(result_type, 2, result); \
        } \
        if (status) bitfast_raise(status); \
    }
/* The nearest multiple of y is the one below |x| or the next; of two the even one, as IEEE 754 has it. What is left is
   at most |y| / 2, so that signed integers hold that of unsigned ones. */
#define REMAINDER_LOOPS(letter, type, unsigned_letter, unsigned_type) \
    REMAINDER_LOOP(fmod_##letter, type, type, result = (type)(x % y);) \
    REMAINDER_LOOP(fmod_##unsigned_letter, unsigned_type, unsigned_type, result = (unsigned_type)(x % y);) \
    static type nearest_##letter(unsigned_type x, unsigned_type y, int negative) { \
        unsigned_type rest = (unsigned_type)(x % y), beyond = (unsigned_type)(y - rest); \
        int next = rest > beyond || (rest == beyond && (x / y & 1)); \
        return (type)(negative != next ? 0 - (next ? beyond : rest) : next ? beyond : rest); \
    } \
    static unsigned_type size_##letter(type x) { \
        return (unsigned_type)(x < 0 ? 0 - (unsigned_type)x : (unsigned_type)x); \
    } \
    REMAINDER_LOOP(remainder_##letter, type, type, \
                   result = nearest_##letter(size_##letter(x), size_##letter(y), x < 0);) \
    REMAINDER_LOOP(remainder_##unsigned_letter, unsigned_type, type, result = nearest_##letter(x, y, 0);)
#define REMAINDERS(each) \
    each(BYTE, npy_byte, UBYTE, npy_ubyte) each(SHORT, npy_short, USHORT, npy_ushort) \
    each(INT, npy_int, UINT, npy_uint) each(LONG, npy_long, ULONG, npy_ulong) \
    each(LONGLONG, npy_longlong, ULONGLONG, npy_ulonglong)
REMAINDERS(REMAINDER_LOOPS)

/* The loops of one ufunc; NumPy keeps the pointers, so they are never freed. */
enum { LOOPS_MOST = 24 };
struct loops {
    PyUFuncGenericFunction function[LOOPS_MOST];
    void *data[LOOPS_MOST];
    char types[OPERANDS_MOST * LOOPS_MOST];
    struct loop loop[LOOPS_MOST];
    int count, operands;
};

static void add_loop(struct loops *loops, PyUFuncGenericFunction function, struct loop loop, const char types[]) {
    int k = loops->count++;
    loops->loop[k] = loop;
    loops->function[k] = function;
    loops->data[k] = &loops->loop[k];
    memcpy(loops->types + k * loops->operands, types, (size_t)loops->operands);
}

static void add_remainder_loops(struct loops *loops, const char *name) {
    int is_fmod = !strcmp(name, "fmod");
#define ADD(letter, type, unsigned_letter, unsigned_type) { \
        const char types[3] = {NPY_##letter, NPY_##letter, NPY_##letter}; \
        add_loop(loops, is_fmod ? fmod_##letter : remainder_##letter, (struct loop){0}, types); \
        const char unsigned_types[3] = {NPY_##unsigned_letter, NPY_##unsigned_letter, \
                                        is_fmod ? NPY_##unsigned_letter : NPY_##letter}; \
        add_loop(loops, is_fmod ? fmod_##unsigned_letter : remainder_##unsigned_letter, (struct loop){0}, \
                 unsigned_types); \
    }
    REMAINDERS(ADD)
#undef ADD
}

static void add_integer_loops(struct loops *loops, const char *name, enum kind kind) {
    if (kind == REMAINDER) {
        add_remainder_loops(loops, name);
        return;
    }
    int greatest = !strcmp(name, "fmax") || !strcmp(name, "maximum");
#define ADD(letter, type) { \
        const char types[3] = {NPY_##letter, NPY_##letter, NPY_##letter}; \
        PyUFuncGenericFunction extreme = greatest ? greatest_##letter : least_##letter; \
        add_loop(loops, kind == WHOLE ? same_##letter : extreme, (struct loop){0}, types); \
    }
    INTEGERS(ADD)
#undef ADD
}

/* The item of a letter in the signatures of FUNCTIONS, and NumPy's type for it. */
static enum item item_of(char letter, enum item real) {
    switch (letter) {
    case 'b': case 'B': return INTEGER8;
    case 'h': case 'H': return INTEGER16;
    case 'i': case 'I': return INTEGER32;
    case 'l': case 'L': return INTEGER64;
    default: return real;
    }
}

static char type_of(char letter, enum item real) {
    switch (letter) {
    case 'b': return NPY_INT8;
    case 'B': return NPY_UINT8;
    case 'h': return NPY_INT16;
    case 'H': return NPY_UINT16;
    case 'i': return NPY_INT32;
    case 'I': return NPY_UINT32;
    case 'l': return NPY_INT64;
    case 'L': return NPY_UINT64;
    default: return real == HALF ? NPY_HALF : real == FLOAT ? NPY_FLOAT : NPY_DOUBLE;
    }
}

static void add_real_loop(struct loops *loops, const struct function *function, enum item real, int wide_integer) {
    struct loop loop = {
        real == FLOAT ? function->call_f32 : function->call_f64, real == FLOAT ? function->f32 : function->f64,
        (int)strlen(function->arguments), (int)strlen(function->results), {NONE},
    };
    char types[OPERANDS_MOST];
    for (int k = 0; k < loop.arguments + loop.results; ++k) {
        char letter = k < loop.arguments ? function->arguments[k] : function->results[k - loop.arguments];
        int clipped = wide_integer && k < loop.arguments && letter == 'i';
        loop.items[k] = clipped ? CLIPPED : item_of(letter, real);
        types[k] = clipped ? NPY_INT64 : type_of(letter, real);
    }
    PyUFuncGenericFunction go = kind_of(function->name) == EXTREME ? run_extreme : run;
    if (real == HALF && !strcmp(function->name, "nextafter")) go = nextafter_f16;
    add_loop(loops, go, loop, types);
}

static void add_complex_loops(struct loops *loops, const char *name) {
    for (size_t row = 0; row < sizeof COMPLEX_FUNCTIONS / sizeof *COMPLEX_FUNCTIONS; ++row) {
        const struct complex_function *function = &COMPLEX_FUNCTIONS[row];
        if (strcmp(function->name, name)) continue;
        for (int wide = 0; wide < 2; ++wide) {
            struct loop loop = {wide ? function->call_c128 : function->call_c64, wide ? function->c128 : function->c64,
                                loops->operands - 1, 1, {NONE}};
            char types[OPERANDS_MOST];
            for (int k = 0; k < loops->operands; ++k) {
                int real = function->to_real && k == loops->operands - 1;
                loop.items[k] = real ? (wide ? DOUBLE : FLOAT) : wide ? COMPLEX128 : COMPLEX64;
                types[k] = real ? (wide ? NPY_DOUBLE : NPY_FLOAT) : wide ? NPY_CDOUBLE : NPY_CFLOAT;
            }
            add_loop(loops, run, loop, types);
        }
    }
}

static int identity_of(const char *name) {
    static const char *const zero[] = {"hypot", "add", NULL};
    return kind_of(name) == EXTREME ? PyUFunc_ReorderableNone
           : is_one_of(name, zero)  ? PyUFunc_Zero
           : !strcmp(name, "multiply") ? PyUFunc_One
                                       : PyUFunc_None;
}

/* The loops that are NumPy's: for integers and bool, but where those are refused or differ, and the negative of complex
   numbers. 0, or -1 with an exception set. */
static int add_numpys_loops(struct loops *loops, const char *name, int is_complex) {
    static const struct { const char *ours, *numpys; } SAME[] = {
        {"add", "add"}, {"subtract", "subtract"}, {"multiply", "multiply"}, {"floor_divide", "floor_divide"},
        {"floor_remainder", "remainder"}, {"square", "square"}, {"absolute", "absolute"}, {"negative", "negative"},
        {"sign", "sign"}, {"pow", "power"}, {"divide", NULL}, {"reciprocal", NULL},
    };
    size_t row = 0, rows = sizeof SAME / sizeof *SAME;
    while (row < rows && strcmp(SAME[row].ours, name)) ++row;
    if (row == rows || (is_complex && strcmp(name, "negative"))) return 0;
    for (int type = NPY_BOOL; !is_complex && type <= NPY_ULONGLONG; ++type) {
        int result_type;
        PyUFuncGenericFunction own = bitfast_integer_loop(name, type, &result_type);
        char types[3] = {(char)type, (char)(loops->operands == 2 ? result_type : type), (char)result_type};
        if (own) add_loop(loops, own, (struct loop){0}, types);
    }
    if (!SAME[row].numpys) return 0;
    PyObject *numpy = PyImport_ImportModule("numpy");
    PyObject *ufunc = numpy ? PyObject_GetAttrString(numpy, SAME[row].numpys) : NULL;
    Py_XDECREF(numpy);
    if (!ufunc) return -1;
    int more;
    for (int k = 0;; ++k) {
        PyUFuncGenericFunction function;
        void *data;
        char types[OPERANDS_MOST];
        more = bitfast_numpys_loop(ufunc, is_complex, k, &function, &data, types);
        if (more <= 0) break;
        add_loop(loops, function, (struct loop){0}, types);
        loops->data[loops->count - 1] = data;
    }
    Py_DECREF(ufunc);  /* NumPy keeps it, and its loops are code */
    return more;
}

PyObject *bitfast_ufunc(PyObject *module, PyObject *arguments) {
    (void)module;
    const char *name, *doc, *public_name = NULL;
    if (!PyArg_ParseTuple(arguments, "ss|z", &name, &doc, &public_name)) return NULL;
    const struct function *function = FUNCTIONS;
    while (function < FUNCTIONS + FUNCTION_COUNT && strcmp(function->name, name)) ++function;
    if (function == FUNCTIONS + FUNCTION_COUNT) return PyErr_Format(PyExc_ValueError, "no function %s", name);
    struct loops *loops = calloc(1, sizeof *loops);
    char *kept_doc = strdup(doc), *kept_name = strdup(public_name ? public_name : name);
    if (!loops || !kept_doc || !kept_name) {
        free(loops);
        free(kept_doc);
        free(kept_name);
        return PyErr_NoMemory();
    }
    int inputs = (int)strlen(function->arguments), results = (int)strlen(function->results);
    loops->operands = inputs + results;
    if (kind_of(name) != ELEMENTARY) add_integer_loops(loops, name, kind_of(name));
    if (add_numpys_loops(loops, name, 0)) return NULL;
    for (enum item real = HALF; real <= DOUBLE; ++real) {
        add_real_loop(loops, function, real, 0);
        if (strchr(function->arguments, 'i')) add_real_loop(loops, function, real, 1);
    }
    add_complex_loops(loops, name);
    if (add_numpys_loops(loops, name, 1)) return NULL;
    return PyUFunc_FromFuncAndData(loops->function, loops->data, loops->types, loops->count, inputs, results,
                                   identity_of(name), kept_name, kept_doc, 0);
}

PyObject *bitfast_ufunc_names(PyObject *module, PyObject *nothing) {
    (void)module, (void)nothing;
    PyObject *names = PyTuple_New(FUNCTION_COUNT);
    for (int i = 0; names && i < FUNCTION_COUNT; ++i) {
        PyObject *name = PyUnicode_FromString(FUNCTIONS[i].name);
        if (name) PyTuple_SET_ITEM(names, i, name);
        else Py_CLEAR(names);
    }
    return names;
}
