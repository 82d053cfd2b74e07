"""What scores of same and of different pairs say: accuracy, ROC, rates at thresholds. Exact in integers and fractions.

A pair counts as "same" at a score of the threshold or above. Nothing here knows what a score is made of.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt, sqrt

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.int64]


@dataclass(frozen=True)
class Rate:
    """A threshold and what it gives: the shares of same and of different pairs at or above it."""

    threshold: int
    accepted: Fraction
    wrongly: Fraction


def auc(same: Scores, different: Scores) -> Fraction:
    """The chance that a same pair scores above a different one, ties counting half (Mann & Whitney, 1947)."""
    ordered = np.sort(different)
    below = int(np.searchsorted(ordered, same, "left").sum())
    not_above = int(np.searchsorted(ordered, same, "right").sum())
    return Fraction(below + not_above, 2 * len(same) * len(different))


def auc_error(area: Fraction, same: int, different: int) -> float:
    """The standard error of an AUC (Hanley & McNeil, Radiology 143, 1982): too small where pairs share people."""
    a = float(area)
    q1, q2 = a / (2 - a), 2 * a * a / (1 + a)
    variance = (a * (1 - a) + (same - 1) * (q1 - a * a) + (different - 1) * (q2 - a * a)) / (same * different)
    return sqrt(max(variance, 0.0))


def at_far(same: Scores, different: Scores, far: Fraction) -> Rate:
    """The lowest threshold at which no more than `far` of the different pairs are taken for the same."""
    allowed = int(far * len(different))
    ordered = np.sort(different)[::-1]
    threshold = int(ordered[allowed]) + 1 if allowed < len(ordered) else int(ordered[-1])
    return rate(same, different, threshold)


def rate(same: Scores, different: Scores, threshold: int) -> Rate:
    accepted = Fraction(int((same >= threshold).sum()), len(same))
    return Rate(threshold, accepted, Fraction(int((different >= threshold).sum()), len(different)))


def equal_error(same: Scores, different: Scores) -> Rate:
    """Where false acceptances and false rejections are nearest to each other; of equal ones the lowest threshold."""
    candidates = np.unique(np.concatenate([same, different]))
    missed = np.searchsorted(np.sort(same), candidates, "left") * len(different)
    taken = (len(different) - np.searchsorted(np.sort(different), candidates, "left")) * len(same)
    return rate(same, different, int(candidates[int(np.abs(missed - taken).argmin())]))


def best_threshold(scores: Scores, is_same: NDArray[np.bool_]) -> int:
    """The threshold with most right answers; of several the middle one, so that neither side is favoured."""
    order = np.argsort(scores, kind="stable")
    values, labels = scores[order], is_same[order]
    # Right answers when the first k of the sorted scores are called different: those that are, and the same ones after.
    right = np.concatenate([[0], np.cumsum(~labels)]) + np.concatenate([np.cumsum(labels[::-1])[::-1], [0]])
    between = (values[:-1] + values[1:] + 1) >> 1  # halfway, and above the lower one
    bounds = np.concatenate([values[:1], between, [values[-1] + 1]])
    possible = np.concatenate([[True], values[1:] != values[:-1], [True]])  # equal scores are on one side
    best = np.flatnonzero(possible & (right == right[possible].max()))
    return int(bounds[best[len(best) // 2]])


@dataclass(frozen=True)
class Folds:
    """Accuracy over folds, each with the best threshold of all others; `deviation` over folds with n − 1."""

    accuracies: tuple[Fraction, ...]
    thresholds: tuple[int, ...]

    @property
    def mean(self) -> Fraction:
        return sum(self.accuracies, Fraction(0)) / len(self.accuracies)

    @property
    def deviation(self) -> float:
        squares = sum(((one - self.mean) ** 2 for one in self.accuracies), Fraction(0))
        return sqrt(squares / max(1, len(self.accuracies) - 1))

    @property
    def error(self) -> float:
        """Of the mean."""
        return self.deviation / sqrt(len(self.accuracies))


def cross_validated(scores: Scores, is_same: NDArray[np.bool_], folds: NDArray[np.int64]) -> Folds:
    """The LFW protocol (Huang et al., 2007, View 2): for each fold the threshold comes from the other folds only."""
    accuracies, thresholds = [], []
    for fold in np.unique(folds):
        inside = folds == fold
        threshold = best_threshold(scores[~inside], is_same[~inside])
        right = int(((scores[inside] >= threshold) == is_same[inside]).sum())
        accuracies.append(Fraction(right, int(inside.sum())))
        thresholds.append(threshold)
    return Folds(tuple(accuracies), tuple(thresholds))


def wilson(rate: Fraction, number: int) -> tuple[float, float]:
    """The 95 % interval of a share of `number` (Wilson, JASA 22, 1927)."""
    z, p = 1.959964, float(rate)
    middle = (p + z * z / (2 * number)) / (1 + z * z / number)
    half = z / (1 + z * z / number) * (p * (1 - p) / number + z * z / (4 * number * number)) ** 0.5
    return max(0.0, middle - half), min(1.0, middle + half)


def mean_deviation(values: Sequence[int] | Scores) -> tuple[int, int]:
    """Mean and standard deviation (n − 1), rounded down."""
    numbers = [int(value) for value in values]
    total, count = sum(numbers), len(numbers)
    squares = count * sum(value * value for value in numbers) - total * total
    return total // count, isqrt(squares // (count * max(1, count - 1)))
