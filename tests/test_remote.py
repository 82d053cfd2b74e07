"""check --on ssh://HOST against a real sshd on this machine: answers, files, ends of processes, and what goes wrong."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from bitfast.check.calls import Build
from bitfast.check.project import Project
from bitfast.check.remote import Host, host_at, libc_in
from bitfast.check.ssh import Address, ssh_command
from bitfast.check.toolbox import preloaded
from bitfast.chips import Target, qemu_command, reference
from bitfast.words import BitfastError
from tests.ssh_server import SSHD, Server, server

pytestmark = pytest.mark.skipif(
    SSHD is None or shutil.which("ssh") is None, reason="no OpenSSH server and client (`make test` installs them)"
)

ZOO = Path(__file__).parent / "zoo"
SLEEP = f"sleep 9{os.getpid():07d}"
"""How the command lines begin with which the tests' programs stay: no other run's are the same."""


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with server(tmp_path_factory.mktemp("ssh") / "server", {"WHERE": "there", "OMP_NUM_THREADS": "7"}) as running:
        yield running


@pytest.fixture
def reachable(there: Server, monkeypatch: pytest.MonkeyPatch) -> Server:
    monkeypatch.setenv("BITFAST_SSH", there.command)
    return there


def call(there: Server, *words: str | Path, environment: Mapping[str, str] | None = None) -> subprocess.Popen[str]:
    """`bitfast check … --on ssh://there` as a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "bitfast", "check", *words, "--on", "ssh://there"],
        env={
            **os.environ,
            "BITFAST_SSH": there.command,
            "PYTHONPATH": os.pathsep.join(sys.path),
            **(environment or {}),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # Tests in the background are started with SIGINT ignored, which children inherit.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL) and None,
    )


def checked(there: Server, tmp_path: Path, *words: str | Path, environment: Mapping[str, str] | None = None) -> dict:
    """The report of a check there."""
    report = tmp_path / "report.json"
    process = call(there, *words, "--json", report, environment=environment)
    said = "\n".join(process.communicate(timeout=200))
    assert report.exists(), said
    return json.loads(report.read_text())


def source(folder: Path, text: str, run: str = "./program", extra: str = "") -> Path:
    """A project of one C file."""
    folder.mkdir()
    (folder / "program.c").write_text(text)
    configuration = f"build = 'gcc -O2 program.c -o program'\nrun = '''{run}'''\n{extra}"
    (folder / "bitfast.toml").write_text(configuration)
    return folder


def run_there(
    tree: Path, host: Host, command: str, seconds: float = 20, variables: Mapping[str, str] | None = None
) -> tuple[str, int, bool]:
    """stdout, status and whether the time was up, of one command in the mirror of `tree`."""
    host.prepare(Project("p", tree, "command", ()), [command], Build((), ()), tree, variables or {})
    out, err = tree.parent.parent / "out", tree.parent.parent / "err"
    finished = host.run(1, seconds, out, err, None)
    host.fetch(tree)
    return out.read_text(), finished.status, finished.timed_out


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A workspace's tree, whose workspace is tmp_path."""
    path = tmp_path / "tree" / "project with a space"
    path.mkdir(parents=True)
    (path / "data").write_text("data\n")
    return path


