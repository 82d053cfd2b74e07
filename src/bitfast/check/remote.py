"""A machine reached over ssh that runs the target's program, and the mirror of the tree there."""

from __future__ import annotations

import contextlib
import io
import math
import os
import re
import shlex
import signal
import stat
import tarfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from bitfast.check.archives import extract
from bitfast.check.calls import Build
from bitfast.check.project import Project
from bitfast.check.ssh import Address, Connection, connection
from bitfast.check.steady import holding_command, holding_environment
from bitfast.check.toolbox import library_folder
from bitfast.chips import Target, cpu_in
from bitfast.process import Finished
from bitfast.words import BitfastError

TIME_FACTOR_REMOTE = 4.0
"""How much longer a program may take on the host: it may be a small board."""

_SILENT_SECONDS = 15  # how long the host may say nothing once the time of a job is up
_MACHINES: Mapping[str, str] = {"ppc64le": "powerpc64le"}  # what `uname -m` says where a triple says otherwise
# What decides an answer and is a matter of the user's surroundings: the host has the same as here.
_SURROUNDINGS = re.compile(r"LANG|LANGUAGE|LC_\w+|TZ|OMP_\w+")
_NOT_LOADED = re.compile(
    rb"error while loading shared libraries|[Ee]rror loading shared library|version `\S+' not found|Exec format error"
)


@contextlib.contextmanager
def host_at(address: str, target: Target, workspace: Path) -> Iterator[Host]:
    """The machine at ssh://[USER@]HOST[:PORT] for the time of a `with` block. `workspace` is what the paths of all
    trees begin with here; the directory there has the same name where that is possible.

    Raises BitfastError when it cannot be reached, lacks something or is not the target's chip.
    """
    wanted = str(workspace) if re.fullmatch(r"/[\w./-]+", str(workspace), flags=re.ASCII) else "-"
    with connection(Address.parsed(address), wanted) as opened:
        host = Host(opened, target, workspace)
        host.require()
        opened.install(str(host.base))
        yield host


