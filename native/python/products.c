/* matmul, matvec, vecmat and vecdot as NumPy's generalized ufuncs over the library's products.

   NumPy hands over aligned items in this chip's byte order, any bytes apart, and never lets a result overlap an
   argument. Matrices go to the library where they are; only those whose strides are no whole items (a field of complex
   numbers in a structured array, say) are copied, and float16 is computed in float32, by blocks, and rounded at the
   end. NumPy has released the GIL when it calls a loop. */
#include "products.h"

#include "../blas/batch.h"
#include "../levels.h"
#include "../reduce/reductions.h"
#include "bitfast_arrays.h"
#include "half.h"

#include <stdlib.h>
#include <string.h>

enum product { MATMUL, MATVEC, VECMAT, VECDOT };

/* The type of a loop: what the library calls it, and the bytes of an argument's and a result's item. */
struct type { enum product_kind kind; int is_half, bytes, result_bytes; };

struct loop { enum product product; struct type type; };

static const struct { const char *name, *signature; } PRODUCTS[] = {
    [MATMUL] = {"matmul", "(n?,k),(k,m?)->(n?,m?)"},
    [MATVEC] = {"matvec", "(m,n),(n)->(m)"},
    [VECMAT] = {"vecmat", "(n),(n,m)->(m)"},
    [VECDOT] = {"vecdot", "(n),(n)->()"},
};
enum { PRODUCT_COUNT = sizeof PRODUCTS / sizeof *PRODUCTS };

/* One operand of a loop, strides in bytes. */
struct operand { char *first; npy_intp item, row, column; };

/* A dimension of length 1 (or a missing one) has a stride without a meaning. */
static npy_intp stride_of(npy_intp length, npy_intp stride) { return length <= 1 ? 0 : stride; }

static int whole(const struct operand *o, npy_intp bytes) { return o->row % bytes == 0 && o->column % bytes == 0; }

static struct matrices matrices_of(const struct operand *o, npy_intp rows, npy_intp columns, npy_intp bytes) {
    /* A single row, or column, is as contiguous as anything. */
    return (struct matrices){o->first, o->item, rows <= 1 ? columns : o->row / bytes,
                             columns <= 1 ? 1 : o->column / bytes};
}

/* A contiguous copy of one matrix. */
static int copied(char **kept, struct operand *o, npy_intp rows, npy_intp columns, npy_intp bytes) {
    char *to = *kept = malloc((size_t)(rows * columns * bytes));
    if (!to) return -1;
    for (npy_intp i = 0; i < rows; ++i)
        for (npy_intp j = 0; j < columns; ++j, to += bytes)
            memcpy(to, o->first + i * o->row + j * o->column, (size_t)bytes);
    *o = (struct operand){*kept, 0, columns * bytes, bytes};
    return 0;
}

static void no_memory(void) {
    PyGILState_STATE state = PyGILState_Ensure();
    PyErr_NoMemory();
    PyGILState_Release(state);
}

/* One product of operands with broken strides. */
static void by_copies(struct batch batch, struct operand a, struct operand b, struct operand c,
                      const struct type *type) {
    npy_intp m = (npy_intp)batch.m, n = (npy_intp)batch.n, k = (npy_intp)batch.k;
    char *kept[3] = {NULL, NULL, NULL};
    struct operand result = c;
    if ((whole(&a, type->bytes) || !copied(&kept[0], &a, m, k, type->bytes)) &&
        (whole(&b, type->bytes) || !copied(&kept[1], &b, k, n, type->bytes)) &&
        (whole(&c, type->result_bytes) || !copied(&kept[2], &c, m, n, type->result_bytes))) {
        batch.count = 1;
        batch.a = matrices_of(&a, m, k, type->bytes);
        batch.b = matrices_of(&b, k, n, type->bytes);
        batch.c = matrices_of(&c, m, n, type->result_bytes);
        bitfast_product_batch(&batch);
        const char *from = kept[2];
        for (npy_intp i = 0; from && i < m; ++i)
            for (npy_intp j = 0; j < n; ++j, from += type->result_bytes)
                memcpy(result.first + i * result.row + j * result.column, from, (size_t)type->result_bytes);
    } else {
        no_memory();
    }
    for (int i = 0; i < 3; ++i) free(kept[i]);
}

static void widen(float *to, const char *from, npy_intp row, npy_intp column, npy_intp rows, npy_intp columns) {
    for (npy_intp i = 0; i < rows; ++i)
        for (npy_intp j = 0; j < columns; ++j) {
            uint16_t half;
            memcpy(&half, from + i * row + j * column, sizeof half);
            *to++ = (float)half_to_double(half);
        }
}