def processes_with(word: str) -> list[str]:
    """The command lines that contain the word."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = entry.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if word in line:
            found.append(line)
    return found


def eventually(condition: Callable[[], bool], seconds: float = 10) -> bool:
    limit = time.monotonic() + seconds
    while not (true := condition()) and time.monotonic() < limit:
        time.sleep(0.05)
    return true


# -- whole checks -----------------------------------------------------------------------------------------------------


def test_another_machine_of_the_reference_s_own_chip_gives_the_same_answer(there: Server, tmp_path: Path) -> None:
    report = checked(there, tmp_path, ZOO / "same-contract-off-c", "--target", reference().triple)
    assert report["verdict"] == "same"
    assert report["target"]["runner"] == "ssh://there"
    assert report["reference"]["runner"] == "this machine"
    assert report["target"]["cpu"] == report["reference"]["cpu"]  # the two are one machine here
    assert report["target"]["libc"].split()[:2] == report["reference"]["libc"].split()[:2]


def test_the_target_s_program_runs_there_and_the_reference_s_here(there: Server, tmp_path: Path) -> None:
    text = (
        "#include <stdio.h>\n#include <stdlib.h>\n"
        'int main(void) { puts(getenv("WHERE") ? getenv("WHERE") : "here"); }\n'
    )
    path = source(tmp_path / "where", text)
    report = checked(there, tmp_path, path, "--target", reference().triple, "--no-search")
    assert report["verdict"] == "differs"
    assert report["differences"][0]["first"]["reference"] == "here"
    assert report["differences"][0]["first"]["target"] == "there"


def test_files_that_are_written_changed_and_removed_there_are_part_of_the_answer(there: Server, tmp_path: Path) -> None:
    text = '#include <stdio.h>\nint main(void) { return fputs("some\\n", stdout) < 0; }\n'
    run = "mkdir -p 'o ut' && ./program > 'o ut/ä' && echo \"$WHERE\" >> kept && rm gone && cat < input"
    path = source(tmp_path / "files", text, run, "reference-runs = 2\n")
    for name in ("kept", "gone", "input"):
        (path / name).write_text(f"{name}\n")
    report = checked(there, tmp_path, path, "--target", reference().triple, "--no-search")
    assert [one["output"] for one in report["differences"]] == ["kept"]
    assert (path / "kept").read_text() == "kept\n"


def test_an_aarch64_program_is_checked_searched_and_cured_over_ssh(
    target_here: Callable[[str], Target], tmp_path: Path
) -> None:
    target = target_here("aarch64-linux-gnu")
    emulator = qemu_command(target)
    runner = tmp_path / "runner"
    runner.write_text(f'#!/bin/sh\nexec {shutil.which(emulator[0])} {" ".join(emulator[1:])} "$@"\n')
    runner.chmod(0o755)
    foreign = {
        "LD_PRELOAD": preloaded("foreign_exec.c", target), "BITFAST_RUNNER": str(runner),
        "BITFAST_MACHINE": str(target.elf_machine), "BITFAST_UNAME": target.machine,
    }  # fmt: skip
    with server(tmp_path / "server", foreign) as arm:
        report = checked(arm, tmp_path, ZOO / "fma-quadratic-c")
    assert report["verdict"] == "cured"
    assert report["cure"]["verified"]
    assert report["target"]["runner"] == "ssh://there"
    assert [cause["cause"] for cause in report["causes"]] == ["fused-multiply-add"]
    assert {(place["file"], place["line"]) for place in report["causes"][0]["places"]} == {("roots.c", 7)}


def test_the_clock_is_held_still_there_too(there: Server, tmp_path: Path) -> None:
    text = (
        "#include <stdio.h>\n#include <stdlib.h>\n#include <time.h>\n"
        'int main(void) { srand(time(NULL) * 7919 + clock()); for (int i = 0; i < 20; i++) printf("%d\\n", rand()); }\n'
    )
    report = checked(there, tmp_path, source(tmp_path / "dice", text), "--target", reference().triple)
    assert report["verdict"] == "same"
    assert any("with the clock held still" in note for note in report["notes"])


def test_a_shared_library_of_the_tree_is_loaded_from_the_tree_there(there: Server, tmp_path: Path) -> None:
    path = source(
        tmp_path / "shared",
        "int of_library(void); int main(void) { return of_library(); }\n",
        'LD_TRACE_LOADED_OBJECTS=1 ./program | grep -c " $PWD/lib/libours.so"; ./program',
    )
    (path / "ours.c").write_text("int of_library(void) { return 0; }\n")
    (path / "bitfast.toml").write_text(
        (path / "bitfast.toml").read_text().replace(
            "'gcc -O2 program.c -o program'",
            "['mkdir lib', 'gcc -shared -fPIC ours.c -o lib/libours.so',"
            " 'gcc program.c -o program -Llib -lours -Wl,-rpath,\"$PWD/lib\"']",
        )
    )  # fmt: skip
    assert checked(there, tmp_path, path, "--target", reference().triple, "--no-search")["verdict"] == "same"


def test_a_shared_library_that_is_missing_there_is_named(there: Server, tmp_path: Path) -> None:
    library = tmp_path / "only-here" / "libonlyhere.so"
    library.parent.mkdir()
    (tmp_path / "only.c").write_text("int only_here(void) { return 0; }\n")
    subprocess.run(["gcc", "-shared", "-fPIC", tmp_path / "only.c", "-o", library], check=True)
    path = source(tmp_path / "missing", "int only_here(void); int main(void) { return only_here(); }\n")
    (path / "bitfast.toml").write_text(
        f"build = 'gcc program.c -o program -L{library.parent} -lonlyhere'\n"
        "run = 'LD_LIBRARY_PATH=$ONLY_HERE ./program'\n"
    )
    environment = {"ONLY_HERE": str(library.parent)}
    report = checked(there, tmp_path, path, "--target", reference().triple, environment=environment)
    assert report["verdict"] == "not-run"
    assert any("these are missing" in note and "libonlyhere.so => not found" in note for note in report["notes"])


# -- the mirror -------------------------------------------------------------------------------------------------------


def test_only_what_changed_is_sent_again_and_the_tree_is_as_it_was(
    reachable: Server, tree: Path, tmp_path: Path
) -> None:
    (tree / "changing").write_text("1\n")
    with host_at("ssh://there", reference(), tmp_path) as host:
        look = "cat changing; ls; rm data; echo new > new; echo more >> changing"
        first, _, _ = run_there(tree, host, look)
        assert (tree / "new").read_text() == "new\n"
        assert (tree / "changing").read_text() == "1\nmore\n"
        assert not (tree / "data").exists()
        (tree / "new").unlink()  # what a snapshot does after each run
        (tree / "data").write_text("data\n")
        (tree / "changing").write_text("2\n")
        second, _, _ = run_there(tree, host, "cat data changing; ls; stat -c %z changing")
        third, _, _ = run_there(tree, host, "stat -c %z changing")
    assert first.splitlines() == ["1", "changing", "data"]
    assert second.splitlines()[:-1] == ["data", "2", "changing", "data"]
    assert third.splitlines() == second.splitlines()[-1:]  # not sent again: its status did not change


def test_the_tree_lies_under_the_same_path_where_that_is_free(reachable: Server, tmp_path: Path) -> None:
    free = tmp_path / "free"
    with host_at("ssh://there", reference(), free) as host:
        assert host.base == free
        assert host.same_path
        assert host.note == ""
        assert free.stat().st_mode & 0o777 == 0o700
    assert not free.exists()
    with host_at("ssh://there", reference(), tmp_path) as host:
        assert not host.same_path
        assert host.base.name.startswith("bitfast-")
        assert f"{host.base}/tree" in host.note
        other = host.base
    assert not other.exists()


def test_surroundings_and_variables_are_those_of_here(
    reachable: Server, tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    with host_at("ssh://there", reference(), tmp_path) as host:
        variables = {"AB": "x'\"$HOME\n", "MINE": "1", "BITFAST_EXECUTED": "no"}
        said, _, _ = run_there(tree, host, "env; pwd", variables=variables)
    lines = said.splitlines()
    assert "TZ=Asia/Tokyo" in lines
    assert "AB=x'\"$HOME" in lines
    assert not [line for line in lines if line.startswith(("BITFAST_EXECUTED", "OMP_NUM_THREADS"))]
    assert lines[-1] == str(host.base / "tree" / "project with a space")


@pytest.mark.parametrize(("command", "status"), [("exit 255", 255), ("exit 3", 3), ("kill -SEGV $$", 139)])
def test_the_status_is_the_program_s_own(
    reachable: Server, tree: Path, tmp_path: Path, command: str, status: int
) -> None:
    with host_at("ssh://there", reference(), tmp_path) as host:
        assert run_there(tree, host, command)[1:] == (status, False)


# -- ends -------------------------------------------------------------------------------------------------------------


def test_nothing_is_left_of_a_program_that_does_not_end(reachable: Server, tree: Path, tmp_path: Path) -> None:
    with host_at("ssh://there", reference(), tmp_path) as host:
        command = "sleep 98761 & setsid sleep 98762 & (setsid setsid sleep 98763 &) ; sleep 98764"
        begin = time.monotonic()
        assert run_there(tree, host, command, seconds=1)[2]
        assert time.monotonic() - begin < 10
        assert not processes_with(SLEEP)


def test_nothing_is_left_of_what_a_program_leaves_running(reachable: Server, tree: Path, tmp_path: Path) -> None:
    with host_at("ssh://there", reference(), tmp_path) as host:
        said, status, _ = run_there(tree, host, f"setsid {SLEEP} > /dev/null 2>&1 & echo done")
        assert (said, status) == ("done\n", 0)
        assert not processes_with(SLEEP)


def test_a_host_with_busybox_alone_does(monkeypatch: pytest.MonkeyPatch, tree: Path, tmp_path: Path) -> None:
    busybox = shutil.which("busybox")
    if busybox is None:
        pytest.skip("no busybox")
    tools = tmp_path / "bin"
    tools.mkdir()
    names = subprocess.run([busybox, "--list"], capture_output=True, text=True, check=True).stdout.split()
    for name in names:
        (tools / name).symlink_to(busybox)
    with server(
        tmp_path / "server", shell=f'{busybox} env PATH={tools} {busybox} sh -c "$SSH_ORIGINAL_COMMAND"'
    ) as small:
        monkeypatch.setenv("BITFAST_SSH", small.command)
        with host_at("ssh://there", reference(), tmp_path) as host:
            command = "cat data; rm data; echo new > 'a b'; readlink -f $(command -v tar)"
            assert run_there(tree, host, command)[0] == f"data\n{Path(busybox).resolve()}\n"
            assert sorted(path.name for path in tree.iterdir()) == ["a b"]
            assert run_there(tree, host, "ls")[0] == "a b\n"
            assert run_there(tree, host, f"setsid {SLEEP}5 & {SLEEP}6", seconds=1)[2]
            assert not processes_with(SLEEP)
        assert not host.base.exists()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_nothing_is_left_there_when_the_check_is_ended(there: Server, tmp_path: Path, how: signal.Signals) -> None:
    run = f'if [ "$WHERE" ]; then pwd > {tmp_path}/place; {SLEEP}; fi'
    path = source(tmp_path / "long", "int main(void) { return 0; }\n", run)
    process = call(there, path, "--target", reference().triple, environment={"TMPDIR": str(tmp_path)})
    place = tmp_path / "place"
    assert eventually(lambda: place.exists() and bool(place.read_text()) and bool(processes_with(SLEEP)), 60)
    base = Path(place.read_text().strip()).parent.parent
    assert base.exists()
    process.send_signal(how)
    process.communicate(timeout=30)
    assert process.returncode == (-signal.SIGKILL if how == signal.SIGKILL else 130)
    assert eventually(lambda: not base.exists())
    assert eventually(lambda: not processes_with(SLEEP))
    assert eventually(lambda: not processes_with(f"ssh -F {there.config}"))


# -- what goes wrong --------------------------------------------------------------------------------------------------


def error(address: str, target: Target | None = None) -> BitfastError:
    with pytest.raises(BitfastError) as raised, host_at(address, target or reference(), Path("/nonexistent/bitfast")):
        pass
    assert raised.value.next_step
    return raised.value


@pytest.mark.parametrize(
    ("options", "meaning"),
    [
        ({"UserKnownHostsFile": "/dev/null"}, "the host key of ssh://there is not known here"),
        ({"IdentityFile": "/nonexistent"}, "ssh://there does not let you in without a password"),
        ({"Port": "1"}, "ssh://there cannot be reached:\nssh: connect to host 127.0.0.1 port 1: Connection refused"),
        ({"HostName": "no-such-host.invalid"}, "there is no host of the name in ssh://there"),
    ],
)
def test_a_host_that_cannot_be_used_is_a_clear_error(
    there: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, options: dict[str, str], meaning: str
) -> None:
    other = Server(tmp_path, there.port, there.process)
    shutil.copy(there.config, other.config)
    other.set(**options)
    monkeypatch.setenv("BITFAST_SSH", other.command)
    asked = tmp_path / "asked"
    (tmp_path / "ask").write_text(f"#!/bin/sh\necho yes | tee {asked}\n")
    (tmp_path / "ask").chmod(0o755)
    monkeypatch.setenv("SSH_ASKPASS", str(tmp_path / "ask"))
    monkeypatch.setenv("SSH_ASKPASS_REQUIRE", "force")
    found = error("ssh://there")
    assert not asked.exists()  # nobody is there to answer
    assert found.message.startswith(meaning)
    assert found.exit_status == 3


def test_a_changed_host_key_is_a_clear_error(there: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    other = Server(tmp_path, there.port, there.process)
    shutil.copy(there.config, other.config)
    key = (there.folder / "user_key.pub").read_text().split()
    (tmp_path / "known").write_text(f"[127.0.0.1]:{there.port} {key[0]} {key[1]}\n")
    other.set(UserKnownHostsFile=str(tmp_path / "known"))
    monkeypatch.setenv("BITFAST_SSH", other.command)
    assert error("ssh://there").message.startswith("ssh://there shows another host key than it used to")


def test_a_machine_of_another_chip_is_a_clear_error(reachable: Server, target_here: Callable[[str], Target]) -> None:
    found = error("ssh://there", target_here("aarch64-linux-gnu"))
    assert "is a Linux x86_64 machine, and aarch64-linux-gnu needs Linux aarch64" in found.message


def test_a_login_shell_that_talks_is_a_clear_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    talking = '/bin/sh -c "echo Welcome; exec $SSH_ORIGINAL_COMMAND"'
    with server(tmp_path / "server", shell=talking) as noisy:
        monkeypatch.setenv("BITFAST_SSH", noisy.command)
        assert "Welcome" in error("ssh://there").message


def test_a_connection_that_breaks_is_a_clear_error(monkeypatch: pytest.MonkeyPatch, tree: Path, tmp_path: Path) -> None:
    with server(tmp_path / "server") as breaking:
        monkeypatch.setenv("BITFAST_SSH", breaking.command)
        with host_at("ssh://there", reference(), tmp_path) as host, pytest.raises(BitfastError, match="was lost"):
            # the command's parent is remote.sh, and the parent of that the process that serves the connection
            run_there(tree, host, f"kill -KILL $(ps -o ppid= -p $(ps -o ppid= -p $$)); {SLEEP}")
        assert eventually(lambda: not host.base.exists())
        assert eventually(lambda: not processes_with(SLEEP))


@pytest.mark.parametrize(
    "text",
    ["there", "ssh://", "ssh://-oProxyCommand=x", "ssh://-l@there", "ssh://there/path", "ssh://a b", "http://there"],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(BitfastError, match="is not an address"):
        Address.parsed(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ssh://Kunpeng_1", ("--", "Kunpeng_1")),
        ("ssh://me@host.example:2222", ("-l", "me", "-p", "2222", "--", "host.example")),
        ("ssh://[fe80::1]:22/", ("-p", "22", "--", "fe80::1")),
    ],
)
def test_an_address_is_handed_to_ssh(text: str, words: tuple[str, ...]) -> None:
    address = Address.parsed(text)
    assert address.words == words
    assert str(address) == text.rstrip("/")


def test_no_ssh_client_is_a_clear_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BITFAST_SSH", "no-such-ssh -v")
    with pytest.raises(BitfastError, match="there is no no-such-ssh here"):
        ssh_command()


@pytest.mark.parametrize(
    ("said", "libc"),
    [
        ("ldd (Debian GLIBC 2.36-9+deb12u14) 2.36\nCopyright", "glibc 2.36 (Debian GLIBC 2.36-9+deb12u14)"),
        ("ldd (GNU libc) 2.28\n", "glibc 2.28 (GNU libc)"),
        ("musl libc (aarch64)\nVersion 1.2.3\nDynamic", "musl 1.2.3"),
        ("sh: ldd: not found", "unknown C library"),
    ],
)
def test_the_c_library_is_named(said: str, libc: str) -> None:
    assert libc_in(said) == libc