class Host:
    """The machine, and the mirror of the tree there. Not for use by two threads at once."""

    def __init__(self, opened: Connection, target: Target, workspace: Path) -> None:
        said: dict[str, list[str]] = {}
        for line in opened.introduction.splitlines():
            key, _, value = line.partition("=")
            said.setdefault(key, []).append(value)
        self.base = Path("".join(said.get("directory", [])))
        self.machine, self.system = "".join(said.get("machine", [])), "".join(said.get("system", []))
        self.lacks = tuple(said.get("lacks", ()))
        self.cpu = cpu_in("\n".join(said.get("cpu", ())), self.machine)
        self.libc = libc_in("\n".join(said.get("libc", ())))
        self.workspace = workspace
        self._target = target
        self._connection = opened
        self._sent: dict[str, tuple[int, ...]] = {}
        self._listed: dict[str, str] = {}

    def __str__(self) -> str:
        return str(self._connection.address)

    @property
    def same_path(self) -> bool:
        """The tree has the same absolute path there as here."""
        return self.base == self.workspace

    @property
    def note(self) -> str:
        """What a reader of the report should know of the tree's place there."""
        if self.same_path:
            return ""
        return f"on {self} the tree had another path than here, {self.base}/tree: answers that hold paths differ by it"

    def require(self) -> None:
        """Raises BitfastError when this host cannot run the target's programs for us."""
        machine = _MACHINES.get(self.machine, self.machine)
        if (self.system, machine) != ("Linux", self._target.machine):
            raise BitfastError(
                f"{self} is a {self.system} {self.machine} machine, and {self._target.triple} needs Linux"
                f" {self._target.machine}",
                next_step="name a machine of that chip, or another --target", exit_status=3,
            )  # fmt: skip
        if self.lacks:
            raise BitfastError(
                f"{self} has no {', '.join(self.lacks)}",
                next_step="install it there (coreutils, findutils, grep, tar, util-linux)",
                exit_status=3,
            )
        if self.base == Path():
            raise BitfastError(
                f"{self} has no place for the tree: neither TMPDIR, /tmp nor the home directory there can be written"
                " to and lets programs run",
                next_step="free some space there, or set TMPDIR in the login shell's start-up file", exit_status=3,
            )  # fmt: skip

    # -- one run ------------------------------------------------------------------------------------------------

    def prepare(
        self, project: Project, commands: Sequence[str], build: Build, tree: Path, variables: Mapping[str, str]
    ) -> None:
        """Make all ready there for `run` of the commands, which are numbered from 1."""
        settings = {name: value for name, value in os.environ.items() if _SURROUNDINGS.fullmatch(name)}
        settings |= {**project.environment, **variables, **holding_environment(project.held, self._target, {})}
        settings.pop("BITFAST_EXECUTED", None)  # only programs under QEMU are noted
        if not self.same_path and (libraries := _library_directories(tree)):
            known = settings.get("LD_LIBRARY_PATH")
            settings["LD_LIBRARY_PATH"] = ":".join([*map(self._there, libraries), *([known] if known else [])])
        front = "".join(f"{self._there(path)}:" for path in dict.fromkeys(made.parent for made in build.executables()))
        path = shlex.quote(settings.pop("PATH")) if "PATH" in settings else '"$PATH"'
        lines = [
            f"cd {shlex.quote(self._there(tree))} || exit 126",
            f"for name in $(env | cut -d= -f1 | grep -xE '{_SURROUNDINGS.pattern}'); do unset \"$name\"; done",
            "ulimit -c 0",
            f"ulimit -f {project.output_limit_bytes >> 9}",  # in units of 512 bytes (POSIX)
            f"PATH={shlex.quote(front)}{path}",
            "export PATH",
        ]
        if project.memory_limit_bytes:
            lines.append(f"ulimit -v {project.memory_limit_bytes >> 10}")
        if project.stdin is not None:
            lines.append(f"exec < {shlex.quote(self._there(tree / project.stdin))}")
        files = {}
        if library := settings.pop("LD_PRELOAD", ""):  # what holds the clock and the like still
            files["steady.so"] = Path(library.replace("$LIB", library_folder(self._target.tools["gcc"])))
            lines.append(f"export LD_PRELOAD=${{LD_PRELOAD:+$LD_PRELOAD:}}{self.base}/steady.so")
        assignments = shlex.join(f"{name}={value}" for name, value in settings.items())
        jobs = {
            f"job{number}": "\n".join(
                [*lines, f"exec env {assignments} /bin/sh -c {shlex.quote(holding_command(project.held, command))}", ""]
            )
            for number, command in enumerate(commands, 1)
        }
        objects = {unit.output for unit in build.units} | {link.output for link in build.links if link.archive}
        self._send(tree, objects, jobs, files)

    def _send(self, tree: Path, without: Collection[Path], texts: Mapping[str, str], files: Mapping[str, Path]) -> None:
        """Make the mirror equal to the tree, but for the files in `without`; only what changed is sent. `texts` and
        `files` go beside it."""
        here = _signatures(tree.parent, without)
        changed = [name for name, signature in here.items() if self._sent.get(name) != signature]
        stale = [name for name in self._sent if name not in here]
        archive = self._connection.folder / "sent.tar"
        with tarfile.open(archive, "w", format=tarfile.GNU_FORMAT) as opened:
            for name in changed:
                opened.add(tree.parent / name, f"tree/{name}", recursive=False)
            for name, path in files.items():
                opened.add(path.resolve(), name)
            for name, text in {"stale": "".join(f"./{name}\0" for name in stale), **texts}.items():
                member = tarfile.TarInfo(name)
                member.size = len(os.fsencode(text))
                opened.addfile(member, io.BytesIO(os.fsencode(text)))
        said = self._connection.do("receive", stdin=archive)
        archive.unlink()
        self._listed = _listing(said.stdout)
        self._sent = here

    def run(self, number: int, seconds: float, stdout: Path, stderr: Path, output_bytes: int | None) -> Finished:
        """Run a job that was sent. Raises BitfastError when the connection breaks, and never for a program that
        fails; what is missing there where one does not start is added to what it said."""
        words = ("run", str(number), str(math.ceil(seconds)))
        finished = self._connection.do_while_wanted(words, stdout, stderr, seconds + _SILENT_SECONDS, output_bytes)
        if finished.status == 128 + signal.SIGKILL and finished.seconds >= seconds:
            return replace(finished, timed_out=True)
        said = stderr.read_bytes()[-4000:]
        if finished.status in (126, 127) or (finished.status and _NOT_LOADED.search(said)):
            lacking = self._connection.do("lacking").stdout
            with stderr.open("ab") as file:
                file.write(
                    os.fsencode(f"on {self}, with {self.libc}")
                    + (b", these are missing:\n" + lacking if lacking else b"\n")
                )
            return replace(finished, status=127)
        return replace(finished, output_limit_hit=finished.output_limit_hit or finished.status == 128 + signal.SIGXFSZ)

    def fetch(self, tree: Path) -> None:
        """Bring what the jobs wrote, changed and removed there into the tree here."""
        there = _listing(self._connection.do("list").stdout)
        wanted = {name for name, signature in there.items() if self._listed.get(name) != signature}
        for name in set(self._listed) - set(there):
            (tree.parent / name).unlink(missing_ok=True)
            self._sent.pop(name, None)
        if wanted:
            names, archive = self._connection.folder / "wanted", self._connection.folder / "fetched.tar"
            names.write_bytes(b"".join(os.fsencode(f"./{name}") + b"\0" for name in sorted(wanted)))
            self._connection.do("fetch", stdin=names, stdout=archive)
            _extract(archive, tree.parent, wanted, str(self))
            archive.unlink()
        for name in wanted:
            self._sent[name] = ()  # whatever lies here next, it is another file
        self._listed = there

    # -- parts --------------------------------------------------------------------------------------------------

    def _there(self, path: Path) -> str:
        return str(self.base / path.relative_to(self.workspace)) if path.is_relative_to(self.workspace) else str(path)


