"""Strangers are counted and forgotten: when a visit ends nothing of the face is left that the program held."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from bitfast_faces.cameras.config import Camera, Visits
from bitfast_faces.cameras.events import Who
from bitfast_faces.cameras.scene import Scene
from bitfast_faces.cameras.visits import Book
from faces_videos import Names, ScriptedEngine, face_at, kinds

STRANGER = 3
CAMERA = Camera("door", "door.mp4")


def stood(frames: int) -> ScriptedEngine:
    return ScriptedEngine({number: [(STRANGER, face_at(100, 100))] for number in range(frames)})


def book(scene: Scene) -> Book:
    return scene._book


def test_every_template_and_picture_of_a_face_is_overwritten_when_the_visit_ends() -> None:
    engine = stood(30)
    scene = Scene(CAMERA, Visits(), engine, Names({}))
    held: dict[int, np.ndarray] = {}
    for frame in engine.frames(60):
        scene.see(frame)
        held.update({id(look): look for visit in book(scene).visits for look in visit.looks})
    assert len(held) >= 2
    assert any(look.any() for look in held.values())  # the gap is not over
    scene.wait(10**9)
    assert book(scene).visits == []
    assert not any(array.any() for array in (*held.values(), *engine.chips, *engine.templates))


@pytest.mark.parametrize("ending", ["finish", "wait"])
def test_nothing_is_left_of_a_visit_however_it_ends(ending: str) -> None:
    engine = stood(30)
    scene = Scene(CAMERA, Visits(), engine, Names({}))
    for frame in engine.frames(30):
        scene.see(frame)
    visit = book(scene).visits[0]
    events = scene.finish() if ending == "finish" else scene.wait(10**9)
    assert kinds(events) == ["leave"]
    assert (visit.looks, visit.shot, visit.who, dict(visit.named), visit.scores) == ([], None, None, {}, {})


def test_chips_are_overwritten_although_the_search_fails() -> None:
    class Broken(Names):
        def who(self, templates: object, camera: str = "") -> list[Who | None]:
            raise OSError("the store is gone")

    engine = stood(10)
    scene = Scene(CAMERA, Visits(), engine, Broken({}))
    with pytest.raises(OSError, match="gone"):
        for frame in engine.frames(10):
            scene.see(frame)
    assert engine.chips
    assert not any(array.any() for array in (*engine.chips, *engine.templates))


def test_no_picture_of_a_stranger_is_ever_cut_out() -> None:
    engine = stood(30)
    scene = Scene(CAMERA, Visits(), engine, Names({}, pictures=True), keep=lambda event, pixels: "never.jpg")
    for frame in engine.frames(30):
        scene.see(frame)
        assert all(visit.shot is None for visit in book(scene).visits)


WATCHED = """
import sys, hashlib
import numpy as np
sys.path[:0] = {path!r}
from faces_videos import Names, ScriptedEngine, face_at
from bitfast_faces.cameras.config import Camera, Visits
from bitfast_faces.cameras.scene import Scene

class Secret(ScriptedEngine):
    def embed(self, chips):
        template = np.empty((1, 256), np.uint8)  # in four parts, so that this fake leaves no whole copy itself
        template.reshape(4, 64)[:] = np.frombuffer(hashlib.sha512(b"stranger").digest(), np.uint8)
        return template.view(np.int16)

engine = Secret({{n: [(3, face_at(100, 100))] for n in range(20)}})
scene = Scene(Camera("door", "x"), Visits(), engine, Names({{}}))
for frame in engine.frames(20):
    scene.see(frame)
print("inside", flush=True)
sys.stdin.readline()
scene.wait(10**9)
print("gone", flush=True)
sys.stdin.readline()
"""


def copies_in_memory(process: int, needle: bytes) -> int:
    """How often the bytes are in a process's writable memory."""
    found = 0
    with Path(f"/proc/{process}/mem").open("rb", 0) as memory:
        for line in Path(f"/proc/{process}/maps").read_text().splitlines():
            place, rights, *_ = line.split()
            if not rights.startswith("rw") or line.endswith(("[vvar]", "[vdso]")):
                continue
            begin, end = (int(part, 16) for part in place.split("-"))
            try:
                memory.seek(begin)
                found += memory.read(end - begin).count(needle)
            except OSError:
                continue
    return found


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="reads a process's memory, which Linux shows")
def test_a_process_holds_a_strangers_template_during_the_visit_and_not_after_it() -> None:
    # 200 of the template's 256 bytes: what a freed block's first bytes hold is the allocator's.
    needle = (hashlib.sha512(b"stranger").digest() * 4)[32:232]
    here = Path(__file__).parent
    path = [str(here), *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep)), *sys.path]
    program = WATCHED.format(path=path)
    process = subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
    )
    try:
        assert process.stdout is not None and process.stdin is not None
        assert process.stdout.readline() == "inside\n"
        try:
            during = copies_in_memory(process.pid, needle)
        except PermissionError:
            pytest.skip("this machine does not let a parent read its child's memory")
        process.stdin.write("\n")
        assert process.stdout.readline() == "gone\n"
        time.sleep(0.05)
        after = copies_in_memory(process.pid, needle)
        process.stdin.write("\n")
        assert process.wait(10) == 0
    finally:
        process.kill()
        process.wait(10)
    assert during >= 1
    assert after == 0
