"""The array namespace as one table: every name of the standard, by chapter, and whose it is.

A name is ours where bits could differ between chips. It is NumPy's own function object where they cannot, and then the
row says why. What is said of NumPy is tried on every chip by tests/array_api/numpys.py. Nothing is imported here: names
are looked up when they are first asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from importlib import import_module
from types import FunctionType

VERSION = "2025.12"  # of the array API standard


class Source(Enum):
    """Whose a function is; the value is what the documentation says."""

    UFUNC = "a NumPy ufunc of ours"
    REDUCTION = "a sum of ours"
    PRODUCT = "a product of ours"
    COMPOSED = "stated steps of ours"
    NUMPY = "NumPy's own"


@dataclass(frozen=True)
class Entry:
    """One name: the chapter it stands in, its source, the module and the attribute that it is, and why."""

    name: str
    chapter: str
    source: Source
    module: str
    attribute: str
    why: str

    def load(self) -> object:
        found = getattr(import_module(self.module), self.attribute)
        # Ufuncs, astype and NumPy's functions ask an Array themselves what they are to do.
        if isinstance(found, FunctionType) and self.module.startswith("bitfast.arrays."):
            return import_module("bitfast.arrays.array").on_both(found)
        return found


# (chapter, source, module, names, why). A name that the module has under another one is written name=other.
_ROWS: tuple[tuple[str, Source, str, str, str], ...] = (
    ("constants", Source.NUMPY, "numpy", "e inf nan newaxis pi", "constants; nan is the canonical one"),
    ("data types", Source.NUMPY, "numpy",
     "bool int8 int16 int32 int64 uint8 uint16 uint32 uint64 float32 float64 complex64 complex128",
     "formats, not arithmetic"),
    ("data types", Source.NUMPY, "numpy", "can_cast isdtype result_type", "they look at dtypes only"),
    ("data types", Source.COMPOSED, "bitfast.arrays.info", "finfo iinfo", "of arrays too; numbers are Python's"),
    ("data types", Source.COMPOSED, "bitfast.ufuncs", "astype", "casts to integers saturate, NaN becomes 0"),
    ("inspection", Source.COMPOSED, "bitfast.arrays.info", "__array_namespace_info__", "says what this table has"),
    ("inspection", Source.COMPOSED, "bitfast.arrays.table", "__array_api_version__=VERSION", "the standard's version"),
    ("creation", Source.NUMPY, "numpy", "eye from_dlpack meshgrid ones ones_like tril triu zeros zeros_like",
     "copies, zeros and ones"),
    ("creation", Source.COMPOSED, "bitfast.arrays.creation", "asarray full full_like", "casts are those of astype"),
    ("creation", Source.COMPOSED, "bitfast.arrays.creation", "empty empty_like",
     "zeros: memory as it is found would be no answer"),
    ("creation", Source.COMPOSED, "bitfast.arrays.creation", "arange linspace", "start + i·step, rounded once"),
    ("elementwise", Source.UFUNC, "bitfast.ufuncs",
     "acos acosh asin asinh atan atan2 atanh ceil copysign cos cosh exp expm1 floor hypot log log1p log2 log10 maximum "
     "minimum nextafter sin sinh sqrt tan tanh trunc", "correctly rounded"),
    ("elementwise", Source.UFUNC, "bitfast.ufuncs",
     "add divide floor_divide multiply negative reciprocal remainder square subtract",
     "one IEEE operation or an exact one; NumPy's NaNs are another chip's others"),
    ("elementwise", Source.UFUNC, "bitfast.ufuncs", "pow", "correctly rounded; of integers the integer, modulo 2^n"),
    ("elementwise", Source.COMPOSED, "bitfast.arrays.elementwise", "abs", "complex: hypot of the parts"),
    ("elementwise", Source.COMPOSED, "bitfast.arrays.elementwise", "clip", "maximum, then minimum"),
    ("elementwise", Source.COMPOSED, "bitfast.arrays.elementwise", "logaddexp", "max + log1p(exp(min - max))"),
    ("elementwise", Source.COMPOSED, "bitfast.arrays.elementwise", "round", "rint; integers stay as they are"),
    ("elementwise", Source.COMPOSED, "bitfast.arrays.elementwise", "sign", "complex: x divided by |x|, by parts"),
    ("elementwise", Source.NUMPY, "numpy", "equal greater greater_equal less less_equal not_equal",
     "comparisons round nothing"),
    ("elementwise", Source.NUMPY, "numpy", "isfinite isinf isnan signbit", "they look at bits"),
    ("elementwise", Source.NUMPY, "numpy", "conj imag positive real", "they move bits, or change the sign's"),
    ("elementwise", Source.NUMPY, "numpy",
     "bitwise_and bitwise_invert bitwise_left_shift bitwise_or bitwise_right_shift bitwise_xor",
     "integers; too wide a shift gives 0 or -1"),
    ("elementwise", Source.NUMPY, "numpy", "logical_and logical_not logical_or logical_xor", "truth values"),
    ("statistical", Source.REDUCTION, "bitfast.arrays.reductions", "cumulative_sum mean std sum var",
     "the exact value, rounded once"),
    ("statistical", Source.REDUCTION, "bitfast.arrays.reductions", "cumulative_prod prod", "one stated chain"),
    ("statistical", Source.REDUCTION, "bitfast.arrays.extremes", "max min", "by maximum and minimum"),
    ("linear algebra", Source.PRODUCT, "bitfast.arrays.products", "matmul", "one chain of fused multiply-adds each"),
    ("linear algebra", Source.PRODUCT, "bitfast.arrays.products", "vecdot", "the exact value, rounded once"),
    ("linear algebra", Source.COMPOSED, "bitfast.arrays.linalg", "tensordot", "matmul of two matrices"),
    ("linear algebra", Source.NUMPY, "numpy", "matrix_transpose", "moves items"),
    ("manipulation", Source.NUMPY, "numpy",
     "broadcast_arrays broadcast_shapes broadcast_to concat expand_dims flip moveaxis permute_dims repeat reshape roll "
     "squeeze stack tile unstack", "they move items"),
    ("indexing", Source.NUMPY, "numpy", "take take_along_axis", "they move items"),
    ("searching", Source.NUMPY, "numpy", "argmax argmin", "comparisons; the first one of equals, and of NaNs"),
    ("searching", Source.NUMPY, "numpy", "count_nonzero nonzero where", "they compare with 0, and move items"),
    ("searching", Source.NUMPY, "numpy", "searchsorted", "comparisons, NaN above everything"),
    ("set", Source.NUMPY, "numpy", "isin", "comparisons; which one of equals is found cannot be seen"),
    ("set", Source.COMPOSED, "bitfast.arrays.sets", "unique_all unique_counts unique_inverse unique_values",
     "sorted, and the first one of equals: NumPy's own order, and its choice of -0.0 and 0.0, vary"),
    ("sorting", Source.COMPOSED, "bitfast.arrays.sorting", "argsort sort", "NumPy's stable ones, always"),
    ("utility", Source.NUMPY, "numpy", "all any", "truth values"),
    ("utility", Source.COMPOSED, "bitfast.arrays.elementwise", "diff", "by subtract"),
)  # fmt: skip

_LINALG_ROWS: tuple[tuple[str, Source, str, str, str], ...] = (
    ("linalg", Source.PRODUCT, "bitfast.arrays.products", "matmul vecdot", "as in the main namespace"),
    ("linalg", Source.COMPOSED, "bitfast.arrays.linalg", "tensordot", "as in the main namespace"),
    ("linalg", Source.COMPOSED, "bitfast.arrays.linalg", "cross outer", "by multiply and subtract"),
    ("linalg", Source.COMPOSED, "bitfast.arrays.linalg", "matrix_power", "n ≥ 0: by matmul, binary powers"),
    ("linalg", Source.REDUCTION, "bitfast.arrays.linalg", "trace", "the exact sum of the diagonal, rounded once"),
    ("linalg", Source.REDUCTION, "bitfast.arrays.linalg", "matrix_norm",
     "'fro': the root of the exact sum, rounded once; 1, -1, inf and -inf by exact sums; none of singular values"),
    ("linalg", Source.REDUCTION, "bitfast.arrays.linalg", "vector_norm", "2 and 1: the exact value, rounded once; "
     "others by pow, sum, pow"),
    ("linalg", Source.NUMPY, "numpy.linalg", "diagonal matrix_transpose", "they move items"),
)  # fmt: skip

# Of the standard's optional parts these are not here: NumPy's have other bits on another chip, ours are not made yet.
FACTORISATIONS = "; bitfast has no factorisations yet, and NumPy's have other bits on another chip"
MISSING = {
    "linalg": "cholesky det eig eigh eigvals eigvalsh inv matrix_rank pinv qr slogdet solve svd svdvals".split(),
    "fft": "fft ifft fftn ifftn rfft irfft rfftn irfftn hfft ihfft fftfreq rfftfreq fftshift ifftshift".split(),
}


def _entries(rows: tuple[tuple[str, Source, str, str, str], ...]) -> dict[str, Entry]:
    entries: dict[str, Entry] = {}
    for chapter, source, module, names, why in rows:
        for text in names.split():
            name, _, attribute = text.partition("=")
            entries[name] = Entry(name, chapter, source, module, attribute or name, why)
    return entries


NAMESPACE = _entries(_ROWS)
LINALG = _entries(_LINALG_ROWS)
