"""What a store says when it does not do what it was asked."""

from __future__ import annotations

from collections.abc import Sequence

from bitfast_faces.errors import FacesError
from bitfast_faces.names import can_be_shown
from bitfast_faces.store.base import MOST_CORRECTIONS


def check_name(name: str) -> None:
    """FacesError for a name that is empty, or that would do something to the terminal it is shown in."""
    if not name:
        raise FacesError("Enrolling a person.", "The name is empty.", "Name the person.")
    if not can_be_shown(name):
        happened = "The name has control characters, or nothing to be seen."
        raise FacesError("Enrolling a person.", happened, "Write it in letters.")


def nobody(person: int) -> FacesError:
    return FacesError(
        f"Looking up person {person}.", "There is nobody of this number.", "bitfast-faces people lists everybody."
    )


def consent_ended(person: int) -> FacesError:
    tried = f"Adding pictures of person {person}."
    return FacesError(tried, "The person's consent has ended.", "Ask for a new consent.")


def not_agreed(person: int, purpose: str) -> FacesError:
    return FacesError(
        f"Verifying person {person}.",
        f"The person has not agreed to the purpose “{purpose}”, or not for today.",
        "Ask for a consent, or use the purpose that the consent names.",
    )


def no_such_consent(person: int, purpose: str) -> FacesError:
    return FacesError(
        f"Withdrawing a consent of person {person}.",
        f"There is none to the purpose “{purpose}”.",
        f"bitfast-faces people {person} lists the person's consents.",
    )


def no_such_face(person: int, face: int) -> FacesError:
    return FacesError(
        f"Deleting face {face} of person {person}.",
        f"The person has no face {face}.",
        f"bitfast-faces people {person} lists the person's faces.",
    )


def only_face(person: int, face: int) -> FacesError:
    return FacesError(
        f"Deleting face {face} of person {person}.",
        "It is the only one.",
        f"Add a better photo first, or delete the person: bitfast-faces delete {person}.",
    )


def not_offered(person: int) -> FacesError:
    return FacesError(
        f"Keeping that a face is not person {person}.",
        "It is not like this person: no search offers the person for it, so nothing is kept of it.",
        "Give the face, and the number, of a match that was wrong.",
    )


def too_many_corrections(person: int) -> FacesError:
    return FacesError(
        f"Keeping that a face is not person {person}.",
        f"{MOST_CORRECTIONS} faces are said not to be this person already, and more are not kept.",
        "Enrol the person anew with better photos, or take corrections back: bitfast-faces reject --undo.",
    )


def not_rejected(person: int) -> FacesError:
    return FacesError(
        f"Taking back that a face is not person {person}.",
        "Nobody has said it of this face.",
        "Give the photo that the correction was made with.",
    )


def unreadable(people: Sequence[int], deleted: int) -> FacesError:
    numbers = " ".join(map(str, people))
    return FacesError(
        "Deleting everybody whose consent has ended.",
        f"{deleted or 'Nobody'} had to be and {'is' if deleted == 1 else 'are'} deleted; of others the consents "
        f"cannot be read, for they are damaged: {numbers}.",
        f"bitfast-faces delete {numbers} deletes them all the same; or restore the store from a backup.",
    )
