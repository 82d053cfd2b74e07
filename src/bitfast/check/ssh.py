"""The connection to a machine over ssh: its address, OpenSSH's client, and what goes wrong, said for people.

One connection is shared by all that is done. Its first session keeps a private directory on the machine and removes it
when this process ends, however it ends. What the machine does is in remote.sh.
"""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import shutil
import tarfile
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bitfast.process import Finished, run
from bitfast.words import BitfastError

_SCRIPT = Path(__file__).with_name("remote.sh")
_CONNECT_SECONDS = 20
_TRANSFER_SECONDS = 1800
_OPTIONS = (
    "-T", "-x", "-a", "-oBatchMode=yes", f"-oConnectTimeout={_CONNECT_SECONDS}", "-oServerAliveInterval=15",
    "-oServerAliveCountMax=4", "-oClearAllForwardings=yes", "-oPermitLocalCommand=no", "-oRemoteCommand=none",
    "-oLogLevel=ERROR",
)  # fmt: skip
_ADDRESS = re.compile(
    r"ssh://(?:(?P<user>[^@/:\s-][^@/:\s]*)@)?(?P<host>\[[0-9A-Fa-f:.]+(?:%\w+)?\]|[^@/:\s\[\]-][^@/:\s\[\]]*)(?::(?P<port>\d{1,5}))?/?"
)
# What ssh says → what it means and what to do about it; {host} is the address, {words} how to call ssh by hand.
_SAID: tuple[tuple[str, str, str], ...] = (
    ("has changed and you have requested", "{host} shows another host key than it used to",
     "find out why; if it is the same machine, remove the old key with `ssh-keygen -R`"),
    ("Host key verification failed", "the host key of {host} is not known here",
     "run `{words} true` once by hand and compare the key's fingerprint before you accept it"),
    ("Permission denied", "{host} does not let you in without a password",
     "set up a key (`ssh-copy-id`), or add it to the agent (`ssh-add`); `{words} true` must work without a question"),
    ("Could not resolve hostname", "there is no host of the name in {host}",
     "check the name, or its entry in ~/.ssh/config"),
)  # fmt: skip


@dataclass(frozen=True)
class Address:
    """Where the host is: what ssh://[USER@]HOST[:PORT] says."""

    host: str
    user: str = ""
    port: str = ""

    @staticmethod
    def parsed(text: str) -> Address:
        """The address in `text`. Raises BitfastError for anything else than ssh://[USER@]HOST[:PORT]."""
        found = _ADDRESS.fullmatch(text)
        if found is None:
            raise BitfastError(
                f"--on {text!r} is not an address of the form ssh://[USER@]HOST[:PORT]",
                next_step="for instance: --on ssh://me@kunpeng.example.org",
            )
        return Address(found["host"].strip("[]"), found["user"] or "", found["port"] or "")

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return "ssh://" + (f"{self.user}@" if self.user else "") + host + (f":{self.port}" if self.port else "")

    @property
    def words(self) -> tuple[str, ...]:
        """The address as arguments of ssh."""
        return (*(("-l", self.user) if self.user else ()), *(("-p", self.port) if self.port else ()), "--", self.host)


def ssh_command() -> tuple[str, ...]:
    """How ssh is called: `ssh`, or the words in BITFAST_SSH, such as "ssh -F my-config".

    Raises BitfastError where there is no such command.
    """
    command = tuple(shlex.split(os.environ.get("BITFAST_SSH", ""))) or ("ssh",)
    if shutil.which(command[0]) is None:
        raise BitfastError(
            f"--on needs OpenSSH's client, and there is no {command[0]} here",
            next_step="install openssh-client (Debian, Ubuntu) or openssh-clients",
        )
    return command


