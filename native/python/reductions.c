/* Reductions of NumPy arrays in place, cumulative sums, and accumulators kept in arrays: what bitfast/arrays/reductions.py
   and accumulator.py call. They see to shapes and dtypes; here arrays are taken as they lie in memory. */
#include "python.h"

#include "../reduce/cumulative.h"
#include "../reduce/reductions.h"
#include "bitfast_arrays.h"

static int element_type_of(PyArrayObject *array, enum element_type *type) {
    static const struct { int number; enum element_type type; } types[] = {
        {NPY_DOUBLE, ELEMENT_F64}, {NPY_FLOAT, ELEMENT_F32}, {NPY_HALF, ELEMENT_F16}, {NPY_BOOL, ELEMENT_BOOL},
        {NPY_INT8, ELEMENT_I8}, {NPY_UINT8, ELEMENT_U8}, {NPY_INT16, ELEMENT_I16}, {NPY_UINT16, ELEMENT_U16},
        {NPY_INT32, ELEMENT_I32}, {NPY_UINT32, ELEMENT_U32}, {NPY_INT64, ELEMENT_I64}, {NPY_UINT64, ELEMENT_U64},
        {NPY_LONGLONG, ELEMENT_I64}, {NPY_ULONGLONG, ELEMENT_U64},
    };
    for (size_t k = 0; k < sizeof types / sizeof *types; ++k)
        if (types[k].number == PyArray_TYPE(array) && PyArray_ISNOTSWAPPED(array)) {
            *type = types[k].type;
            return 1;
        }
    PyErr_Format(PyExc_TypeError, "no reduction of elements of type %R", (PyObject *)PyArray_DESCR(array));
    return 0;
}

/* An array, or NULL for None. */
static int optional_array(PyObject *object, void *to) {
    if (object != Py_None && !PyArray_Check(object)) {
        PyErr_SetString(PyExc_TypeError, "an array or None is needed");
        return 0;
    }
    *(PyArrayObject **)to = object == Py_None ? NULL : (PyArrayObject *)object;
    return 1;
}

static npy_intp step(PyArrayObject *array, int axis) { return array ? PyArray_STRIDE(array, axis) : 0; }

/* reduce(operation, x, y, where, result, axes, correction, initial, accumulates) → (some result is of no elements, some
   weights sum to 0). y and where have x's shape; `result` has that of the axes that are kept, in their order. */
static PyObject *reduce_arrays(PyObject *module, PyObject *arguments) {
    (void)module;
    int operation, accumulates;
    PyArrayObject *x, *y, *where, *result;
    PyObject *axes, *initial;
    struct reduction *r = PyMem_Calloc(1, sizeof *r);
    if (!r) return PyErr_NoMemory();
    if (!PyArg_ParseTuple(arguments, "iO!O&O&O!O!dOp", &operation, &PyArray_Type, &x, optional_array, &y, optional_array,
                          &where, &PyArray_Type, &result, &PyTuple_Type, &axes, &r->correction, &initial, &accumulates))
        goto failed;
    r->operation = (enum reduce_operation)operation;
    r->accumulates = accumulates;
    if (!element_type_of(x, &r->x_type) || (y && !element_type_of(y, &r->y_type))) goto failed;
    if (!accumulates && !element_type_of(result, &r->result_type)) goto failed;
    if (initial != Py_None) {
        r->has_initial = 1;
        r->initial = PyFloat_AsDouble(initial);
        if (r->initial == -1 && PyErr_Occurred()) goto failed;
    }
    const int dimensions = PyArray_NDIM(x);
    int is_reduced[REDUCE_AXES] = {0}, at = 0, fits = dimensions <= REDUCE_AXES;
    for (Py_ssize_t k = 0; fits && k < PyTuple_GET_SIZE(axes); ++k) {
        const long axis = PyLong_AsLong(PyTuple_GET_ITEM(axes, k));
        fits = axis >= 0 && axis < dimensions;
        if (fits) is_reduced[axis] = 1;
    }
    for (int k = 0; fits && k < dimensions; ++k) {
        const struct reduce_axis axis = {(size_t)PyArray_DIM(x, k), PyArray_STRIDE(x, k), step(y, k), step(where, k), 0};
        fits = (!y || (PyArray_NDIM(y) == dimensions && PyArray_DIM(y, k) == PyArray_DIM(x, k))) &&
               (!where || (PyArray_NDIM(where) == dimensions && PyArray_DIM(where, k) == PyArray_DIM(x, k) &&
                           PyArray_TYPE(where) == NPY_BOOL));
        if (is_reduced[k]) {
            r->reduced[r->reduced_count++] = axis;
        } else {
            fits = fits && at < PyArray_NDIM(result) && PyArray_DIM(result, at) == PyArray_DIM(x, k);
            r->kept[r->kept_count] = axis;
            if (fits) r->kept[r->kept_count++].result = PyArray_STRIDE(result, at++);
        }
    }
    /* An accumulator is a row of uint64. */
    fits = fits && PyArray_NDIM(result) == at + (accumulates != 0) && PyArray_ISWRITEABLE(result) &&
           (!accumulates || (PyArray_TYPE(result) == NPY_UINT64 && PyArray_ISCARRAY(result) &&
                             PyArray_DIM(result, at) * 8 == (npy_intp)sizeof(bitfast_accumulator)));
    if (!fits) {
        PyErr_SetString(PyExc_ValueError, "the arrays' shapes do not fit together");
        goto failed;
    }
    r->x = PyArray_BYTES(x);
    r->y = y ? PyArray_BYTES(y) : NULL;
    r->where = where ? PyArray_BYTES(where) : NULL;
    r->result = PyArray_BYTES(result);
    Py_BEGIN_ALLOW_THREADS
    bitfast_reduce(r);
    Py_END_ALLOW_THREADS
    PyObject *found = Py_BuildValue("NN", PyBool_FromLong(r->empty), PyBool_FromLong(r->no_weight));
    PyMem_Free(r);
    return found;
failed:
    PyMem_Free(r);
    return NULL;
}

