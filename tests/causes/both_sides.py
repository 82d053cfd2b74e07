"""Builds and runs small programs on both sides, with toggles switched or not: the oracle of the causes' tests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bitfast.causes.base import Cause, merged
from bitfast.chips import Target, qemu_command, reference, target_named
from bitfast.edits import apply_for_search
from bitfast.process import run
from bitfast.words import Context, Environment, Evidence, Flags, Side, Sides, SourceEdits, Toggle, Unit

LANGUAGES = {".c": "c", ".cpp": "c++", ".f90": "fortran", ".f": "fortran"}
NO_EVIDENCE = Evidence()
COMPILERS = {"c": "gcc", "c++": "g++", "fortran": "gfortran"}


@dataclass(frozen=True)
class Program:
    root: Path
    context: Context
    link: tuple[str, ...] = ()

    def toggles(self, cause: Cause, sides: Sides | None = None) -> list[Toggle]:
        return [toggle for toggle in cause.toggles(self.context) if sides in (None, toggle.sides)]

    def answer(self, side: Side, toggles: Iterable[Toggle] = ()) -> str:
        """What the program prints on that side with the toggles switched; its exit status when it is not 0."""
        chip = reference() if side is Side.REFERENCE else target_named(self.context.target)
        toggles = [toggle for toggle in toggles if side is Side.TARGET or toggle.sides is Sides.BOTH]
        actions = [
            toggle.reference_action if side is Side.REFERENCE and toggle.reference_action is not None else toggle.action
            for toggle in toggles
        ]
        work = self.root.parent / f"{self.root.name}-{side}-{len(list(self.root.parent.iterdir()))}"
        work.mkdir()
        self._write(work, [action for action in actions if isinstance(action, SourceEdits)])
        objects = [self._compile(unit, work, chip, toggles) for unit in self.context.units]
        links = [flag for action in actions if isinstance(action, Environment) for flag in action.link_flags]
        language = next((language for language in ("c++", "fortran") if any(
            unit.language == language for unit in self.context.units)), "c")  # fmt: skip
        program = work / "program"
        command = [
            chip.tools[COMPILERS[language]],
            *objects,
            *self.link,
            "-o",
            str(program),
            "-lm",
            "-lpthread",
            *links,
        ]
        built = run(command, directory=work, timeout_seconds=120)
        assert built.ok, built.last_lines()
        ran = run([*qemu_command(chip), str(program)], directory=work, timeout_seconds=60)
        return ran.text + ("" if ran.ok else f"status {ran.status}\n")

    def _write(self, work: Path, actions: Sequence[SourceEdits]) -> None:
        together = merged(actions)
        for path in (path for path in self.root.rglob("*") if path.is_file()):
            name = path.relative_to(self.root).as_posix()
            edits = [edit for edit in together.edits if edit.file == name]
            preludes = [text for file, text in together.preludes if file == name]
            (work / name).parent.mkdir(parents=True, exist_ok=True)
            (work / name).write_bytes(apply_for_search(path.read_bytes(), edits, preludes, name))

    def _compile(self, unit: Unit, work: Path, chip: Target, toggles: Sequence[Toggle]) -> str:
        flags = [flag for toggle in toggles if isinstance(toggle.action, Flags) and toggle.unit in ("", unit.source)
                 for flag in toggle.action.flags]  # fmt: skip
        output = f"{Path(unit.source).stem}.o"
        command = [chip.tools[COMPILERS[unit.language]], *unit.arguments, *flags, "-c", unit.source, "-o", output]
        built = run(command, directory=work, timeout_seconds=120)
        assert built.ok, built.last_lines()
        return output


def program(
    folder: Path,
    files: Mapping[str, str],
    arguments: Sequence[str] = ("-O2",),
    *,
    target: str = "aarch64-linux-gnu",
    evidence: Evidence = NO_EVIDENCE,
    link: Sequence[str] = (),
) -> Program:
    """A program of these files; every source is a unit that includes all headers among them."""
    root = folder / "program"
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    headers = tuple(name for name in files if name.endswith((".h", ".hpp")))
    units = tuple(
        Unit(name, LANGUAGES[Path(name).suffix], root, COMPILERS[LANGUAGES[Path(name).suffix]], tuple(arguments),
             root / f"{Path(name).stem}.o", headers)
        for name in files if Path(name).suffix in LANGUAGES
    )  # fmt: skip
    includes = {"c": _system_includes(target, "c"), "c++": _system_includes(target, "c++")}
    return Program(root, Context(root, units, units, target, includes, evidence), tuple(link))


def with_evidence(made: Program, evidence: Evidence) -> Program:
    return replace(made, context=replace(made.context, evidence=evidence))


def _system_includes(target: str, language: str) -> tuple[str, ...]:
    compiler = target_named(target).tools[COMPILERS[language]]
    said = run([compiler, "-E", "-v", "-x", language, "/dev/null"], timeout_seconds=60).stderr.decode()
    listed = said.partition("#include <...> search starts here:\n")[2].partition("End of search list")[0]
    return tuple(line.strip() for line in listed.splitlines())
