/* The ufuncs of products: matmul and its kin (products.c). */
#ifndef BITFAST_PYTHON_PRODUCTS_H
#define BITFAST_PYTHON_PRODUCTS_H

#include "python.h"

/* product_ufunc(name, doc) → numpy.ufunc; ValueError when there is no such product. */
PyObject *bitfast_product_ufunc(PyObject *module, PyObject *arguments);

#endif
