"""Products of matrices and vectors as NumPy's generalized ufuncs (docs/contract.md, clauses 4 and 5).

`matmul`, `matvec` and `vecmat` compute each element as one chain of fused multiply-adds over the summed axis in index
order, starting with +0: neither the memory layout nor the number of threads nor the batch changes a bit, so
`(A[:m] @ B) == (A @ B)[:m]`. `vecdot` is correctly rounded: the exact value, rounded once.
"""

from __future__ import annotations

from bitfast import _native

__all__ = ["matmul", "matvec", "vecdot", "vecmat"]

_TYPES = """
float32, float64, complex64 and complex128 are computed in their own type; float16's chain is float32's, rounded once at
the end. Integers are exact modulo 2**bits; truth values are combined by `and` and `or`. int8 with `dtype=np.int32` is
exact in int32 (beyond 2**17 - 1 summands modulo 2**32). Everything else is as NumPy's {name} has it: broadcasting,
`out`, `axes`, `dtype`, zero sizes, and the errors it raises: ValueError for shapes that do not fit, TypeError for types
without a loop. No floating-point flag is signalled; every NaN is the canonical one. longdouble and object have no loop.

>>> import numpy as np
>>> import bitfast as bf
>>> {example}
{result}
"""
_CHAIN = "Each element is one chain of fused multiply-adds in index order, starting with +0 (contract, clause 5)."
_DOCS = {
    "matmul": (f"The matrix product, of the shapes (n?,k),(k,m?)->(n?,m?). {_CHAIN}",
               "bf.matmul(np.eye(2), np.array([1.0, 2.0]))", "array([1., 2.])"),
    "matvec": (f"Matrix times vector, of the shapes (m,n),(n)->(m). {_CHAIN}",
               "bf.matvec(np.ones((2, 3)), np.arange(3.0))", "array([3., 3.])"),
    "vecmat": ("Vector times matrix, of the shapes (n),(n,m)->(m); complex vectors are conjugated, as NumPy's vecmat "
               f"has it. {_CHAIN}", "bf.vecmat(np.arange(3.0), np.ones((3, 2)))", "array([3., 3.])"),
    "vecdot": ("The dot product of vectors, of the shapes (n),(n)->(); the first one is conjugated. The exact value, "
               "rounded once (contract, clause 4): of complex numbers each part, of float16 too.",
               "bf.vecdot(np.array([1e16, 1.0, -1e16]), np.ones(3))", "np.float64(1.0)"),
}  # fmt: skip

matmul, matvec, vecdot, vecmat = (
    _native.product_ufunc(name, _DOCS[name][0] + "\n" + _TYPES.format(name=name, example=example, result=result))
    for name, (_, example, result) in sorted(_DOCS.items())
)
