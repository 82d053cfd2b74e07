"""`bitfast-faces kin`: whom a child resembles."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bitfast_faces.engine import Engine
from bitfast_faces.errors import FacesError
from bitfast_faces.kin import asking, calibration, document, drawing, family
from bitfast_faces.kin.gather import Gathered, Source, gather, sources
from bitfast_faces.kin.guess import Guess, guess
from bitfast_faces.kin.ranking import rank
from bitfast_faces.kin.records import Person, Relative, Resemblance, percent, span

Paths = Annotated[
    list[Path] | None, typer.Argument(help="Photos, or folders of them; a folder may be named after its person.")
]


def kin(
    photos: Paths = None,
    child: Annotated[str, typer.Option(help="Whose relatives are ranked.")] = "",
    person: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=FILES", help="Whose photos these are: mother=a.jpg,party.jpg#2 (second from the left)."
        ),
    ] = None,
    role: Annotated[
        list[str] | None, typer.Option(metavar="NAME=ROLE", help="What somebody is to the child; shown beside them.")
    ] = None,
    family_file: Annotated[
        Path | None, typer.Option("--family", metavar="FILE", help="Who is who, as TOML or JSON (docs/kin.md).")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Take the guesses that have names, without asking.")] = False,
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Write the result as JSON; - is standard output.")
    ] = None,
    picture: Annotated[Path | None, typer.Option(metavar="FILE", help="Write a picture to share, as PNG.")] = None,
    calibration_file: Annotated[
        Path | None, typer.Option("--calibration", metavar="FILE", help="From bench/faces/kinship.py.")
    ] = None,
    sheet: Annotated[
        Path | None,
        typer.Option("--faces", metavar="FILE", help="Write the guessed people with their numbers, as PNG."),
    ] = None,
    font: Annotated[Path | None, typer.Option(help="A font file for the names in the picture.")] = None,
) -> None:
    """Whom does a child resemble? Ranks relatives by photos. Likeness is not kinship. All stays on this machine."""
    console = Console(stderr=json_file is not None and str(json_file) == "-", highlight=False)
    said = _said(family_file, person or [], child)
    added = dict(map(family.role, role or []))
    roles = {one.name: one.role for one in said.members if one.role} | added
    chosen = calibration.load(calibration_file) if calibration_file else calibration.DEFAULT
    given = sources([*(photos or []), *said.files])
    engine = Engine.open()
    if chosen.space and chosen.space != engine.space:
        raise FacesError(
            f"Using the calibration {calibration_file}.",
            f"It was measured with templates of another kind ({chosen.space}, here {engine.space}).",
            "Measure again: python -m bench.faces.kinship FOLDER --write FILE.",
        )
    gathered = _gathered(engine, given, console)
    named = family.faces(said.members, gathered)
    guesses = _guesses(gathered, named, only_said=not photos)
    if sheet is not None:
        _draw(drawing.draw_guesses(guesses, font), sheet, console)
    asks = not yes and bool(photos)
    people = _people(guesses, roles, console, asks)
    _check_roles(added, people, console, asks)
    result = _ranked(people, said.child, console, yes, chosen)
    _show(result, console)
    if json_file is not None:
        _write(json_file, document.text(result).encode())
    if picture is not None:
        _draw(drawing.draw(result, font), picture, console)


def _said(family_file: Path | None, people: list[str], child: str) -> family.Family:
    read = family.read(family_file) if family_file else family.Family()
    members = (*read.members, *map(family.member, people))
    return family.Family(members, child or read.child)


def _gathered(engine: Engine, given: tuple[Source, ...], console: Console) -> Gathered:
    with console.status("Looking for faces …") as status:
        found = gather(engine, given, lambda name: status.update(f"Looking for faces … {name}"))
    for problem in found.problems:
        console.print(problem, markup=False)
    return found


def _guesses(gathered: Gathered, named: dict[tuple[str, int], str], only_said: bool) -> tuple[Guess, ...]:
    if only_said:  # what the user said is all there is: other faces in the same pictures are nobody's business
        return guess([photo for photo in gathered.photos if photo.key in named], named)
    return guess(gathered.photos, gathered.names | named)


def _people(guesses: tuple[Guess, ...], roles: dict[str, str], console: Console, asks: bool) -> tuple[Person, ...]:
    if asks and not _at_terminal():
        raise FacesError(
            "Asking who is who.",
            "Some faces were guessed, and nobody is at a terminal to confirm them.",
            "Say who is who with --person or --family, or take the guesses with --yes.",
        )
    if asks:
        return asking.confirmed(guesses, roles, _asker(console))
    left = [asking.described(one) for one in guesses if not one.name]
    if left:
        console.print(f"Left out, for nobody named them: {'; '.join(left)}.", markup=False)
    return asking.accepted(guesses, roles)


def _check_roles(roles: Iterable[str], people: tuple[Person, ...], console: Console, asks: bool) -> None:
    """A mistyped name would lose the role; at a terminal that is said, for the answers given shall not be lost."""
    names = [person.name for person in people]
    for name in roles:
        if name not in names:
            happened = f"There is no {name} among: {', '.join(names) or 'nobody'}."
            if not asks:
                raise FacesError(f"Reading --role {name}=….", happened, "Check the names in --role and --person.")
            console.print(f"--role {name}=… is not used. {happened}", markup=False)


def _at_terminal() -> bool:
    return sys.stdin.isatty()


def _asker(console: Console) -> asking.Ask:
    def ask(question: str, default: str) -> str:
        console.print(question + (f" [{default}]" if default else ""), markup=False)
        console.print("  > ", end="")  # not input's own prompt: standard output may be the JSON
        try:
            return input().strip() or default
        except EOFError as error:
            raise FacesError("Asking who is who.", "The answers ended.", "Answer, or use --person or --yes.") from error

    return ask


def _ranked(
    people: tuple[Person, ...], child: str, console: Console, yes: bool, chosen: calibration.Calibration
) -> Resemblance:
    ask = _asker(console) if _at_terminal() and not yes else None
    one = asking.child_among(people, child, ask)
    if ask is not None and not child:
        people = asking.with_roles(people, one, ask)
    relatives = [person for person in people if person.name != one.name]
    return rank(replace(one, role="child"), relatives, chosen)


def _show(result: Resemblance, console: Console) -> None:
    title = f"Whom does {result.child.name} resemble?"
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for heading in ("", "who", "likeness", "", "photos", "spoke for it"):
        table.add_column(heading)
    for relative in result.relatives:
        table.add_row(*_cells(result, relative))
    console.print(table)
    console.print()
    for relative in result.relatives:
        for note in relative.notes:
            console.print(f"{relative.person.name}: {note}", markup=False)
    for note in result.notes:
        console.print(note, markup=False)
    console.print(result.meaning, style="dim", markup=False)
    console.print(result.statement, style="bold", markup=False)


def _cells(result: Resemblance, relative: Relative) -> tuple[str, ...]:
    likeness, best = relative.likeness, relative.pairs[0]
    tenths = (likeness.permille + 50) // 100
    who = f"{relative.person.name} ({relative.person.role})" if relative.person.role else relative.person.name
    equal = "" if relative.clear else "about equal with the next"
    photos = f"{result.child.photos[best.child].label} and {relative.person.photos[best.relative].label}"
    figure = f"{'█' * tenths}{'░' * (10 - tenths)} {percent(likeness.permille)} % ({span(likeness)})"
    return str(relative.rank), _plain(who), figure, equal, str(len(relative.person.photos)), _plain(photos)


def _plain(text: str) -> str:
    """Names are data: brackets in them are no markup."""
    return text.replace("[", r"\[")


def _draw(drawn: drawing.Drawn, path: Path, console: Console) -> None:
    _write(path, drawn.png)
    for note in drawn.notes:
        console.print(note, markup=False)


def _write(path: Path, data: bytes) -> None:
    try:
        if str(path) == "-":
            sys.stdout.buffer.write(data)
            sys.stdout.flush()
        else:
            path.write_bytes(data)
    except OSError as error:
        raise FacesError(f"Writing {path}.", error.strerror or str(error), "Give another place with room.") from error
