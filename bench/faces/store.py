"""How long a store takes: `python -m bench.faces.store [TEMPLATES]`, by default a million, on this machine's disk.

Processor time and elapsed time are given both: the first is what the store costs, the second has the disk and whatever
else the machine does in it.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from importlib.metadata import version
from pathlib import Path

import numpy as np

from bitfast_faces.matching import UNIT
from bitfast_faces.store import Consent, open_store
from bitfast_faces.store.books import Books
from bitfast_faces.types import Templates

SPACE = "0" * 16
EACH = 1000  # templates a person, in one transaction


def strangers(count: int) -> Iterator[Templates]:
    """Templates by script, EACH at a time."""
    generator = np.random.default_rng(5)
    for _ in range(0, count, EACH):
        directions = generator.standard_normal((EACH, 128))
        unit = directions / np.sqrt((directions * directions).sum(axis=1, keepdims=True))
        yield np.rint(unit * UNIT).astype(np.int16)


def timed(name: str, times: int, work: Callable[[int], object]) -> str:
    """A row: the median of both clocks, in milliseconds."""
    elapsed, processor = [], []
    for at in range(times):
        start, used = time.perf_counter(), time.process_time()
        work(at)
        elapsed.append(1000 * (time.perf_counter() - start))
        processor.append(1000 * (time.process_time() - used))
    return f"| {name} | {statistics.median(processor):.1f} | {statistics.median(elapsed):.1f} |"


def rows(store: Books, count: int) -> Iterator[str]:
    today = date.today()
    agreed = Consent("bench", today - timedelta(days=1), today + timedelta(days=9), "a script", None, False, "none")
    queries = []
    people = strangers(count)

    def enrol(at: int) -> None:
        templates = next(people)
        if at < 20:
            queries.append(templates[7])
        store.enrol(f"P{at}", templates, agreed, space=SPACE, source="")

    yield timed(f"enrol {EACH} templates of one person", count // EACH, enrol)
    yield timed("first search: all are decrypted", 1, lambda at: store.search(queries[0], purpose="bench"))
    yield timed("search one face", 21, lambda at: store.search(queries[at % len(queries)], purpose="bench"))
    group = np.stack([queries[at % len(queries)] for at in range(20)])
    yield timed("a picture with 20 faces", 5, lambda at: store.recognise(group, purpose="bench"))
    few = store.enrol("few", strangers(1).__next__()[:10], agreed, space=SPACE, source="")
    yield timed("delete a person of ten templates", 1, lambda at: store.delete(few))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("templates", nargs="?", type=int, default=1_000_000)
    count = max(parser.parse_args().templates // EACH, 1) * EACH
    cpu = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    print(
        f"{cpu[1] if cpu else platform.machine()}, Python {platform.python_version()}, NumPy {version('numpy')}, "
        f"cryptography {version('cryptography')}; load {os.getloadavg()[0]:.1f}; {count} templates",
    )
    print("\n| median | processor, ms | elapsed, ms |\n|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(Path(folder, "store", "faces.db"), Path(folder, "keys", "key"), create=True)
        try:
            for row in rows(store, count):
                print(row, flush=True)
        finally:
            store.close()


if __name__ == "__main__":
    main()
