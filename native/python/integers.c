/* The loops of ufuncs for integers and bool, where the answer is an integer or comes from integers. */
#include "python.h"

#include <string.h>

#include "../levels.h"
#include "bitfast.h"

int bitfast_numpys_loop(PyObject *numpys, int is_complex, int k, PyUFuncGenericFunction *function, void **data, char types[]) {
    if (!PyObject_TypeCheck(numpys, &PyUFunc_Type)) {
        PyErr_SetString(PyExc_TypeError, "this NumPy has no such ufunc");
        return -1;
    }
    const PyUFuncObject *ufunc = (const PyUFuncObject *)numpys;
    for (int i = 0; i < ufunc->ntypes; ++i) {
        int wanted = 1;
        for (int operand = 0; operand < ufunc->nargs; ++operand) {
            int type = ufunc->types[i * ufunc->nargs + operand];
            wanted &= is_complex ? type == NPY_CFLOAT || type == NPY_CDOUBLE
                                 : PyTypeNum_ISINTEGER(type) || PyTypeNum_ISBOOL(type);
        }
        if (!wanted || k-- > 0) continue;
        *function = ufunc->functions[i];
        *data = ufunc->data ? ((void **)ufunc->data)[i] : NULL;
        memcpy(types, ufunc->types + i * ufunc->nargs, (size_t)ufunc->nargs);
        return 1;
    }
    return 0;
}

#define LOOP(name) static void name(char **args, npy_intp const *dimensions, npy_intp const *steps, void *data)

/* What NumPy refuses for bool, in its words. */
LOOP(refused_subtract) {
    (void)args, (void)dimensions, (void)steps, (void)data;
    PyGILState_STATE state = PyGILState_Ensure();
    PyErr_SetString(PyExc_TypeError, "numpy boolean subtract, the `-` operator, is not supported, use the bitwise_xor, "
                                     "the `^` operator, or the logical_xor function instead.");
    PyGILState_Release(state);
}

LOOP(refused_negative) {
    (void)args, (void)dimensions, (void)steps, (void)data;
    PyGILState_STATE state = PyGILState_Ensure();
    PyErr_SetString(PyExc_TypeError, "The numpy boolean negative, the `-` operator, is not supported, use the `~` "
                                     "operator or the logical_not function instead.");
    PyGILState_Release(state);
}

/* Quotients of integers are those of the float64 next to them; NumPy's own 0/0 is a NaN of the chip's. And of
   reciprocals only those of 1 and -1 are not 0; NumPy's of 0 is what the chip's cast makes of infinity. */
enum { BLOCK = 512 };
#define QUOTIENT_LOOPS(letter, type) \
    LOOP(divide_##letter) { \
        (void)data; \
        double x[BLOCK], y[BLOCK]; \
        char *a = args[0], *b = args[1], *to = args[2]; \
        for (npy_intp i = 0; i < dimensions[0]; i += BLOCK) { \
            npy_intp n = dimensions[0] - i < BLOCK ? dimensions[0] - i : BLOCK; \
            for (npy_intp k = 0; k < n; ++k, a += steps[0], b += steps[1]) { \
                type p, q; \
                memcpy(&p, a, sizeof p); \
                memcpy(&q, b, sizeof q); \
                x[k] = (double)p, y[k] = (double)q; \
            } \
            bitfast_divide_array((size_t)n, x, 1, y, 1, x, 1); \
            for (npy_intp k = 0; k < n; ++k, to += steps[2]) memcpy(to, x + k, sizeof *x); \
        } \
    } \
    LOOP(reciprocal_##letter) { \
        (void)data; \
        int pole = 0; \
        char *from = args[0], *to = args[1]; \
        for (npy_intp i = 0; i < dimensions[0]; ++i, from += steps[0], to += steps[1]) { \
            type n; \
            memcpy(&n, from, sizeof n); \
            pole |= n == 0; \
            n = n == 1 || n == (type)-1 ? n : 0; \
            if ((type)-1 > 0 && n != 1) n = 0; \
            memcpy(to, &n, sizeof n); \
        } \
        if (pole) bitfast_raise(STATUS_DIVIDE_BY_ZERO); \
    }
#define INTEGERS(each) \
    each(BYTE, npy_byte) each(UBYTE, npy_ubyte) each(SHORT, npy_short) each(USHORT, npy_ushort) \
    each(INT, npy_int) each(UINT, npy_uint) each(LONG, npy_long) each(ULONG, npy_ulong) \
    each(LONGLONG, npy_longlong) each(ULONGLONG, npy_ulonglong)
INTEGERS(QUOTIENT_LOOPS)

PyUFuncGenericFunction bitfast_integer_loop(const char *name, int type, int *result_type) {
    *result_type = type;
    if (type == NPY_BOOL)
        return !strcmp(name, "subtract") ? refused_subtract : !strcmp(name, "negative") ? refused_negative : NULL;
    if (!strcmp(name, "divide")) {
        *result_type = NPY_DOUBLE;
#define DIVIDE(letter, unused) if (type == NPY_##letter) return divide_##letter;
        INTEGERS(DIVIDE)
    }
    if (!strcmp(name, "reciprocal")) {
#define RECIPROCAL(letter, unused) if (type == NPY_##letter) return reciprocal_##letter;
        INTEGERS(RECIPROCAL)
    }
    return NULL;
}
