/* What the files of the extension share. */
#ifndef BITFAST_PYTHON_H
#define BITFAST_PYTHON_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#define NPY_NO_DEPRECATED_API NPY_1_25_API_VERSION
#define NPY_TARGET_VERSION NPY_1_25_API_VERSION
#define PY_ARRAY_UNIQUE_SYMBOL bitfast_numpy_array
#define PY_UFUNC_UNIQUE_SYMBOL bitfast_numpy_ufunc
#ifndef BITFAST_IMPORTS_NUMPY
#define NO_IMPORT_ARRAY
#define NO_IMPORT_UFUNC
#endif
#include <numpy/arrayobject.h>
#include <numpy/ufuncobject.h>

/* ufunc(name, doc, public name or None) → numpy.ufunc; ValueError when there is no such function. */
PyObject *bitfast_ufunc(PyObject *module, PyObject *arguments);
/* An integer or bool loop of a ufunc of NumPy's, or a complex one: integers are exact, so its own loops will do. Fills
   function, data and types for the k-th; 0 if there are no more, -1 with an exception set. integers.c */
int bitfast_numpys_loop(PyObject *numpys, int is_complex, int k, PyUFuncGenericFunction *function, void **data,
                        char types[]);
/* The integer loops that NumPy has not, or that answer differently on different chips; NULL: none. */
PyUFuncGenericFunction bitfast_integer_loop(const char *name, int type, int *result_type);

/* All names that `ufunc` knows. */
PyObject *bitfast_ufunc_names(PyObject *module, PyObject *nothing);

/* Reductions and accumulators (reductions.c). */
extern PyMethodDef bitfast_reduction_methods[];

#endif
