"""Rebuilding parts of a finished build with causes switched off, without running the build system again.

Only the translation units that a set of toggles touches are compiled anew (once per variant: objects are kept by what
they were made from), only the archives and programs behind them are linked anew.
"""

from __future__ import annotations

import hashlib
import itertools
import os
import re
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from bitfast.check.build import Built
from bitfast.check.copies import copies_of, digest
from bitfast.check.fortran_modules import modules_kept, sources_behind
from bitfast.check.headers import files_behind
from bitfast.check.one_call import Link
from bitfast.check.pieces import pieces_of, with_moved
from bitfast.check.toolbox import site_plugin
from bitfast.edits import apply_for_search
from bitfast.process import run
from bitfast.words import Action, BitfastError, Edit, Environment, Flags, Sites, SourceEdits, Unit


class NotBuildable(BitfastError):
    """A variant that does not compile or link: for the search, a set of toggles that says nothing."""


@dataclass(frozen=True)
class Switched:
    """An action and the translation unit to which it is limited; "" for every unit that it reaches."""

    action: Action
    unit: str = ""


@dataclass(frozen=True)
class _Recipe:
    """How one unit is compiled in a variant; equal recipes give equal objects."""

    flags: tuple[str, ...]
    sites: frozenset[str]
    texts: tuple[tuple[str, str], ...]  # (file, hash of its edited text)


PLAIN = _Recipe((), frozenset(), ())


