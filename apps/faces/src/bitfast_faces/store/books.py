"""What a store decides, over any transactional database: who a face may be, and what was said against it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray

from bitfast_faces import matching
from bitfast_faces.matching import THRESHOLD
from bitfast_faces.store import refusals
from bitfast_faces.store.answers import Allowed, answers, once_each, one_face
from bitfast_faces.store.base import MOST_CORRECTIONS, Deletion, Match
from bitfast_faces.store.erasing import Taking
from bitfast_faces.store.index import Candidate, candidates, rejected, rejecting
from bitfast_faces.store.keeping import Keeping
from bitfast_faces.types import Templates


class Books(Keeping):
    """A store (base.Store) in a database. Threads may share it; each call is one transaction.

    `space` is the engine's; where it is given, a store of templates of another space is refused at once.
    """

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
        queries = matching.checked(templates)
        with self._deciding(queries, purpose, threshold, space) as every:
            found = [row[:limit] for row in every]
            self._log_answers("search", purpose, threshold, found, by)
        return found

    def recognise(
        self,
        templates: Templates,
        *,
        purpose: str,
        threshold: int = THRESHOLD,
        space: str | None = None,
        by: str = "",
    ) -> list[Match | None]:
        queries = matching.checked(templates)
        with self._deciding(queries, purpose, threshold, space) as every:
            chosen = once_each(every, threshold)
            self._log_answers("recognise", purpose, threshold, [[one] if one else [] for one in chosen], by)
        return chosen

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
        query = one_face(template)
        with self._lock:
            with self._ledger.writing():
                self._ledger.require_space(space)
                detail = {"person": person, "purpose": purpose, "threshold": threshold}
                detail["space"] = self._ledger.value("space")
                refused = self._refused(person, purpose)
                if refused:
                    self._log("verify", {**detail, "refused": refused}, by)
                else:
                    verdict = self._verdict(query, person, threshold)
                    told = {"score": verdict.score, "template": verdict.template, "same": verdict.same}
                    self._log("verify", {**detail, **told}, by)
            if refused:  # now that the log has it
                raise refusals.not_agreed(person, purpose) if refused == "purpose" else refusals.nobody(person)
        return verdict

    def _refused(self, person: int, purpose: str) -> str:
        """Why this person is not compared with a face; empty if there is no reason."""
        if not self._cabinet.there(person):
            return "nobody"
        consents = self._cabinet.person(person).consents
        return "" if any(consent.covers(purpose, self._today()) for consent in consents) else "purpose"

    def _verdict(self, query: NDArray[np.int16], person: int, threshold: int) -> Match:
        nearest = self._nearest(query, person)
        why_not = ""
        if nearest.score < threshold:
            why_not = "not alike enough"
        elif rejected(nearest, query, self._cabinet.corrections_of(person)):
            why_not = "somebody said of this face that it is not this person"
        name = self._cabinet.person(person).name
        return Match(person, name, nearest.score, nearest.template, not why_not, why_not)

    def _nearest(self, query: NDArray[np.int16], person: int) -> Candidate:
        """The person's template that is most like a face, of equal ones the first."""
        own = self._cabinet.templates_of(person)
        scores = matching.similarities(own.templates, query[np.newaxis])[0]
        best = int(scores.argmax())
        return Candidate(person, int(scores[best]), int(own.rows[best]))

    def reject(
        self,
        template: NDArray[np.int16],
        person: int,
        *,
        threshold: int = THRESHOLD,
        space: str | None = None,
        by: str = "",
    ) -> None:
        query = one_face(template)
        with self._lock, self._ledger.writing():
            self._ledger.require_space(space)
            nearest, corrections = self._nearest(query, person), self._cabinet.corrections_of(person)
            if nearest.score < threshold:
                raise refusals.not_offered(person)
            fresh = not rejected(nearest, query, corrections)
            if fresh and len(corrections) >= MOST_CORRECTIONS:
                raise refusals.too_many_corrections(person)
            if fresh:
                self._cabinet.put_correction(person, query)
            self._log("reject", {"person": person, "corrections": int(fresh), "space": self._ledger.value("space")}, by)

    def unreject(self, template: NDArray[np.int16], person: int, *, space: str | None = None, by: str = "") -> Deletion:
        query = one_face(template)

        def taking() -> Taking:
            self._ledger.require_space(space)
            rows, corrections = self._cabinet.corrections_with_rows(person)
            gone = rejecting(self._nearest(query, person), query, corrections)
            if not len(gone):
                raise refusals.not_rejected(person)
            return Taking(person, "unreject", "taken back", {"corrections": [rows[at] for at in gone]})

        return self._erase([taking], by)[0]

    @contextmanager
    def _deciding(
        self, queries: Templates, purpose: str, threshold: int, space: str | None
    ) -> Iterator[list[list[Match]]]:
        """Everybody each query may be, inside the transaction that the answer is logged in.

        Who was deleted after the templates were compared is not found in it any more.
        """
        with self._lock:
            self._ledger.require_space(space)
            nearest = self._candidates(queries, threshold)
            with self._ledger.writing():
                meant = {one.person for row in nearest for one in row}
                allowed = {}
                for person in self._cabinet.people(sorted(meant)):
                    if any(consent.covers(purpose, self._today()) for consent in person.consents):
                        allowed[person.id] = Allowed(person.name, self._cabinet.corrections_of(person.id))
                yield answers(nearest, queries, allowed)

    def _log_answers(
        self, action: str, purpose: str, threshold: int, found: Sequence[Sequence[Match]], by: str
    ) -> None:
        answers = [[[one.person, one.score, one.template] for one in row] for row in found]
        detail = {"purpose": purpose, "faces": len(found), "threshold": threshold, "found": answers}
        self._log(action, {**detail, "space": self._ledger.value("space")}, by)

    def _candidates(self, queries: Templates, threshold: int) -> list[list[Candidate]]:
        self._refresh()
        return candidates(self._index, queries, threshold)
