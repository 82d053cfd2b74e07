"""What a similarity means: a monotone map to a figure that reads like a probability, from measurements that it names.

Equal-variance binormal model (Green & Swets, Signal Detection Theory, 1966): with z the similarity in standard
deviations above the mean of strangers, pairs of parent and child are N(d′, 1) and strangers N(0, 1), so that
AUC = Φ(d′/√2), and the likelihood ratio is exp(d′·z − d′²/2). With as many pairs of the one kind as of the other,
likeness = ratio / (1 + ratio). z is held within ±3: beyond that nothing was measured, and more is not claimed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import bitfast as bf
from bitfast_faces.errors import FacesError
from bitfast_faces.matching import ONE

FORMAT = "bitfast-faces kinship calibration 1"
WIDEST = 3


@dataclass(frozen=True)
class Calibration:
    """How similarities of one photo each are spread, in 1/2^30, and how far they tell parents from strangers.

    `auc` is the chance that a child's photo is more similar to a parent's than to a stranger's. `mean` and `deviation`
    are of strangers, `photo_deviation` is how far one person's similarity to another moves from photo to photo.
    `space` is the engine's that it was measured in; empty means any. `rough` says that a spread was not measured.
    """

    auc: float
    mean: int
    deviation: int
    photo_deviation: int
    source: str
    space: str = ""
    rough: bool = False

    @property
    def separation(self) -> float:
        """d′, the distance of the two means in standard deviations; 0 where the AUC shows no resemblance at all."""
        return separation(self.auc)

    @property
    def measured(self) -> tuple[int, int]:
        """The least and the greatest similarity that a likeness is claimed for."""
        return self.mean - WIDEST * self.deviation, self.mean + WIDEST * self.deviation

    def permille(self, similarity: int) -> int:
        """The likeness of a similarity: monotone, the same bits on every chip."""
        low, high = self.measured
        away = max(low, min(high, similarity)) - self.mean
        distance = self.separation
        exponent = distance * (away / self.deviation) - distance * distance / 2
        return round(1000 / (1 + float(bf.exp(-exponent))))


def separation(auc: float) -> float:
    """d′ = √2·Φ⁻¹(auc), by halving an interval until it has no inside: Φ(x/√2) = (1 + erf(x/2))/2."""
    low, high = 0.0, 16.0
    while True:
        middle = (low + high) / 2
        if middle in (low, high):
            return low
        if (1 + float(bf.erf(middle / 2))) / 2 <= auc:
            low = middle
        else:
            high = middle


# AUC: pairs across different photos of the data set Families in the Wild, cosine of this engine's templates; the true
# parent was the first among ten in 33 of 100 tries and among the first three in 61 (chance: 10 and 30).
# The spreads are rough, for no large set of faces is at hand: docs/kin.md says what they rest on.
DEFAULT = Calibration(
    auc=0.64,
    mean=round(0.825 * ONE),
    deviation=round(0.035 * ONE),
    photo_deviation=round(0.0175 * ONE),
    source="AUC 0.64 measured on Families in the Wild, different photos; spread of strangers rough, from few faces",
    rough=True,
)


def load(path: Path) -> Calibration:
    """A calibration that `bench/faces/kinship.py` wrote. FacesError where it is none."""
    tried = f"Reading the calibration {path}."
    advice = "Give a file that `python -m bench.faces.kinship FOLDER --write FILE` wrote, or none for the default."
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise FacesError(tried, error.strerror or str(error), advice) from error
    except ValueError as error:
        raise FacesError(tried, f"It is not JSON: {error}", advice) from error
    problem = _problem(document)
    if problem:
        raise FacesError(tried, problem, advice)
    return Calibration(**{field.name: document[field.name] for field in fields(Calibration)})


def _problem(document: object) -> str:
    if not isinstance(document, Mapping) or document.get("format") != FORMAT:
        return f'It does not say "format": "{FORMAT}".'
    kinds: dict[str, tuple[type, ...]] = {"auc": (float, int), "source": (str,), "space": (str,)}
    kinds |= dict.fromkeys(("mean", "deviation", "photo_deviation"), (int,)) | {"rough": (bool,)}
    wrong = [name for name, kind in kinds.items() if not isinstance(document.get(name), kind)]
    if wrong:
        return f"It lacks, or has in another type: {', '.join(wrong)}."
    if not 0 <= document["auc"] < 1:
        return f"Its auc is {document['auc']}; it must be at least 0 and below 1."
    spreads = document["deviation"], document["photo_deviation"]
    if abs(document["mean"]) > ONE or not all(0 < spread <= ONE for spread in spreads):
        return f"mean, deviation or photo_deviation is out of range (±2^30 = {ONE}; deviations above 0)."
    return ""


def text(calibration: Calibration) -> str:
    """The JSON that `load` reads."""
    return json.dumps({"format": FORMAT} | asdict(calibration), indent=2) + "\n"
