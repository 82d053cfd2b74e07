/* bitfast._native: the library as Python sees it. bitfast/ufuncs.py and bitfast/contract.py are what users see. */
#define BITFAST_IMPORTS_NUMPY
#include "python.h"

#include "products.h"

#include "../digest/digest.h"
#include "bitfast.h"

static PyObject *level(PyObject *module, PyObject *nothing) {
    (void)module, (void)nothing;
    return PyUnicode_FromString(bitfast_level());
}

static PyObject *levels(PyObject *module, PyObject *nothing) {
    (void)module, (void)nothing;
    PyObject *names = PyList_New(0);
    for (int i = 0; names && bitfast_level_name(i); ++i) {
        PyObject *text = PyUnicode_FromString(bitfast_level_name(i));
        if (!text || PyList_Append(names, text)) Py_CLEAR(names);
        Py_XDECREF(text);
    }
    if (!names) return NULL;
    PyObject *tuple = PyList_AsTuple(names);
    Py_DECREF(names);
    return tuple;
}

static PyObject *use_level(PyObject *module, PyObject *name) {
    (void)module;
    const char *text = PyUnicode_AsUTF8(name);
    if (!text) return NULL;
    if (bitfast_use_level(text)) return PyErr_Format(PyExc_ValueError, "this CPU has no level %R", name);
    Py_RETURN_NONE;
}

static PyObject *get_num_threads(PyObject *module, PyObject *nothing) {
    (void)module, (void)nothing;
    return PyLong_FromLong(bitfast_get_num_threads());
}

static PyObject *set_num_threads(PyObject *module, PyObject *number) {
    (void)module;
    if (number == Py_None) {
        bitfast_set_num_threads(0);
        Py_RETURN_NONE;
    }
    long threads = PyLong_AsLong(number);
    if (threads == -1 && PyErr_Occurred()) return NULL;
    if (threads < 1)
        return PyErr_Format(PyExc_ValueError, "the number of threads must be at least 1, not %ld", threads);
    bitfast_set_num_threads((int)(threads < 1024 ? threads : 1024));
    Py_RETURN_NONE;
}

static PyObject *digest_functions(PyObject *module, PyObject *nothing) {
    (void)module, (void)nothing;
    PyObject *names = PyList_New(0);
    for (const char *const *name = bitfast_digest_functions(); names && *name; ++name) {
        PyObject *text = PyUnicode_FromString(*name);
        if (!text || PyList_Append(names, text)) Py_CLEAR(names);
        Py_XDECREF(text);
    }
    return names;
}

/* digest(function, format, full) → (core, full or "") */
static PyObject *digest(PyObject *module, PyObject *arguments) {
    (void)module;
    const char *function;
    int format, full, failed;
    if (!PyArg_ParseTuple(arguments, "sip", &function, &format, &full)) return NULL;
    struct digest result;
    Py_BEGIN_ALLOW_THREADS
    failed = bitfast_digest(function, format, full, &result);
    Py_END_ALLOW_THREADS
    if (failed) return PyErr_Format(PyExc_ValueError, "no digest of %s float%d", function, format);
    return Py_BuildValue("ss", result.core, result.full);
}

static PyMethodDef METHODS[] = {
    {"ufunc", bitfast_ufunc, METH_VARARGS, "ufunc(name, doc, public_name=None): a new NumPy ufunc."},
    {"product_ufunc", bitfast_product_ufunc, METH_VARARGS, "product_ufunc(name, doc): a new NumPy ufunc of products."},
    {"ufunc_names", bitfast_ufunc_names, METH_NOARGS, "The functions that have ufuncs."},
    {"level", level, METH_NOARGS, "level()\n--\n\nThe level in use, such as 'x86-64-v3'."},
    {"levels", levels, METH_NOARGS, "levels()\n--\n\nThe levels that this CPU has, the best one last."},
    {"use_level", use_level, METH_O,
     "use_level(name)\n--\n\nUse another of levels(), for tests and comparisons: the bits are the same. No other\n"
     "thread may be in a function of the library meanwhile. Raises ValueError for a level that this CPU lacks."},
    {"get_num_threads", get_num_threads, METH_NOARGS,
     "get_num_threads()\n--\n\nHow many threads big arrays may use."},
    {"set_num_threads", set_num_threads, METH_O,
     "set_num_threads(number)\n--\n\nHow many threads big arrays may use, at most 64; the bits are the same. None: as\n"
     "many as at the start. Raises ValueError for less than 1."},
    {"digest_functions", digest_functions, METH_NOARGS, "The functions that have digests."},
    {"digest", digest, METH_VARARGS, "digest(function, bits, full): the digests of the level in use, core and full."},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef MODULE = {
    PyModuleDef_HEAD_INIT, .m_name = "bitfast._native", .m_doc = "The library as Python sees it.", .m_size = -1,
    .m_methods = METHODS,
};

PyMODINIT_FUNC PyInit__native(void) {
    import_array();
    import_umath();
    PyObject *module = PyModule_Create(&MODULE);
    if (module && PyModule_AddFunctions(module, bitfast_reduction_methods)) Py_CLEAR(module);
    return module;
}