def libc_in(said: str) -> str:
    """The C library that `ldd --version` names: "glibc 2.36 (Debian GLIBC 2.36-9)", "musl 1.2.3"."""
    if found := re.search(r"^ldd \((.*?)\) (\d+\.\d+)", said, flags=re.MULTILINE):
        return f"glibc {found[2]} ({found[1]})"
    if found := re.search(r"musl libc.*?Version (\S+)", said, flags=re.DOTALL):
        return f"musl {found[1]}"
    return "unknown C library"


def _signatures(root: Path, without: Collection[Path]) -> dict[str, tuple[int, ...]]:
    """Every file, link and folder below `root`, with what changes when it is changed or replaced."""
    found = {}
    for directory, folders, names in os.walk(root):
        for name in (*folders, *names):
            path = Path(directory) / name
            status = path.lstat()
            if path in without or not (
                stat.S_ISREG(status.st_mode) or stat.S_ISDIR(status.st_mode) or path.is_symlink()
            ):
                continue
            content = (status.st_size, status.st_mtime_ns, status.st_ino) if not stat.S_ISDIR(status.st_mode) else ()
            found[path.relative_to(root).as_posix()] = (status.st_mode, *content)
    return found


def _listing(said: bytes) -> dict[str, str]:
    """What remote.sh lists: the names of files and what changes there when one is written."""
    if said.startswith(b"\0"):
        return {}
    names, _, states = said.partition(b"\0\0")
    plain = [os.fsdecode(name.removeprefix(b"./")) for name in names.split(b"\0")]
    return dict(zip(plain, states.decode(errors="replace").splitlines(), strict=True))


def _library_directories(tree: Path) -> list[Path]:
    """The folders of the tree that hold shared libraries."""
    return sorted({path.parent for path in tree.rglob("*.so*") if path.is_file()})


def _extract(archive: Path, into: Path, wanted: Collection[str], host: str) -> None:
    """Unpack what was asked for, and nothing else; the host may be anyone's."""
    for name in wanted:
        (into / name).unlink(missing_ok=True)
    try:
        with tarfile.open(archive, ignore_zeros=True) as opened:  # xargs may have called tar several times
            sent = [member for member in opened if member.name.removeprefix("./") in wanted]
            extract(opened, sent, into)
            for member in sent:  # new, whatever the clock there says
                os.utime(into / member.name, follow_symlinks=False)
    except (tarfile.TarError, OSError) as error:
        raise BitfastError(
            f"what {host} sent back cannot be unpacked: {error}", next_step="check again", exit_status=3
        ) from None