/* One product of float16: the chains are float32's. */
static void of_halves(npy_intp m, npy_intp n, npy_intp k, struct operand a, struct operand b, struct operand c) {
    enum { SIDE = 256 };
    npy_intp rows_most = m < SIDE ? m : SIDE, columns_most = n < SIDE ? n : SIDE;
    float *x = malloc((size_t)(rows_most * k + columns_most * k + rows_most * columns_most + 1) * sizeof *x);
    if (!x) {
        no_memory();
        return;
    }
    float *y = x + rows_most * k, *z = y + columns_most * k;
    for (npy_intp j = 0; j < n; j += SIDE) {
        npy_intp columns = n - j < SIDE ? n - j : SIDE;
        widen(y, b.first + j * b.column, b.row, b.column, k, columns);
        for (npy_intp i = 0; i < m; i += SIDE) {
            npy_intp rows = m - i < SIDE ? m - i : SIDE;
            widen(x, a.first + i * a.row, a.row, a.column, rows, k);
            bitfast_sgemm((size_t)rows, (size_t)columns, (size_t)k, 1, x, k, 1, y, columns, 1, 0, z, columns, 1);
            for (npy_intp r = 0; r < rows; ++r)
                for (npy_intp l = 0; l < columns; ++l) {
                    uint16_t half = double_to_half((double)z[r * columns + l]);
                    memcpy(c.first + (i + r) * c.row + (j + l) * c.column, &half, sizeof half);
                }
        }
    }
    free(x);
}

static void run_matrices(char **args, npy_intp const *dimensions, npy_intp const *steps, void *data) {
    const struct loop *loop = data;
    const struct type *type = &loop->type;
    npy_intp count = dimensions[0], m = dimensions[1], k = dimensions[2], n = dimensions[3];
    struct operand a = {args[0], steps[0], steps[3], steps[4]}, b = {args[1], steps[1], steps[5], steps[6]};
    struct operand c = {args[2], steps[2], steps[7], steps[8]};
    if (loop->product == MATVEC) {
        n = 1;
        b.column = 0;
        c.row = steps[6];
    } else if (loop->product == VECMAT) {
        k = dimensions[1];
        n = dimensions[2];
        m = 1;
        a = (struct operand){args[0], steps[0], 0, steps[3]};
        b.row = steps[4];
        b.column = steps[5];
        c = (struct operand){args[2], steps[2], 0, steps[6]};
    }
    a.row = stride_of(m, a.row), a.column = stride_of(k, a.column);
    b.row = stride_of(k, b.row), b.column = stride_of(n, b.column);
    c.row = stride_of(m, c.row), c.column = stride_of(n, c.column);

    struct batch batch = {.kind = type->kind, .conjugate_a = loop->product == VECMAT,
                          .count = (size_t)count, .m = (size_t)m, .n = (size_t)n, .k = (size_t)k};
    if (!type->is_half && whole(&a, type->bytes) && whole(&b, type->bytes) && whole(&c, type->result_bytes)) {
        batch.a = matrices_of(&a, m, k, type->bytes);
        batch.b = matrices_of(&b, k, n, type->bytes);
        batch.c = matrices_of(&c, m, n, type->result_bytes);
        bitfast_product_batch(&batch);
        return;
    }
    for (npy_intp i = 0; i < count; ++i, a.first += a.item, b.first += b.item, c.first += c.item)
        if (type->is_half) of_halves(m, n, k, a, b, c);
        else by_copies(batch, a, b, c, type);
}

/* vecdot: correctly rounded. */

static void add_halves(bitfast_accumulator *sum, npy_intp n, const char *x, npy_intp x_step, const char *y,
                       npy_intp y_step) {
    enum { BLOCK = 512 };
    float a[BLOCK], b[BLOCK];
    for (npy_intp i = 0; i < n; i += BLOCK) {
        npy_intp count = n - i < BLOCK ? n - i : BLOCK;
        widen(a, x + i * x_step, 0, x_step, 1, count);
        widen(b, y + i * y_step, 0, y_step, 1, count);
        bitfast_accumulator_add_productsf(sum, (size_t)count, a, 1, b, 1);
    }
}

/* The exact value as a double rounded to odd, which the one rounding to float16 does not notice (Boldo and Melquiond,
   IEEE Trans. Computers 57, 2008). */
static double value_to_odd(bitfast_accumulator *sum) {
    double value = bitfast_accumulator_value(sum), minus = -value;
    if (value - value != 0) return value;
    bitfast_accumulator_add(sum, 1, &minus, 1);
    double rest = bitfast_accumulator_value(sum);
    int64_t b, r;
    memcpy(&b, &value, sizeof b);
    memcpy(&r, &rest, sizeof r);
    if (rest != 0 && !(b & 1)) b += (b ^ r) < 0 ? -1 : 1;
    memcpy(&value, &b, sizeof value);
    return value;
}

