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

/* ufunc(name, doc) → numpy.ufunc; ValueError when there is no such function. */
PyObject *bitfast_ufunc(PyObject *module, PyObject *arguments);
/* All names that `ufunc` knows. */
PyObject *bitfast_ufunc_names(PyObject *module, PyObject *nothing);

#endif
