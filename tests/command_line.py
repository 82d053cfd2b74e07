"""A user's command line for tests of bad input: what it said, and that it left nothing behind."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

SOURCE = Path(__file__).parent.parent / "src"
FUSED = """#include <stdio.h>
int main(void)
{
    for (int i = 1; i < 40; i++) {
        volatile double a = 1.0 / i;
        printf("%.17g\\n", a * 3.7 + 0.1);
    }
    return 0;
}
"""
HELLO = '#include <stdio.h>\nint main(void)\n{\n    puts("42");\n    return 0;\n}\n'


@dataclass(frozen=True)
class Said:
    status: int
    stdout: str
    stderr: str

    @property
    def result(self) -> dict[str, object]:
        return dict(json.loads(self.stdout))


class Shell:
    """A user's command line with a folder for temporary files of its own."""

    def __init__(self, directory: Path) -> None:
        self.temporary = directory / "tmp"
        self.temporary.mkdir()
        self.environment = {**os.environ, "PYTHONPATH": str(SOURCE), "TMPDIR": str(self.temporary)}

    def command(self, *arguments: str | bytes | Path) -> list[str | bytes | Path]:
        return [sys.executable, "-m", "bitfast", *arguments]

    def check(self, *arguments: str | bytes | Path, environment: Mapping[str, str] | None = None) -> Said:
        """`bitfast check`, with the result as JSON on stdout; nothing may be left behind."""
        finished = subprocess.run(
            self.command("check", "-q", "--json", "/dev/stdout", *arguments),
            env={**self.environment, **(environment or {})},
            capture_output=True,
            timeout=300,
            check=False,
        )
        said = Said(finished.returncode, finished.stdout.decode(), finished.stderr.decode(errors="replace"))
        assert "Traceback" not in said.stderr
        assert "an error of bitfast itself" not in said.stderr
        assert list(self.temporary.iterdir()) == []
        assert processes_in(self.temporary) == []
        return said


def processes_in(directory: Path) -> list[str]:
    """The processes that work in a directory, run a program from it, or name it."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            where = [str((process / link).readlink()) for link in ("cwd", "exe")]
            words = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if process.name != str(os.getpid()) and any(str(directory) in text for text in (*where, words)):
            found.append(words)
    return found


def state(tree: Path) -> dict[str, tuple[object, ...]]:
    """All that a user could notice of a tree: names, kinds, permissions, times, contents."""
    found: dict[str, tuple[object, ...]] = {}
    for path in (tree, *sorted(tree.rglob("*"))):
        status = path.lstat()
        content = path.read_bytes() if stat.S_ISREG(status.st_mode) else b""
        found[str(path.relative_to(tree))] = (status.st_mode, status.st_mtime_ns, status.st_size, content)
    return found


def tree(directory: Path, **files: str) -> Path:
    """A folder with these files; `__` in a name stands for a dot."""
    directory.mkdir(parents=True)
    for name, text in files.items():
        (directory / name.replace("__", ".")).write_text(text)
    return directory
