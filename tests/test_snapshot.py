"""What a run leaves: results are kept whatever they are called, and the next run finds the tree as it was."""

from __future__ import annotations

import os
import shutil
import struct
from pathlib import Path

import pytest

from bitfast.check.snapshot import Left, Snapshot
from tests.benches import written

ELF = b"\x7fELF\x02\x01" + bytes(10)


class Runs:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.tree = written(folder / "tree", {"a.c": "x", "state.a": "old", "gone.txt": "was here", "sub/in.txt": "1"})
        self.snapshot = Snapshot(self.tree, folder / "spare")

    def begin(self) -> Path:
        self.snapshot.begin(self.tree)
        return self.tree

    def end(self, *wanted: str) -> Left:
        into = self.folder / f"answer{len(list(self.folder.iterdir()))}"
        into.mkdir()
        return self.snapshot.collect(self.tree, into, wanted)


@pytest.fixture
def runs(tmp_path: Path) -> Runs:
    return Runs(tmp_path)


def texts(left: Left) -> dict[str, str]:
    return {name: path.read_text() for name, path in left.outputs.items()}


def test_results_are_kept_by_any_name(runs: Runs) -> None:
    results = {"core.csv": "1\n", "mesh.o": "2\n", "core": "3\n", "nohup.out": "4\n", "a.pyc": "5\n"}
    written(runs.begin(), results)
    left = runs.end()
    assert texts(left) == results
    assert left.left_out == ()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (ELF + struct.pack("<H", 1), "an object file"),
        (ELF + struct.pack("<H", 4), "a core dump"),
        (b"\x7fELF\x01\x02" + bytes(10) + struct.pack(">H", 1), "an object file"),
        (b"adcg", "a coverage profile"),
        (b"gmon", "a profile of gprof"),
    ],
)
def test_what_is_no_answer_is_known_by_its_content_and_listed(runs: Runs, content: bytes, reason: str) -> None:
    written(runs.begin(), {"result.txt": content})
    left = runs.end()
    assert (left.outputs, left.left_out) == ({}, (f"result.txt ({reason})",))
    written(runs.begin(), {"result.txt": content})
    assert set(runs.end("*.txt").outputs) == {"result.txt"}


def test_a_removed_file_is_part_of_the_answer_and_comes_back(runs: Runs) -> None:
    (runs.begin() / "gone.txt").unlink()
    assert texts(runs.end()) == {"gone.txt": "removed\n"}
    assert (runs.tree / "gone.txt").read_text() == "was here"


def test_fifos_links_and_archives_are_answers_and_the_tree_is_put_back(runs: Runs) -> None:
    names = {path.relative_to(runs.tree) for path in runs.tree.rglob("*")}
    for _ in range(2):
        tree = runs.begin()
        os.mkfifo(tree / "pipe")
        (tree / "latest").symlink_to("a.c")
        (tree / "folder").symlink_to("sub")
        (tree / "out/deep").mkdir(parents=True)
        written(tree, {"out/deep/r.txt": "7\n"})
        with (tree / "state.a").open("a") as file:
            file.write("er")
        shutil.rmtree(tree / "sub")
        assert texts(runs.end()) == {
            "pipe": "a FIFO\n",
            "latest": "a link to a.c\n",
            "folder": "a link to sub\n",
            "out/deep/r.txt": "7\n",
            "state.a": "older",
            "sub/in.txt": "removed\n",
        }
        assert {path.relative_to(tree) for path in tree.rglob("*")} == names
        assert (tree / "state.a").read_text() == "old"


def test_a_program_linked_anew_between_runs_stays_when_a_run_touches_it(runs: Runs) -> None:
    (runs.tree / "state.a").write_text("linked anew")
    (runs.begin() / "state.a").unlink()
    runs.end()
    assert (runs.tree / "state.a").read_text() == "linked anew"
