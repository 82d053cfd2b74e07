"""Whom does a child resemble? Photos of named people in; relatives out, ranked, with likeness and uncertainty."""

from bitfast_faces.kin.calibration import DEFAULT, Calibration, load
from bitfast_faces.kin.ranking import rank
from bitfast_faces.kin.records import (
    MEANING,
    ROUGH_MEANING,
    STATEMENT,
    Likeness,
    Pair,
    Person,
    Photo,
    Relative,
    Resemblance,
)

__all__ = [
    "DEFAULT",
    "MEANING",
    "ROUGH_MEANING",
    "STATEMENT",
    "Calibration",
    "Likeness",
    "Pair",
    "Person",
    "Photo",
    "Relative",
    "Resemblance",
    "load",
    "rank",
]
