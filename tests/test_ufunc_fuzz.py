"""Whatever arrays come, a ufunc gives the bits that it gives item by item, or the exception that NumPy's own gives."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import bitfast as bf
from tests.test_ufuncs import SAME

DTYPES = st.sampled_from("f2 f4 f8 >f2 >f4 >f8 i1 u2 i4 >i8 ? F g O U2 M8[s]".split())
OTHER_SHAPES = ("frexp", "ldexp", "modf", "pow")
NAMES = st.sampled_from([name for name in SAME if name not in OTHER_SHAPES and isinstance(getattr(bf, name), np.ufunc)])
STEPS = st.sampled_from([1, 2, 3, -1, -2])


@st.composite
def arrays(draw: st.DrawFn, dtype: Any = DTYPES) -> np.ndarray[Any, Any]:
    kind = np.dtype(draw(dtype))
    shape = draw(hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=7))
    wide = tuple(side * 3 for side in shape)
    if kind.kind in "fiub" and kind.itemsize <= 8:
        memory = np.frombuffer(draw(st.binary(min_size=16, max_size=16)) * 2000, np.uint8)
        array = np.resize(memory, int(np.prod(wide, dtype=int)) * kind.itemsize + 1)
        start = draw(st.sampled_from([0, 0, 1]))  # an address that is no multiple of the item's size
        array = array[start : array.size - 1 + start].view(np.bool_ if kind.kind == "b" else kind).reshape(wide)
        array = array if kind.kind != "b" else (array.view(np.uint8) & 1).astype(bool)
    else:
        array = np.ones(wide, kind)
    array = array[tuple(slice(0, None, abs(step)) for step in draw(st.tuples(*[STEPS] * len(wide))))]
    array = np.asarray(array)  # an item of an array of objects is the object
    if draw(st.booleans()):
        array = array.T[..., ::-1] if array.ndim else array
    return np.broadcast_to(array[:1], array.shape) if array.ndim and array.size and draw(st.booleans()) else array


def attempt(function: Any, *arguments: Any, **options: Any) -> Any:
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            return function(*arguments, **options)
        except Exception as error:
            return type(error)


@settings(deadline=None, max_examples=400)
@given(NAMES, arrays(), arrays())
def test_shapes_dtypes_and_exceptions_are_numpys(name: str, x: Any, y: Any) -> None:
    ours, theirs = getattr(bf, name), getattr(np, SAME[name])
    arguments = (x, y)[: ours.nin]
    result, expected = attempt(ours, *arguments), attempt(theirs, *arguments)
    takes_complex = any("F" in types for types in ours.types)
    refused = "OUM" if takes_complex else "cOUM"
    if any(argument.dtype.kind in refused or argument.dtype.itemsize > 8 for argument in arguments):
        assert isinstance(result, type) and issubclass(result, TypeError)
    elif isinstance(expected, type):
        assert isinstance(result, type) and issubclass(result, (expected, TypeError))
    else:
        assert result.shape == expected.shape and result.dtype == expected.dtype


@settings(deadline=None, max_examples=400)
@given(NAMES, arrays(st.sampled_from(["f2", "f4", "f8", ">f4", ">f8"])), st.data())
def test_every_item_has_the_bits_it_has_alone(name: str, x: Any, data: st.DataObject) -> None:
    ours = getattr(bf, name)
    where = data.draw(hnp.arrays(bool, x.shape))
    arguments = [x] * ours.nin
    result = np.zeros(x.shape, x.dtype)
    attempt(ours, *arguments, out=result, where=where)
    with np.errstate(all="ignore"):
        for index in np.ndindex(x.shape):
            alone = ours(*[argument[index] for argument in arguments]) if where[index] else x.dtype.type(0)
            assert np.asarray(alone, x.dtype).tobytes() == np.asarray(result[index], x.dtype).tobytes()


@settings(deadline=None, max_examples=300)
@given(
    NAMES, st.sampled_from(["f2", "f4", "f8"]), st.integers(0, 900), STEPS, STEPS, st.integers(0, 8), st.integers(0, 8)
)
def test_overlap_changes_nothing(name: str, dtype: str, n: int, a: int, b: int, start_a: int, start_b: int) -> None:
    ours = getattr(bf, name)
    memory = np.random.default_rng(n).normal(size=3000).astype(dtype)

    def view(array: Any, start: int, step: int) -> Any:
        return array[start : start + n * abs(step)][::step][:n]

    expected = attempt(ours, *[view(memory, start_a, a).copy()] * ours.nin)
    attempt(ours, *[view(memory, start_a, a)] * ours.nin, out=view(memory, start_b, b))
    assert view(memory, start_b, b).tobytes() == expected.tobytes()


@given(NAMES, arrays(st.sampled_from(["f4", "f8"])))
def test_wrong_outputs_are_refused_as_numpy_does(name: str, x: Any) -> None:
    ours, theirs = getattr(bf, name), getattr(np, SAME[name])
    arguments = [x] * ours.nin
    locked = np.zeros(x.shape, x.dtype)
    locked.flags.writeable = False
    for options in (
        {"out": locked},
        {"out": np.zeros((*x.shape, 2, 3)[1:] if x.ndim else (0,), x.dtype)},
        {"out": np.zeros(x.shape, "i4")},
        {"dtype": "i4"},
        {"casting": "no", "dtype": "f4"},
        {"where": 2.5},
        {"nonsense": 1},
    ):
        result, expected = attempt(ours, *arguments, **options), attempt(theirs, *arguments, **options)
        assert isinstance(result, type) == isinstance(expected, type)
        if isinstance(expected, type):
            assert issubclass(result, expected) or issubclass(expected, result) or issubclass(result, TypeError)
