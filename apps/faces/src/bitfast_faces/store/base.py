"""What every store of faces can do, and the records it hands out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from bitfast_faces.errors import FacesError
from bitfast_faces.matching import THRESHOLD
from bitfast_faces.types import Templates

MOST_CORRECTIONS = 100
"""So many faces can be said not to be one person."""

LONGEST_TERM = timedelta(days=5 * 365 + 2)
"""A consent holds five years at most; then the person is asked again. It is a choice of ours, stricter than the law."""


@dataclass(frozen=True)
class Consent:
    """That a person agreed to be recognised: for what, from when to when (both days included, UTC), and the evidence.

    `given_by` is who agreed: the person, or for a minor the guardian, who is named in `guardian` by the same name.
    `evidence` says where the signed paper is.
    """

    purpose: str
    granted: date
    expires: date
    given_by: str
    guardian: str | None
    minor: bool
    evidence: str

    def covers(self, purpose: str, today: date) -> bool:
        """Whether it allows this very purpose on this day."""
        return self.purpose == purpose and self.granted <= today <= self.expires

    def check(self, today: date) -> None:
        """Raises FacesError if nobody may be enrolled by it today."""
        for text, what in (
            (self.purpose, "purpose"),
            (self.given_by, "name of who gave it"),
            (self.evidence, "evidence"),
        ):
            if not text.strip():
                raise _no_consent(f"it has no {what}", "State the purpose, who agreed, and where the signed paper is.")
        if self.minor and not (self.guardian or "").strip():
            raise _no_consent("a minor's consent is given by a guardian, and none is named", "Name the guardian.")
        if self.minor and self.given_by.strip() != (self.guardian or "").strip():
            raise _no_consent(
                f"it was given by {self.given_by}, and a minor's is given by the guardian, {self.guardian}",
                "Ask the guardian; name the guardian as who gave it too.",
            )
        if self.expires < self.granted:
            raise _no_consent(f"it ends ({self.expires}) before it begins ({self.granted})", "Correct the dates.")
        if self.expires > self.granted + LONGEST_TERM:
            last = self.granted + LONGEST_TERM
            raise _no_consent(
                f"it holds until {self.expires}, and five years are the most", f"Let it end on {last} or earlier."
            )
        if self.granted > today:
            raise _no_consent(f"it begins on {self.granted} only", "Enrol the person from that day on.")
        if self.expires < today:
            raise _no_consent(f"it ended on {self.expires}", "Ask the person for a new consent.")


def _no_consent(happened: str, advice: str) -> FacesError:
    return FacesError("Enrolling a person.", f"There is no valid consent: {happened}.", advice)


@dataclass(frozen=True)
class Person:
    """A person in the store, with every consent given so far and the number of templates."""

    id: int
    name: str
    consents: tuple[Consent, ...]
    templates: int

    @property
    def expires(self) -> date:
        """The last day on which any consent holds; `expire` deletes the person after it."""
        return max((consent.expires for consent in self.consents), default=date.min)


@dataclass(frozen=True)
class Match:
    """How alike a face and a person are: the greatest similarity to the person's templates, and which one gave it.

    `same` is the decision. `why_not` says in words what spoke against it where it is False.
    """

    person: int
    name: str
    score: int
    template: int
    same: bool = True
    why_not: str = ""


@dataclass(frozen=True)
class Deletion:
    """The receipt of a deletion. It holds no personal data: the person's number means nothing once the row is gone.

    `verified` says how it was checked: "file" (every file of the store was read, `bytes_read` in all, and holds none of
    the deleted ciphertexts) or "rows" (a database server no longer returns them). `receipt` is the SHA-256 that entry
    `audit` of the log holds too.
    """

    person: int
    templates: int
    corrections: int
    reason: str
    verified: str
    bytes_read: int
    receipt: str
    audit: int


@dataclass(frozen=True)
class AuditEntry:
    """One line of the append-only log. `digest` chains it to the one before (store/audit.py)."""

    id: int
    at: str
    action: str
    detail: Mapping[str, Any]
    digest: str


class Store(Protocol):
    """People who agreed to be recognised. Every method raises FacesError, and none returns a wrong answer instead.

    `by` says who asks, for the log: a token, a camera; by default the operating system's user.
    """

    def enrol(
        self,
        name: str,
        templates: Templates,
        consent: Consent,
        *,
        space: str,
        source: str | Sequence[str],
        alike: int | None = None,
        by: str = "",
    ) -> int:
        """Adds a person with templates (n, 128) int16; returns the number. One transaction: all of it or nothing.

        `source` is where all templates came from, or one of each. With `alike`, templates that are less alike than
        that are refused: they are not of one person (alike.require_one_person).
        """

    def add(
        self,
        person: int,
        templates: Templates,
        *,
        source: str | Sequence[str],
        alike: int | None = None,
        space: str | None = None,
        by: str = "",
    ) -> None:
        """Adds templates of a person whose consent still holds; with `alike`, only if they are like the person's."""

    def remove(self, person: int, template: int, *, by: str = "") -> Deletion:
        """Deletes one of a person's templates, by its number; not the last one."""

    def sources(self, person: int, *, by: str = "") -> Mapping[int, str]:
        """The numbers of a person's templates, and where each came from; in the log."""

    def purposes(self) -> frozenset[str]:
        """What anybody has agreed to whose consent holds today."""

    def consent(self, person: int, consent: Consent, *, by: str = "") -> None:
        """Adds a consent: a longer term, or one more purpose."""

    def withdraw(self, person: int, purpose: str, *, by: str = "") -> Deletion:
        """Deletes the consents to a purpose and to what depends on it ("door: pictures" on "door").

        With the last consent goes the person: `templates` of the receipt is then above 0.
        """

    def people(self, *, by: str = "") -> list[Person]:
        """Everybody in the store, by number; in the log."""

    def person(self, id: int, *, by: str = "") -> Person:
        """One person; in the log."""

    def search(
        self,
        templates: Templates,
        *,
        purpose: str,
        limit: int = 5,
        threshold: int = THRESHOLD,
        space: str | None = None,
        by: str = "",
    ) -> list[list[Match]]:
        """The people each template may be, best first, at most `limit`; an empty list is "unknown".

        Only people whose consent names this purpose and holds today. The audit entry is committed before this returns.
        """

    def recognise(
        self,
        templates: Templates,
        *,
        purpose: str,
        threshold: int = THRESHOLD,
        space: str | None = None,
        by: str = "",
    ) -> list[Match | None]:
        """Who each face of one picture is, nobody twice (matching.assign); None is "unknown". Audited like `search`."""

    def verify(
        self,
        template: NDArray[np.int16],
        person: int,
        *,
        purpose: str,
        threshold: int = THRESHOLD,
        space: str | None = None,
        by: str = "",
    ) -> Match:
        """Whether a face is this person's: one to one. A refusal is in the log too."""

    def reject(
        self,
        template: NDArray[np.int16],
        person: int,
        *,
        threshold: int = THRESHOLD,
        space: str | None = None,
        by: str = "",
    ) -> None:
        """Keeps "this is not her", so that the person is not offered for this face, or one more like it, again.

        The face's template is kept, which may be a stranger's: so only where the person would be offered at
        `threshold`, and MOST_CORRECTIONS times a person at most (FacesError); it goes with the person.
        """

    def unreject(self, template: NDArray[np.int16], person: int, *, space: str | None = None, by: str = "") -> Deletion:
        """Takes back and deletes every "not her" that keeps the person from being offered for this face."""

    def delete(self, person: int, *, by: str = "") -> Deletion:
        """Deletes all there is of a person, readable or not, and checks that it is gone."""

    def expire(self, today: date | None = None, *, by: str = "") -> list[Deletion]:
        """Deletes everybody whose last consent ended before this day.

        FacesError, after all others are deleted, naming people whose consents cannot be read.
        """

    def audit(self, after: int = 0, limit: int | None = None) -> list[AuditEntry]:
        """The log's entries with numbers above `after`, the first `limit` of them."""

    def verify_audit(self) -> None:
        """Raises FacesError naming the first entry that is not as it was written."""

    def check(self) -> int:
        """Reads and decrypts everything there is and verifies the log; returns the number of templates."""

    def close(self) -> None:
        """Ends the connection."""
