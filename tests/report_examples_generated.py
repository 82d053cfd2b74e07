"""Any result at all, for property tests: every field filled with whatever its type allows, hostile bytes included."""

from __future__ import annotations

from hypothesis import strategies as st

from bitfast.words import (
    CureResult,
    Difference,
    FirstDifference,
    Hindrance,
    Masked,
    NamedCause,
    Place,
    Result,
    Step,
    Tolerance,
    Verdict,
)
from tests.report_examples import QHULL

texts = st.text(
    st.one_of(st.characters(), st.characters(min_codepoint=0xDC80, max_codepoint=0xDCFF, categories=["Cs"]))
)
counts = st.integers(0, 2**40)
numbers = st.one_of(st.none(), st.floats(min_value=0), st.just(float("nan")))
places = st.builds(Place, texts, counts, counts, texts)
many_places = st.lists(places, max_size=3).map(tuple)
maybe_counts = st.one_of(st.none(), counts)
firsts = st.builds(FirstDifference, maybe_counts, maybe_counts, maybe_counts, texts, texts, texts)
patches = st.one_of(texts, st.just(QHULL.cure.patch if QHULL.cure else ""))
names = st.sampled_from(["fused-multiply-add", "libm", "intrinsics", "no-such-cause"])
results = st.builds(
    Result,
    project=texts,
    verdict=st.sampled_from(Verdict),
    reference=st.just(QHULL.reference),
    target=st.just(QHULL.target),
    differences=st.lists(
        st.builds(Difference, texts, texts, counts, counts, firsts, maybe_counts, numbers, texts), max_size=2
    ).map(tuple),
    masked=st.lists(st.builds(Masked, texts, texts, st.tuples(texts, texts), texts), max_size=2).map(tuple),
    causes=st.lists(
        st.builds(
            NamedCause,
            names,
            places=many_places,
            why=texts,
            certainty=st.from_type(NamedCause).map(lambda c: c.certainty),
        ),
        max_size=2,
    ).map(tuple),
    hindrances=st.lists(st.builds(Hindrance, names, many_places, texts), max_size=2).map(tuple),
    cure=st.one_of(
        st.none(), st.builds(CureResult, patch=patches, places=counts, cost=numbers, instruction_cost=numbers)
    ),
    tolerance=st.builds(Tolerance, st.integers(0, 9), st.floats(0, 1), st.floats(0, 1)),
    steps=st.lists(st.builds(Step, texts, st.one_of(st.none(), st.booleans()), st.floats(min_value=0)), max_size=2).map(
        tuple
    ),
    commands=st.lists(texts, max_size=2).map(tuple),
    notes=st.lists(texts, max_size=2).map(tuple),
    side_by_side=st.lists(st.tuples(texts, texts, texts), max_size=3).map(tuple),
    seconds=st.floats(min_value=0),
)
