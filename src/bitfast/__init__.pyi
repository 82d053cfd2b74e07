"""What `import bitfast` offers; the ufuncs are made when they are first asked for."""

from typing import Final

import numpy as np

from bitfast._native import get_num_threads as get_num_threads
from bitfast._native import level as level
from bitfast._native import levels as levels
from bitfast._native import set_num_threads as set_num_threads
from bitfast._native import use_level as use_level
from bitfast.ufuncs import astype as astype

__version__: Final[str]

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
sign: Final[np.ufunc]
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