#define COMPLEX_DOT(name, real, suffix) \
    static void name(npy_intp n, const char *x, ptrdiff_t x_stride, const char *y, ptrdiff_t y_stride, char *to) { \
        const real *a = (const real *)x, *b = (const real *)y; \
        real result[2]; \
        bitfast_accumulator sum; \
        bitfast_accumulator_clear(&sum); \
        bitfast_accumulator_add_products##suffix(&sum, (size_t)n, a, x_stride, b, y_stride); \
        bitfast_accumulator_add_products##suffix(&sum, (size_t)n, a + 1, x_stride, b + 1, y_stride); \
        result[0] = bitfast_accumulator_value##suffix(&sum); \
        bitfast_accumulator_clear(&sum); \
        bitfast_accumulator_add_products##suffix(&sum, (size_t)n, a + 1, x_stride, b, y_stride); \
        bitfast_accumulator_negate(&sum); \
        bitfast_accumulator_add_products##suffix(&sum, (size_t)n, a, x_stride, b + 1, y_stride); \
        result[1] = bitfast_accumulator_value##suffix(&sum); \
        memcpy(to, result, sizeof result); \
    }
COMPLEX_DOT(dot_c32, float, f)
COMPLEX_DOT(dot_c64, double, )

static void one_dot(const struct type *type, npy_intp n, const char *x, npy_intp x_step, const char *y,
                    npy_intp y_step, char *to) {
    /* Strides of complex numbers are those of their parts, which are whole where the items are aligned. */
    npy_intp unit = type->kind == PRODUCT_C32 ? 4 : type->kind == PRODUCT_C64 ? 8 : type->bytes;
    ptrdiff_t x_stride = x_step / unit, y_stride = y_step / unit;
    if (type->is_half) {
        bitfast_accumulator sum;
        bitfast_accumulator_clear(&sum);
        add_halves(&sum, n, x, x_step, y, y_step);
        uint16_t half = double_to_half(value_to_odd(&sum));
        memcpy(to, &half, sizeof half);
        return;
    }
    switch (type->kind) {
    case PRODUCT_F32: {
        float value = bitfast_dotf((size_t)n, (const float *)x, x_stride, (const float *)y, y_stride);
        memcpy(to, &value, sizeof value);
        break;
    }
    case PRODUCT_F64: {
        double value = bitfast_dot((size_t)n, (const double *)x, x_stride, (const double *)y, y_stride);
        memcpy(to, &value, sizeof value);
        break;
    }
    case PRODUCT_C32: dot_c32(n, x, x_stride, y, y_stride, to); break;
    case PRODUCT_C64: dot_c64(n, x, x_stride, y, y_stride, to); break;
    default: break;
    }
}

/* Short dot products side by side are one reduction, which has a vector's lane for each. */
static void many_dots(const struct type *type, char **args, npy_intp const *dimensions, npy_intp const *steps) {
    const enum element_type element = type->kind == PRODUCT_F32 ? ELEMENT_F32 : ELEMENT_F64;
    struct reduction r;
    memset(&r, 0, sizeof r);
    r.operation = REDUCE_DOT;
    r.x_type = r.y_type = r.result_type = element;
    r.x = args[0], r.y = args[1], r.result = args[2];
    r.kept_count = r.reduced_count = 1;
    r.kept[0] = (struct reduce_axis){(size_t)dimensions[0], steps[0], steps[1], 0, steps[2]};
    r.reduced[0] = (struct reduce_axis){(size_t)dimensions[1], steps[3], steps[4], 0, 0};
    bitfast_reduce(&r);
}

enum { MANY = 16, SHORT = 1024 };

static void run_dots(char **args, npy_intp const *dimensions, npy_intp const *steps, void *data) {
    const struct type *type = &((const struct loop *)data)->type;
    npy_intp n = dimensions[1], x_step = stride_of(n, steps[3]), y_step = stride_of(n, steps[4]);
    const int is_real = !type->is_half && (type->kind == PRODUCT_F64 || type->kind == PRODUCT_F32);
    if (is_real && dimensions[0] >= MANY && n < SHORT) {
        many_dots(type, args, dimensions, steps);
        return;
    }
    for (npy_intp i = 0; i < dimensions[0]; ++i)
        one_dot(type, n, args[0] + i * steps[0], x_step, args[1] + i * steps[1], y_step, args[2] + i * steps[2]);
}

/* Dot products of integers are products of one row and one column. */
static void run_integer_dots(char **args, npy_intp const *dimensions, npy_intp const *steps, void *data) {
    npy_intp as_matrices[4] = {dimensions[0], 1, dimensions[1], 1};
    npy_intp their_steps[9] = {steps[0], steps[1], steps[2], 0, steps[3], steps[4], 0, 0, 0};
    run_matrices(args, as_matrices, their_steps, data);
}