class Rebuilder:
    """One side's build, held at a variant. Not for use by two threads at once."""

    def __init__(
        self, built: Built, tree: Path, scratch: Path, names: Path, portable: Callable[[], Sequence[str]]
    ) -> None:
        self.built, self.tree, self.scratch = built, tree, scratch
        self.links = tuple(link for link in built.build.links if not link.frozen)
        self.units = built.build.units
        self.names = names  # the file with the functions whose calls are sites
        self.portable = portable  # what a link needs once calls go to the portable mathematical library
        self.compiled = self.linked = 0
        scratch.mkdir(parents=True, exist_ok=True)
        self._objects: dict[tuple[Unit, _Recipe], Path] = {}
        self._broken: dict[tuple[Unit, _Recipe], str] = {}
        self._state: dict[Unit, _Recipe] = dict.fromkeys(self.units, PLAIN)
        self._link_state: dict[Path, tuple[str, ...]] = {}
        self._headers: dict[Unit, frozenset[str]] = {}
        self._unlinked: set[Path] = set()  # objects that changed since everything behind them was last linked
        self._copies: Mapping[Path, tuple[Path, ...]] | None = None
        self._strip = built.tools.target.tools["strip"]
        self._stripped: Mapping[Path, tuple[tuple[Path, tuple[str, ...]], ...]] = {}
        self.beyond: tuple[str, ...] = ()  # parts of the programs that cannot be made anew
        self._originals: dict[str, bytes] = {}
        self._modules: Mapping[Unit, frozenset[str]] = {}
        self._numbers = itertools.count()

    def only(self, programs: Sequence[Path]) -> None:
        """Limit all that follows to what these programs are made of. For before the first variant."""
        copies = self._find_copies()
        build = with_moved(self.built.build, self.scratch, lambda unit, path: not self._call(unit, (), path))
        pieces = pieces_of(programs, build, copies, self.tree, self._strip, self.scratch)
        self.units, self.links = pieces.build.units, pieces.build.links
        self._stripped, self.beyond = pieces.stripped, pieces.beyond
        self._state = dict.fromkeys(self.units, PLAIN)

    def undefined(self) -> frozenset[str]:
        """What the units and programs use and do not define themselves, as symbols."""
        outputs = (*(unit.output for unit in self.units), *(link.output for link in self.links))
        objects = [output for output in outputs if output.is_file()]
        said = run([self.built.tools.target.tools["nm"], "-u", *objects], timeout_seconds=60).text if objects else ""
        return frozenset(re.findall(r"^ +[Uw] (\w+)", said, flags=re.MULTILINE))

    # -- what a variant is made of ------------------------------------------------------------------------------

    def fingerprint(self, switches: Iterable[Switched]) -> str:
        """A name of the variant: equal for sets of toggles that make the same program."""
        recipes, link_flags, variables = self._recipes(switches)
        changed = sorted((str(unit.output), repr(recipe)) for unit, recipe in recipes.items() if recipe != PLAIN)
        return hashlib.sha256(repr((changed, link_flags, sorted(variables.items()))).encode()).hexdigest()[:24]

    def realise(self, switches: Iterable[Switched]) -> Mapping[str, str]:
        """Bring the tree to the variant; returns environment variables to run it with. Raises NotBuildable."""
        recipes, link_flags, variables = self._recipes(switches)
        needed = [(unit, recipe) for unit, recipe in recipes.items() if self._state[unit] != recipe]
        self._compile([pair for pair in needed if pair not in self._objects])
        for pair in needed:
            if pair in self._broken:
                raise NotBuildable(f"{pair[0].source} does not compile:\n{self._broken[pair]}")
        if self._copies is None and (needed or link_flags):
            self._find_copies()
        for unit, recipe in needed:
            previous = digest(unit.output)
            self._put(unit, recipe)
            self._state[unit] = recipe
            if digest(unit.output) != previous:
                self._unlinked.add(unit.output.resolve())
        if any(site.startswith("call") for recipe in recipes.values() for site in recipe.sites):
            link_flags = (*link_flags, *self.portable())
        self._relink(link_flags)
        self._unlinked.clear()
        return variables

    def listed_sites(self, kind: str, units: Sequence[Unit]) -> list[tuple[Unit, str, str, str]]:
        """The sites of a kind in these units: (unit, key, function, detail). Empty where there is no plugin."""
        found = []
        for unit in units:
            plugin = site_plugin(unit.compiler)
            if plugin is None or Path(unit.compiler).name.startswith("clang"):
                continue
            path = self.scratch / f"sites-{abs(hash(unit))}.txt"
            path.unlink(missing_ok=True)
            self._call(unit, self._plugin_flags(plugin, path, "list"), self.scratch / "sites.o")
            if path.exists():
                for line in path.read_text(errors="surrogateescape").splitlines():
                    site_kind, key, function, detail = line.split("\t")
                    if site_kind == kind:
                        found.append((unit, key, function, detail))
        return found

    def headers(self, unit: Unit) -> frozenset[str]:
        """The project's files that a unit is compiled from, relative to the tree; the source is one of them."""
        if unit not in self._headers:
            files = {unit.source}
            if unit.language == "fortran":
                self._modules = self._modules or sources_behind(self.units, self.tree)
                files |= self._modules[unit]
            else:
                files |= files_behind(unit, self.tree, self._environment())
            self._headers[unit] = frozenset(files)
        return self._headers[unit]

    def original(self, file: str) -> bytes:
        """A source file's text as the build saw it."""
        if file not in self._originals:
            self._originals[file] = (self.tree / file).read_bytes()
        return self._originals[file]

    # -- inner workings -----------------------------------------------------------------------------------------

    def _recipes(self, switches: Iterable[Switched]) -> tuple[dict[Unit, _Recipe], tuple[str, ...], dict[str, str]]:
        flags: dict[Unit, list[str]] = {}
        sites: dict[Unit, set[str]] = {}
        edits: dict[str, dict[Edit, None]] = {}
        preludes: dict[str, dict[str, None]] = {}
        link_flags: dict[str, None] = {}
        variables: dict[str, str] = {}
        for switched in switches:
            action = switched.action
            reached = [unit for unit in self.units if switched.unit in ("", unit.source)]
            if isinstance(action, Flags):
                for unit in reached:
                    flags.setdefault(unit, []).extend(flag for flag in action.flags if flag not in flags.get(unit, ()))
            elif isinstance(action, Sites):
                for unit in reached:
                    sites.setdefault(unit, set()).update(f"{action.kind}\t{key}" for key in action.keys)
            elif isinstance(action, SourceEdits):
                for edit in action.edits:
                    edits.setdefault(edit.file, {})[edit] = None
                for file, text in action.preludes:
                    preludes.setdefault(file, {})[text] = None
            elif isinstance(action, Environment):
                link_flags.update(dict.fromkeys(action.link_flags))
                variables.update(action.variables)
        self._texts = {
            file: apply_for_search(self.original(file), list(edits.get(file, {})), list(preludes.get(file, {})), file)
            for file in {**edits, **preludes}
        }
        recipes = {}
        for unit in self.units:
            texts: tuple[tuple[str, str], ...] = ()
            if self._texts:
                used = self.headers(unit) & set(self._texts)
                texts = tuple((file, hashlib.sha256(self._texts[file]).hexdigest()) for file in sorted(used))
            recipes[unit] = _Recipe(tuple(flags.get(unit, ())), frozenset(sites.get(unit, ())), texts)
        return recipes, tuple(link_flags), variables

    def _compile(self, pairs: Sequence[tuple[Unit, _Recipe]]) -> None:
        """Compile what is new; edited sources lie in the tree only meanwhile."""
        self._keep_plain([unit for unit, _ in pairs])
        todo = [pair for pair in pairs if pair not in self._objects and pair not in self._broken]
        self._compile_all([pair for pair in todo if not pair[1].texts])  # while nothing that is edited can be read
        todo = [pair for pair in todo if pair[1].texts]
        edited = {file for _, recipe in todo for file, _ in recipe.texts}
        for file in edited:
            self.original(file)
            (self.tree / file).write_bytes(self._texts[file])
        try:
            # An edited module is compiled before its users, which read it from the disk: one after the other.
            in_order = [pair for pair in todo if pair[0].language == "fortran"]
            if in_order:
                with modules_kept(self.tree):
                    for pair in sorted(in_order, key=lambda pair: self.units.index(pair[0])):
                        self._compile_one(pair)
            self._compile_all([pair for pair in todo if pair not in in_order])
        finally:
            for file in edited:
                (self.tree / file).write_bytes(self._originals[file])

    def _compile_all(self, pairs: Sequence[tuple[Unit, _Recipe]]) -> None:
        with ThreadPoolExecutor(max_workers=max(1, len(os.sched_getaffinity(0)))) as pool:
            list(pool.map(self._compile_one, pairs))

    def _put(self, unit: Unit, recipe: _Recipe) -> None:
        unit.output.parent.mkdir(exist_ok=True)
        shutil.copyfile(self._objects[unit, recipe], unit.output)

    def _keep_plain(self, units: Iterable[Unit]) -> None:
        """Before a unit's object is replaced for the first time, keep the one that the build made."""
        for unit in units:
            if (unit, PLAIN) not in self._objects and self._state[unit] == PLAIN and unit.output.exists():
                saved = self.scratch / f"plain-{hashlib.sha256(str(unit.output).encode()).hexdigest()[:16]}.o"
                shutil.copyfile(unit.output, saved)
                self._objects[unit, PLAIN] = saved

    def _compile_one(self, pair: tuple[Unit, _Recipe]) -> None:
        unit, recipe = pair
        number = next(self._numbers)
        output = self.scratch / f"variant-{number}.o"
        flags = list(recipe.flags)
        if recipe.sites and (plugin := site_plugin(unit.compiler)) is not None:
            switched_off = self.scratch / f"off-{number}.txt"
            switched_off.write_text("".join(line + "\n" for line in sorted(recipe.sites)), errors="surrogateescape")
            flags += self._plugin_flags(plugin, switched_off, "off")
        failed = self._call(unit, flags, output)
        self.compiled += 1
        if failed:
            self._broken[unit, recipe] = failed
        else:
            self._objects[unit, recipe] = output

    def _plugin_flags(self, plugin: Path, path: Path, argument: str) -> list[str]:
        return [f"-fplugin={plugin}", f"-fplugin-arg-sites-{argument}={path}", f"-fplugin-arg-sites-names={self.names}"]

    def _call(self, unit: Unit, flags: Sequence[str], output: Path) -> str:
        """Compile one unit; returns what the compiler said if it failed."""
        command = [unit.compiler, *unit.arguments, *flags, "-w", "-c", unit.spelled, "-o", str(output)]
        finished = run(command, directory=unit.directory, environment=self._environment(), timeout_seconds=1800)
        return "" if finished.ok else finished.last_lines() or "the compiler failed"

    def _find_copies(self) -> Mapping[Path, tuple[Path, ...]]:
        """What the build moved away after linking is linked once more, as it was, to know it by its bytes."""
        for link in self.links:
            if not link.output.exists():
                run([link.tool, *link.arguments], directory=link.directory, environment=self._environment())
        self._copies = copies_of(self.links, self.tree)
        return self._copies

    def _relink(self, link_flags: tuple[str, ...]) -> None:
        outdated = set(self._unlinked)
        fresh: set[Path] = set()
        inputs: dict[Path, set[Path]] = {}  # of an archive together: several calls may have made it
        for link in self.links:
            inputs.setdefault(link.output.resolve(), set()).update(path.resolve() for path in link.inputs)
        for link in self.links:
            output = link.output.resolve()
            flags_differ = not (link.archive or link.merged) and self._link_state.get(output, ()) != link_flags
            if not flags_differ and output not in fresh and not inputs[output] & outdated:
                continue
            if link.archive and output not in fresh:
                output.unlink(missing_ok=True)
            for _, unit in link.sources:
                if not unit.output.exists():
                    self._compile([(unit, self._state[unit])])
                    self._put(unit, self._state[unit])
            self._link(link, link_flags)
            if not link.archive:
                self._link_state[output] = link_flags
            for copy in (self._copies or {}).get(output, ()):
                shutil.copy2(output, copy)
                outdated.add(copy)
            for copy, options in self._stripped.get(output, ()):
                shutil.copy2(output, copy)
                run([self._strip, *options, copy])
            outdated.add(output)
            fresh.add(output)

    def _link(self, link: Link, link_flags: tuple[str, ...]) -> None:
        arguments = list(link.arguments)
        for position, unit in link.sources:
            arguments[position] = str(unit.output)
        if link.sources:  # objects now, whatever language was said
            said = {place for place, argument in enumerate(arguments) if argument == "-x"}
            kept = [one for place, one in enumerate(arguments) if place not in said and place - 1 not in said]
            arguments = [argument for argument in kept if not argument.startswith("-x")]
        extra = () if link.archive or link.merged else link_flags
        finished = run([link.tool, *arguments, *extra], directory=link.directory, environment=self._environment())
        self.linked += 1
        if not finished.ok:
            raise NotBuildable(f"{link.output.name} does not link:\n{finished.last_lines()}")

    def _environment(self) -> dict[str, str]:
        return {key: value for key, value in self.built.tools.environment.items() if key != "LD_PRELOAD"}