/* cumulative_sum(x, result, axis) of arrays of one shape. */
static PyObject *cumulative_sum_arrays(PyObject *module, PyObject *arguments) {
    (void)module;
    PyArrayObject *x, *result;
    int axis;
    if (!PyArg_ParseTuple(arguments, "O!O!i", &PyArray_Type, &x, &PyArray_Type, &result, &axis)) return NULL;
    struct cumulative *c = PyMem_Calloc(1, sizeof *c);
    if (!c) return PyErr_NoMemory();
    if (!element_type_of(x, &c->x_type) || !element_type_of(result, &c->result_type)) goto failed;
    if (axis < 0 || axis >= PyArray_NDIM(x) || !PyArray_SAMESHAPE(x, result) || !PyArray_ISWRITEABLE(result)) {
        PyErr_SetString(PyExc_ValueError, "the arrays' shapes do not fit together");
        goto failed;
    }
    for (int k = 0; k < PyArray_NDIM(x); ++k) {
        const struct reduce_axis here = {(size_t)PyArray_DIM(x, k), PyArray_STRIDE(x, k), 0, 0, PyArray_STRIDE(result, k)};
        if (k == axis) c->line = here;
        else c->others[c->other_count++] = here;
    }
    c->x = PyArray_BYTES(x);
    c->result = PyArray_BYTES(result);
    Py_BEGIN_ALLOW_THREADS
    bitfast_cumulative_sum(c);
    Py_END_ALLOW_THREADS
    PyMem_Free(c);
    Py_RETURN_NONE;
failed:
    PyMem_Free(c);
    return NULL;
}

/* Rows of uint64 as accumulators; NULL and an error for what is none. */
static bitfast_accumulator *accumulators(PyObject *object, npy_intp *count) {
    PyArrayObject *array = (PyArrayObject *)object;
    const npy_intp limbs = (npy_intp)(sizeof(bitfast_accumulator) / 8);
    if (!PyArray_Check(object) || PyArray_TYPE(array) != NPY_UINT64 || !PyArray_ISCARRAY(array) || !PyArray_NDIM(array) ||
        PyArray_DIM(array, PyArray_NDIM(array) - 1) != limbs) {
        PyErr_SetString(PyExc_TypeError, "no accumulators");
        return NULL;
    }
    *count = PyArray_SIZE(array) / limbs;
    return PyArray_DATA(array);
}

/* accumulators_clear(rows) */
static PyObject *accumulators_clear(PyObject *module, PyObject *rows) {
    (void)module;
    npy_intp count;
    bitfast_accumulator *a = accumulators(rows, &count);
    if (!a) return NULL;
    for (npy_intp k = 0; k < count; ++k) bitfast_accumulator_clear(a + k);
    Py_RETURN_NONE;
}