/* NumPy's order: the first loop that the arguments can be cast to safely is taken. */
static const struct { char argument, result; struct type type; } TYPES[] = {
    {NPY_BOOL, NPY_BOOL, {PRODUCT_TRUTH_VALUES, 0, 1, 1}},
    {NPY_BYTE, NPY_BYTE, {PRODUCT_8_BITS, 0, 1, 1}},
    {NPY_UBYTE, NPY_UBYTE, {PRODUCT_8_BITS, 0, 1, 1}},
    {NPY_SHORT, NPY_SHORT, {PRODUCT_16_BITS, 0, 2, 2}},
    {NPY_USHORT, NPY_USHORT, {PRODUCT_16_BITS, 0, 2, 2}},
    {NPY_INT, NPY_INT, {PRODUCT_32_BITS, 0, 4, 4}},
    {NPY_UINT, NPY_UINT, {PRODUCT_32_BITS, 0, 4, 4}},
    {NPY_LONG, NPY_LONG, {PRODUCT_64_BITS, 0, 8, 8}},
    {NPY_ULONG, NPY_ULONG, {PRODUCT_64_BITS, 0, 8, 8}},
    {NPY_LONGLONG, NPY_LONGLONG, {PRODUCT_64_BITS, 0, 8, 8}},
    {NPY_ULONGLONG, NPY_ULONGLONG, {PRODUCT_64_BITS, 0, 8, 8}},
    {NPY_HALF, NPY_HALF, {PRODUCT_F32, 1, 2, 2}},
    {NPY_FLOAT, NPY_FLOAT, {PRODUCT_F32, 0, 4, 4}},
    {NPY_DOUBLE, NPY_DOUBLE, {PRODUCT_F64, 0, 8, 8}},
    {NPY_CFLOAT, NPY_CFLOAT, {PRODUCT_C32, 0, 8, 8}},
    {NPY_CDOUBLE, NPY_CDOUBLE, {PRODUCT_C64, 0, 16, 16}},
    {NPY_BYTE, NPY_INT, {PRODUCT_INT8_TO_INT32, 0, 1, 4}},
};
enum { TYPE_COUNT = sizeof TYPES / sizeof *TYPES };

/* The loops of one ufunc; NumPy keeps the pointers, so they are never freed. */
struct loops {
    PyUFuncGenericFunction function[TYPE_COUNT];
    void *data[TYPE_COUNT];
    char types[3 * TYPE_COUNT];
    struct loop loop[TYPE_COUNT];
};

PyObject *bitfast_product_ufunc(PyObject *module, PyObject *arguments) {
    (void)module;
    const char *name, *doc;
    if (!PyArg_ParseTuple(arguments, "ss", &name, &doc)) return NULL;
    int product = 0;
    while (product < PRODUCT_COUNT && strcmp(PRODUCTS[product].name, name)) ++product;
    if (product == PRODUCT_COUNT) return PyErr_Format(PyExc_ValueError, "no product %s", name);
    struct loops *loops = calloc(1, sizeof *loops);
    char *kept_doc = strdup(doc);
    if (!loops || !kept_doc) {
        free(loops);
        free(kept_doc);
        return PyErr_NoMemory();
    }
    for (int k = 0; k < TYPE_COUNT; ++k) {
        int integers = TYPES[k].type.kind >= PRODUCT_8_BITS;
        loops->loop[k] = (struct loop){(enum product)product, TYPES[k].type};
        loops->function[k] = product != VECDOT ? run_matrices : integers ? run_integer_dots : run_dots;
        loops->data[k] = &loops->loop[k];
        loops->types[3 * k] = loops->types[3 * k + 1] = TYPES[k].argument;
        loops->types[3 * k + 2] = TYPES[k].result;
    }
    PyObject *ufunc = PyUFunc_FromFuncAndDataAndSignature(loops->function, loops->data, loops->types, TYPE_COUNT, 2, 1,
                                                          PyUFunc_None, PRODUCTS[product].name, kept_doc, 0,
                                                          PRODUCTS[product].signature);
    /* Without NPY_ITER_OVERLAP_ASSUME_ELEMENTWISE, which NumPy has by default: a result must not lie in an argument. */
    if (ufunc)
        ((PyUFuncObject *)ufunc)->op_flags[2] = NPY_ITER_WRITEONLY | NPY_ITER_UPDATEIFCOPY | NPY_ITER_ALIGNED |
                                                NPY_ITER_ALLOCATE | NPY_ITER_NO_BROADCAST | NPY_ITER_NO_SUBTYPE;
    return ufunc;
}
