"""What `import bitfast` offers; the ufuncs are made when they are first asked for."""

from typing import Final

import numpy as np
from numpy import all as all
from numpy import any as any
from numpy import argmax as argmax
from numpy import argmin as argmin
from numpy import bitwise_and as bitwise_and
from numpy import bitwise_invert as bitwise_invert
from numpy import bitwise_left_shift as bitwise_left_shift
from numpy import bitwise_or as bitwise_or
from numpy import bitwise_right_shift as bitwise_right_shift
from numpy import bitwise_xor as bitwise_xor
from numpy import bool as bool
from numpy import broadcast_arrays as broadcast_arrays
from numpy import broadcast_shapes as broadcast_shapes
from numpy import broadcast_to as broadcast_to
from numpy import can_cast as can_cast
from numpy import complex64 as complex64
from numpy import complex128 as complex128
from numpy import concat as concat
from numpy import conj as conj
from numpy import count_nonzero as count_nonzero
from numpy import e as e
from numpy import equal as equal
from numpy import expand_dims as expand_dims
from numpy import eye as eye
from numpy import flip as flip
from numpy import float32 as float32
from numpy import float64 as float64
from numpy import from_dlpack as from_dlpack
from numpy import greater as greater
from numpy import greater_equal as greater_equal
from numpy import imag as imag
from numpy import inf as inf
from numpy import int8 as int8
from numpy import int16 as int16
from numpy import int32 as int32
from numpy import int64 as int64
from numpy import isdtype as isdtype
from numpy import isfinite as isfinite
from numpy import isin as isin
from numpy import isinf as isinf
from numpy import isnan as isnan
from numpy import less as less
from numpy import less_equal as less_equal
from numpy import logical_and as logical_and
from numpy import logical_not as logical_not
from numpy import logical_or as logical_or
from numpy import logical_xor as logical_xor
from numpy import matrix_transpose as matrix_transpose
from numpy import meshgrid as meshgrid
from numpy import moveaxis as moveaxis
from numpy import nan as nan
from numpy import newaxis as newaxis
from numpy import nonzero as nonzero
from numpy import not_equal as not_equal
from numpy import ones as ones
from numpy import ones_like as ones_like
from numpy import permute_dims as permute_dims
from numpy import pi as pi
from numpy import positive as positive
from numpy import real as real
from numpy import repeat as repeat
from numpy import reshape as reshape
from numpy import result_type as result_type
from numpy import roll as roll
from numpy import searchsorted as searchsorted
from numpy import signbit as signbit
from numpy import squeeze as squeeze
from numpy import stack as stack
from numpy import take as take
from numpy import take_along_axis as take_along_axis
from numpy import tile as tile
from numpy import tril as tril
from numpy import triu as triu
from numpy import uint8 as uint8
from numpy import uint16 as uint16
from numpy import uint32 as uint32
from numpy import uint64 as uint64
from numpy import unstack as unstack
from numpy import where as where
from numpy import zeros as zeros
from numpy import zeros_like as zeros_like

from bitfast import array_api as array_api
from bitfast import linalg as linalg
from bitfast._native import get_num_threads as get_num_threads
from bitfast._native import level as level
from bitfast._native import levels as levels
from bitfast._native import set_num_threads as set_num_threads
from bitfast._native import use_level as use_level
from bitfast.arrays.accumulator import Accumulator as Accumulator
from bitfast.arrays.array import Array as Array
from bitfast.arrays.creation import arange as arange
from bitfast.arrays.creation import asarray as asarray
from bitfast.arrays.creation import empty as empty
from bitfast.arrays.creation import empty_like as empty_like
from bitfast.arrays.creation import full as full
from bitfast.arrays.creation import full_like as full_like
from bitfast.arrays.creation import linspace as linspace
from bitfast.arrays.elementwise import abs as abs
from bitfast.arrays.elementwise import clip as clip
from bitfast.arrays.elementwise import diff as diff
from bitfast.arrays.elementwise import logaddexp as logaddexp
from bitfast.arrays.elementwise import round as round
from bitfast.arrays.elementwise import sign as sign
from bitfast.arrays.extremes import max as max
from bitfast.arrays.extremes import min as min
from bitfast.arrays.info import __array_namespace_info__ as __array_namespace_info__
from bitfast.arrays.info import finfo as finfo
from bitfast.arrays.info import iinfo as iinfo
from bitfast.arrays.linalg import tensordot as tensordot
from bitfast.arrays.products import matmul as matmul
from bitfast.arrays.products import matvec as matvec
from bitfast.arrays.products import vecdot as vecdot
from bitfast.arrays.products import vecmat as vecmat
from bitfast.arrays.reductions import average as average
from bitfast.arrays.reductions import cumulative_prod as cumulative_prod
from bitfast.arrays.reductions import cumulative_sum as cumulative_sum
from bitfast.arrays.reductions import dot_along as dot_along
from bitfast.arrays.reductions import mean as mean
from bitfast.arrays.reductions import norm as norm
from bitfast.arrays.reductions import prod as prod
from bitfast.arrays.reductions import std as std
from bitfast.arrays.reductions import sum as sum
from bitfast.arrays.reductions import sum_of_squares as sum_of_squares
from bitfast.arrays.reductions import var as var
from bitfast.arrays.sets import unique_all as unique_all
from bitfast.arrays.sets import unique_counts as unique_counts
from bitfast.arrays.sets import unique_inverse as unique_inverse
from bitfast.arrays.sets import unique_values as unique_values
from bitfast.arrays.sorting import argsort as argsort
from bitfast.arrays.sorting import sort as sort
from bitfast.ufuncs import astype as astype

__version__: Final[str]
__array_api_version__: Final[str]

exp: Final[np.ufunc]
exp2: Final[np.ufunc]
exp10: Final[np.ufunc]
expm1: Final[np.ufunc]
log: Final[np.ufunc]
log2: Final[np.ufunc]
log10: Final[np.ufunc]
log1p: Final[np.ufunc]
pow: Final[np.ufunc]
sin: Final[np.ufunc]
cos: Final[np.ufunc]
tan: Final[np.ufunc]
sinh: Final[np.ufunc]
cosh: Final[np.ufunc]
tanh: Final[np.ufunc]
asinh: Final[np.ufunc]
acosh: Final[np.ufunc]
atanh: Final[np.ufunc]
asin: Final[np.ufunc]
acos: Final[np.ufunc]
atan: Final[np.ufunc]
atan2: Final[np.ufunc]
cbrt: Final[np.ufunc]
hypot: Final[np.ufunc]
rsqrt: Final[np.ufunc]
erf: Final[np.ufunc]
sqrt: Final[np.ufunc]
floor: Final[np.ufunc]
ceil: Final[np.ufunc]
trunc: Final[np.ufunc]
rint: Final[np.ufunc]
fmod: Final[np.ufunc]
remainder: Final[np.ufunc]
ieee_remainder: Final[np.ufunc]
floor_divide: Final[np.ufunc]
add: Final[np.ufunc]
subtract: Final[np.ufunc]
multiply: Final[np.ufunc]
divide: Final[np.ufunc]
square: Final[np.ufunc]
reciprocal: Final[np.ufunc]
absolute: Final[np.ufunc]
negative: Final[np.ufunc]
copysign: Final[np.ufunc]
nextafter: Final[np.ufunc]
fmin: Final[np.ufunc]
fmax: Final[np.ufunc]
minimum: Final[np.ufunc]
maximum: Final[np.ufunc]
fma: Final[np.ufunc]
frexp: Final[np.ufunc]
ldexp: Final[np.ufunc]
modf: Final[np.ufunc]