/* accumulators_merge(rows, others) */
static PyObject *accumulators_merge(PyObject *module, PyObject *arguments) {
    (void)module;
    PyObject *to, *from;
    npy_intp count, others;
    if (!PyArg_ParseTuple(arguments, "OO", &to, &from)) return NULL;
    bitfast_accumulator *a = accumulators(to, &count), *b = a ? accumulators(from, &others) : NULL;
    if (!b) return NULL;
    if (count != others) return PyErr_Format(PyExc_ValueError, "%zd accumulators and %zd", count, others);
    for (npy_intp k = 0; k < count; ++k) bitfast_accumulator_merge(a + k, b + k);
    Py_RETURN_NONE;
}

/* accumulators_negate(rows) */
static PyObject *accumulators_negate(PyObject *module, PyObject *rows) {
    (void)module;
    npy_intp count;
    bitfast_accumulator *a = accumulators(rows, &count);
    if (!a) return NULL;
    for (npy_intp k = 0; k < count; ++k) bitfast_accumulator_negate(a + k);
    Py_RETURN_NONE;
}

/* accumulators_values(rows, result): float64 or float32, contiguous, one per row. */
static PyObject *accumulators_values(PyObject *module, PyObject *arguments) {
    (void)module;
    PyObject *rows;
    PyArrayObject *result;
    npy_intp count;
    if (!PyArg_ParseTuple(arguments, "OO!", &rows, &PyArray_Type, &result)) return NULL;
    const bitfast_accumulator *a = accumulators(rows, &count);
    if (!a) return NULL;
    const int type = PyArray_TYPE(result);
    if (PyArray_SIZE(result) != count || !PyArray_ISCARRAY(result) || (type != NPY_DOUBLE && type != NPY_FLOAT)) {
        PyErr_SetString(PyExc_ValueError, "no array for the values");
        return NULL;
    }
    void *to = PyArray_DATA(result);
    for (npy_intp k = 0; k < count; ++k) {
        if (type == NPY_DOUBLE) ((double *)to)[k] = bitfast_accumulator_value(a + k);
        else ((float *)to)[k] = bitfast_accumulator_valuef(a + k);
    }
    Py_RETURN_NONE;
}

/* accumulators_store(rows) → bytes */
static PyObject *accumulators_store(PyObject *module, PyObject *rows) {
    (void)module;
    npy_intp count;
    const bitfast_accumulator *a = accumulators(rows, &count);
    if (!a) return NULL;
    PyObject *bytes = PyBytes_FromStringAndSize(NULL, count * BITFAST_ACCUMULATOR_BYTES);
    if (!bytes) return NULL;
    unsigned char *to = (unsigned char *)PyBytes_AS_STRING(bytes);
    for (npy_intp k = 0; k < count; ++k) bitfast_accumulator_store(a + k, to + k * BITFAST_ACCUMULATOR_BYTES);
    return bytes;
}

/* accumulators_load(rows, bytes); ValueError for bytes that were never stored. */
static PyObject *accumulators_load(PyObject *module, PyObject *arguments) {
    (void)module;
    PyObject *rows;
    const char *bytes;
    Py_ssize_t size;
    npy_intp count;
    if (!PyArg_ParseTuple(arguments, "Oy#", &rows, &bytes, &size)) return NULL;
    bitfast_accumulator *a = accumulators(rows, &count);
    if (!a) return NULL;
    int right = size == count * BITFAST_ACCUMULATOR_BYTES;
    for (npy_intp k = 0; right && k < count; ++k)
        right = bitfast_accumulator_load(a + k, (const unsigned char *)bytes + k * BITFAST_ACCUMULATOR_BYTES) == 0;
    if (!right) {
        PyErr_SetString(PyExc_ValueError, "these bytes are no stored accumulators");
        return NULL;
    }
    Py_RETURN_NONE;
}

PyMethodDef bitfast_reduction_methods[] = {
    {"reduce", reduce_arrays, METH_VARARGS, "reduce(operation, x, y, where, result, axes, correction, initial, accumulates)"},
    {"cumulative_sum", cumulative_sum_arrays, METH_VARARGS, "cumulative_sum(x, result, axis)"},
    {"accumulators_clear", accumulators_clear, METH_O, "accumulators_clear(rows)"},
    {"accumulators_merge", accumulators_merge, METH_VARARGS, "accumulators_merge(rows, others)"},
    {"accumulators_negate", accumulators_negate, METH_O, "accumulators_negate(rows)"},
    {"accumulators_values", accumulators_values, METH_VARARGS, "accumulators_values(rows, result)"},
    {"accumulators_store", accumulators_store, METH_O, "accumulators_store(rows): bytes"},
    {"accumulators_load", accumulators_load, METH_VARARGS, "accumulators_load(rows, bytes)"},
    {NULL, NULL, 0, NULL},
};