class Connection:
    """An open connection. `introduction` is what the machine said of itself: remote.sh, `keep`."""

    def __init__(self, address: Address, ssh: Sequence[str], keeper: _Keeper, folder: Path) -> None:
        self.address, self.folder = address, folder
        self.introduction = keeper.introduction()
        self.directory = ""  # the private directory there
        self._keeper = keeper
        self._ssh = (*ssh, *_OPTIONS, "-S", str(folder / "c"), "-oControlMaster=no", *address.words)

    @property
    def alive(self) -> bool:
        return not self._keeper.ended.is_set()

    def install(self, directory: str) -> None:
        """Put remote.sh into the directory there, which the machine named."""
        self.directory = directory
        archive = self.folder / "script.tar"
        with tarfile.open(archive, "w", format=tarfile.GNU_FORMAT) as opened:
            opened.add(_SCRIPT, "remote.sh")
        finished = run(
            (*self._ssh, "tar", "-xof", "-", "-C", directory), stdin=archive, timeout_seconds=_TRANSFER_SECONDS
        )
        self.checked(finished, "prepare")

    def do(self, what: str, stdin: Path | None = None, stdout: Path | None = None) -> Finished:
        """Have remote.sh do something. Raises BitfastError when it fails."""
        finished = run(self._command(what), stdin=stdin, stdout=stdout, timeout_seconds=_TRANSFER_SECONDS)
        return self.checked(finished, what)

    def do_while_wanted(
        self, what: Sequence[str], stdout: Path, stderr: Path, seconds: float, output_bytes: int | None
    ) -> Finished:
        """Have remote.sh do something that ends there, too, when this call ends. Raises BitfastError when the
        connection breaks, or the machine is silent for longer than that."""
        reading, writing = os.pipe()
        try:  # the open pipe is what tells the machine that the answer is still wanted
            finished = run(
                self._command(*what), stdin=_descriptor(reading), stdout=stdout, stderr=stderr,
                timeout_seconds=seconds, output_bytes=output_bytes,
            )  # fmt: skip
        finally:
            os.close(writing)
            os.close(reading)
        if finished.timed_out or (finished.status == 255 and not self.alive):
            raise self._lost(stderr.read_bytes()[-800:].decode(errors="replace"))
        return finished

    def checked(self, finished: Finished, what: str) -> Finished:
        """The same again. Raises BitfastError when it failed."""
        if finished.ok:
            return finished
        if not self.alive or finished.timed_out:
            raise self._lost(finished.last_lines(4))
        raise BitfastError(
            f"{self.address} cannot {what}:\n{finished.last_lines(4)}",
            next_step="check its free space and memory",
            exit_status=3,
        )

    def _command(self, *words: str) -> tuple[str, ...]:
        return (*self._ssh, "/bin/sh", f"{self.directory}/remote.sh", *words)

    def _lost(self, said: str) -> BitfastError:
        return BitfastError(
            f"the connection to {self.address} was lost:\n{said.strip() or self._keeper.failure}",
            next_step="check the network and the machine, then check again", exit_status=3,
        )  # fmt: skip


@contextlib.contextmanager
def connection(address: Address, wanted: str) -> Iterator[Connection]:
    """A connection for the time of a `with` block. `wanted` is the directory that should be made there, or "-".

    Raises BitfastError when the machine cannot be reached.
    """
    ssh = ssh_command()
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bf-", dir=_short_directory())))
        reading, writing = os.pipe()
        keeper = _Keeper(ssh, address, folder, reading, wanted)
        stack.callback(keeper.ended.wait, _CONNECT_SECONDS)
        stack.callback(os.close, reading)
        stack.callback(os.close, writing)  # the first of the three: the end of its input is what ends the keeper
        keeper.start()
        os.write(writing, _SCRIPT.read_bytes())
        yield Connection(address, ssh, keeper, folder)


def _short_directory() -> str:
    """A directory for the connection's socket, whose path may have 107 bytes at most (unix(7)), 40 of them ours."""
    usual = tempfile.gettempdir()
    return usual if len(os.fsencode(usual)) <= 60 and "%" not in usual else "/tmp"


def _descriptor(number: int) -> Path:
    return Path(f"/proc/self/fd/{number}")


class _Keeper(threading.Thread):
    """The first session of the connection: its process lives as long as its standard input stays open."""

    def __init__(self, ssh: Sequence[str], address: Address, folder: Path, reading: int, wanted: str) -> None:
        super().__init__(daemon=True)
        self.address, self.folder, self.reading = address, folder, reading
        self.ended = threading.Event()
        self.failure = ""
        self.command = (
            *ssh, *_OPTIONS, "-M", "-S", str(folder / "c"), "-oControlPersist=no",
            *address.words, "/bin/sh", "-s", "keep", wanted,
        )  # fmt: skip

    def run(self) -> None:
        try:
            finished = run(self.command, stdin=_descriptor(self.reading), stdout=self.folder / "said", lasting=True)
            self.failure = finished.last_lines(4)
        except BitfastError as error:
            self.failure = error.message
        finally:
            self.ended.set()

    def introduction(self) -> str:
        """What the host says of itself. Raises BitfastError when the connection fails."""
        limit = time.monotonic() + 3 * _CONNECT_SECONDS
        said = ""
        while "\nbitfast-end\n" not in said:
            over = self.ended.wait(0.01)
            path = self.folder / "said"
            said = path.read_text(errors="replace") if path.exists() else ""
            if "\nbitfast-end\n" not in said and (over or time.monotonic() > limit):
                raise self.error()
        noise, _, introduction = said.partition("bitfast-begin\n")
        if noise.strip():
            raise BitfastError(
                f"the login shell on {self.address} prints text of its own, which would be mixed with the program's:"
                f"\n{noise.strip()[:200]}",
                next_step="make its start-up files (~/.bashrc) silent for shells that are not interactive",
                exit_status=3,
            )
        return introduction

    def error(self) -> BitfastError:
        """Why there is no connection, for people."""
        words = shlex.join((*ssh_command(), *(word for word in self.address.words if word != "--")))
        for sign, meaning, step in _SAID:
            if sign in self.failure:
                return BitfastError(
                    f"{meaning.format(host=self.address)}:\n{self.failure}",
                    next_step=step.format(words=words),
                    exit_status=3,
                )
        reason = self.failure or "it does not answer"
        return BitfastError(
            f"{self.address} cannot be reached:\n{reason}",
            next_step=f"check that the machine is up; `{words} true` must work",
            exit_status=3,
        )
