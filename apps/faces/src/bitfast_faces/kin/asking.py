"""Has the user confirm who is who: every guess can be taken, renamed or left out; equal names become one person."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from bitfast_faces.errors import FacesError
from bitfast_faces.kin.guess import Guess
from bitfast_faces.kin.records import Person, Photo

Ask = Callable[[str, str], str]
"""(question, what Enter means) → the answer."""

LEAVE_OUT = "-"
_SHOWN = 6


def confirmed(guesses: Sequence[Guess], roles: Mapping[str, str], ask: Ask) -> tuple[Person, ...]:
    """People as the user confirms them, in the order of the guesses."""
    answers = []
    for number, guess in enumerate(guesses, 1):
        question = f"Person {number} of {len(guesses)}: {described(guess)}\n  Who is it? ({LEAVE_OUT} leaves them out)"
        answers.append(ask(question, guess.name or LEAVE_OUT).strip())
    return together(guesses, answers, roles)


def accepted(guesses: Sequence[Guess], roles: Mapping[str, str]) -> tuple[Person, ...]:
    """People as guessed: those whom a name was given to."""
    return together(guesses, [guess.name or LEAVE_OUT for guess in guesses], roles)


def together(guesses: Sequence[Guess], names: Sequence[str], roles: Mapping[str, str]) -> tuple[Person, ...]:
    photos: dict[str, list[Photo]] = {}
    for guess, name in zip(guesses, names, strict=True):
        if name and name != LEAVE_OUT:
            photos.setdefault(name, []).extend(guess.photos)
    return tuple(Person(name, tuple(faces), roles.get(name, "")) for name, faces in photos.items())


def child_among(people: Sequence[Person], said: str, ask: Ask | None) -> Person:
    """The person whose relatives are ranked. FacesError where nobody has that name, or nobody can be asked."""
    names = [person.name for person in people]
    known = ", ".join(names) or "nobody"
    tried = "Looking for the child."
    if not said and ask is None:
        raise FacesError(tried, "Nobody said who the child is.", f"Add --child NAME. Known: {known}.")
    while not said and ask is not None:
        said = ask(f"Whose relatives shall be ranked? ({known})", "").strip()
        if said not in names:
            said = ""
    for person in people:
        if person.name == said:
            return person
    raise FacesError(
        tried,
        f"There is no {said} among the people: {known}.",
        f"Check --child and the names of the files, or say which face it is: --person {said}=party.jpg#1.",
    )


def with_roles(people: Sequence[Person], child: Person, ask: Ask) -> tuple[Person, ...]:
    """The people with what the user says that they are to the child; Enter leaves it unsaid."""
    asked = []
    for person in people:
        said = person.role
        if person is not child and not said:
            said = ask(f"What is {person.name} to {child.name}? (mother, uncle, …; Enter: not said)", "").strip()
        asked.append(Person(person.name, person.photos, said))
    return tuple(asked)


def described(guess: Guess) -> str:
    shown = [photo.label for photo in guess.photos[:_SHOWN]]
    if len(guess.photos) > _SHOWN:
        shown.append(f"{len(guess.photos) - _SHOWN} more")
    faces = "1 face" if len(guess.photos) == 1 else f"{len(guess.photos)} faces"
    return f"{faces} ({'; '.join(shown)}): {guess.reason}"
