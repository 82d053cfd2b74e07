"""Photos are sorted into people by a stated rule, whatever their order, and nothing is kept."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bitfast_faces import clustering
from bitfast_faces.cluster_folder import Look, cluster_for_web, link, sort_folder
from bitfast_faces.cluster_progress import SealedMemory
from bitfast_faces.clustering import MOST_FACES, groups
from bitfast_faces.errors import FacesError
from bitfast_faces.matching import ONE, similarities
from bitfast_faces.store.vault import Key
from bitfast_faces.types import Templates
from faces_stores import SPACE, WrittenFaces, pictures_of, rounded, strangers, write_photo


def best_pair_each_time(templates: Templates, photos: list[str], threshold: int) -> set[frozenset[int]]:
    """The rule word for word: search all pairs of groups for the most alike one, join it, and again."""
    scores = similarities(templates, templates).tolist()
    found = [frozenset([face]) for face in range(len(templates))]
    while True:
        pairs = []
        for a in found:
            for b in found:
                if a is not b and not {photos[x] for x in a} & {photos[y] for y in b}:
                    mean = Fraction(sum(scores[x][y] for x in a for y in b), len(a) * len(b))
                    pairs.append((mean, a, b))
        if not pairs or (best := max(pairs, key=lambda pair: pair[0]))[0] < threshold:
            return set(found)
        found = [one for one in found if one not in best[1:]] + [best[1] | best[2]]


def some_faces(seed: int, count: int) -> tuple[Templates, list[str]]:
    """Families: people whose faces are somewhat alike, several pictures of each, some of them in one photo."""
    generator = np.random.default_rng(seed)
    family = generator.normal(size=(3, 128))
    people = np.repeat(family, 3, axis=0) + 0.5 * generator.normal(size=(9, 128))
    who = generator.integers(0, 9, count)
    faces = people[who] + generator.choice([0.001, 0.1, 0.4, 0.7]) * generator.normal(size=(count, 128))
    return rounded(faces), [f"photo {n}" for n in generator.integers(0, max(1, count * 2 // 3), count)]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 24), st.integers(60, 95))
def test_the_groups_are_those_of_joining_the_best_pair_each_time(seed: int, count: int, percent: int) -> None:
    templates, photos = some_faces(seed, count)
    threshold = ONE * percent // 100
    found = groups(templates, photos, threshold)
    assert {frozenset(group) for group in found} == best_pair_each_time(templates, photos, threshold)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 40), st.randoms(use_true_random=False))
def test_the_order_of_the_faces_changes_nothing(seed: int, count: int, chance: random.Random) -> None:
    templates, photos = some_faces(seed, count)
    templates[count // 2] = templates[0]  # equal means among them
    order = list(range(count))
    chance.shuffle(order)
    found = groups(templates, photos, ONE * 7 // 10)
    again = groups(templates[order], [photos[face] for face in order], ONE * 7 // 10)
    assert [sorted(templates[list(group)].tolist()) for group in found] == [
        sorted(templates[[order[face] for face in group]].tolist()) for group in again
    ]


def test_siblings_are_not_chained_together_by_pictures_between_them() -> None:
    """Each picture is like the next at the threshold, the first not like the last: no chain from one to the other."""
    first, last = strangers(1, 2).astype(float)
    steps = rounded(np.stack([first + (last - first) * at / 11 for at in range(12)]))
    threshold = int(similarities(steps, steps).diagonal(1).min())
    assert similarities(steps[:1], steps[-1:])[0, 0] < threshold // 2
    found = groups(steps, [str(at) for at in range(12)], threshold)
    assert len(found) > 3
    for group in found:
        scores = similarities(steps[list(group)], steps[list(group)])
        assert scores.mean() >= threshold or len(group) == 1


def test_faces_of_one_photo_are_never_one_person() -> None:
    twins = pictures_of(1, 4, 0.01)
    found = groups(twins, ["a", "a", "b", "b"])
    assert sorted(len(group) for group in found) == [2, 2]
    for group in found:
        assert len({face // 2 for face in group}) == 2
    assert len(groups(twins, ["a", "b", "c", "d"])) == 1


@pytest.mark.parametrize("seed", range(12))
def test_a_mean_that_is_greater_by_a_few_units_decides(seed: int) -> None:
    """Two faces of one photo, of which a third is more like the second by 8 / 2^30 at most: less than float32 tells."""
    third, first = pictures_of(seed, 2)
    order = np.argsort(third)
    steps = np.diff(third[order]).astype(int)
    at = int(np.where(steps > 0, steps, 99).argmin())
    down, up = order[at], order[at + 1]
    second = first.copy()
    second[up] += 1
    second[down] -= 1
    templates = np.stack([first, second, third])
    assert 0 < np.diff(similarities(templates[:2], third[None])[0]) <= 8
    assert groups(templates, ["a", "a", "b"])[0] == (1, 2)


def test_no_faces_are_no_groups_and_one_is_alone() -> None:
    assert groups(np.zeros((0, 128), np.int16), []) == ()
    assert groups(strangers(1, 1), ["a"]) == ((0,),)


def test_many_faces_of_one_person_and_strangers_are_told_apart() -> None:
    templates = np.concatenate([pictures_of(1, 400), strangers(2, 50)])
    found = groups(templates, [str(at) for at in range(450)])
    assert sorted(found[0]) == list(range(400)) and [len(group) for group in found[1:]] == [1] * 50


def test_more_faces_than_fit_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bitfast_faces.clustering.MOST_FACES", 3)
    with pytest.raises(FacesError, match="in parts"):
        groups(strangers(1, 4), ["a"] * 4)


def test_the_means_of_two_groups_of_half_of_the_most_faces_are_still_exact() -> None:
    """Groups as they are after copies of two faces were joined: their sums' product is the greatest there can be."""
    faces = pictures_of(1, 2, 0.01)
    score = int(similarities(faces, faces)[0, 1])
    for threshold, nearest in ((score, 1), (score + 1, None)):
        joining = clustering._Joining(faces, [0, 1], threshold)
        joining._alike[:] = 255
        joining._sums *= MOST_FACES // 2
        joining._sizes[:] = MOST_FACES // 2
        assert joining._nearest(0, None) == nearest


@pytest.mark.parametrize("seed", range(4))
def test_errors_of_float32_as_large_as_may_be_change_no_group(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The means that lead to the greatest are off by half of what they are trusted to be, to either side."""
    templates, photos = some_faces(seed, 30)
    expected = groups(templates, photos, ONE * 7 // 10)
    rough, chance = clustering._Joining._rough_means, np.random.default_rng(seed)

    def disturbed(self: object, tip: int, others: object) -> object:
        exact = rough(self, tip, others)  # type: ignore[arg-type]
        return (exact + chance.choice([-1, 1], len(exact)) * clustering._CLOSE_32 / 2).astype(np.float32)

    monkeypatch.setattr(clustering._Joining, "_rough_means", disturbed)
    assert groups(templates, photos, ONE * 7 // 10) == expected


# Folders. The engine here reads a photo that says which faces it shows (faces_stores.py).


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "photos"
    write_photo(place / "a.jpg", (1, 0), (2, 0))
    write_photo(place / "b.jpg", (1, 1), (3, 0))
    write_photo(place / "summer" / "c.jpg", (2, 1))
    write_photo(place / "summer" / "copy of a.jpg", (1, 0), (2, 0))
    write_photo(place / "d.jpg")
    place.joinpath("e.jpg").write_text("broken")
    return place


def test_a_folder_is_sorted_into_people(folder: Path) -> None:
    steps: list[tuple[int, int]] = []
    sorting = sort_folder(WrittenFaces(), folder, lambda done, total: steps.append((done, total)))
    told = sorting.as_json()
    people = [[(one["photo"], one["face"]) for one in group] for group in told["groups"]]
    assert sorted(people) == [
        [("a.jpg", 0), ("b.jpg", 0), ("summer/copy of a.jpg", 0)],
        [("a.jpg", 1), ("summer/c.jpg", 0), ("summer/copy of a.jpg", 1)],
    ]
    assert [(one["photo"], one["face"]) for one in told["alone"]] == [("b.jpg", 1)]
    assert told["unknown"] == ["d.jpg"] and list(told["failed"]) == ["e.jpg"]
    assert steps == [(at, 6) for at in range(1, 7)]
    assert json.loads(json.dumps(told)) == cluster_for_web(WrittenFaces(), folder, lambda done, total: None)


def test_each_photo_is_looked_at_once_though_it_is_there_twice(folder: Path) -> None:
    engine = WrittenFaces()
    sort_folder(engine, folder, workers=1)
    assert sorted(engine.looked) == ["a.jpg", "b.jpg", "c.jpg", "d.jpg", "e.jpg"]


def test_the_names_of_the_files_change_nothing_but_the_names(folder: Path) -> None:
    before = sort_folder(WrittenFaces(), folder).as_json()["groups"]
    (folder / "a.jpg").rename(folder / "z.jpg")
    after = sort_folder(WrittenFaces(), folder).as_json()["groups"]

    def names(told: list[list[dict[str, str]]]) -> list[set[str]]:
        return [{one["photo"].replace("z.jpg", "a.jpg") for one in group} for group in told]

    assert names(after) == names(before)


def test_unusable_faces_are_left_out(folder: Path) -> None:
    write_photo(folder / "f.jpg", (1, 2), usable=False)
    assert "f.jpg" in sort_folder(WrittenFaces(), folder).unknown


def test_sorting_keeps_nothing(folder: Path, tmp_path: Path) -> None:
    before = sorted(tmp_path.rglob("*"))
    sort_folder(WrittenFaces(), folder)
    assert sorted(tmp_path.rglob("*")) == before


def test_links_lead_to_the_photos_and_never_into_what_is_there(folder: Path, tmp_path: Path) -> None:
    sorting = sort_folder(WrittenFaces(), folder)
    into = tmp_path / "people"
    assert link(sorting, folder, into) == 6
    linked = {path.relative_to(into).as_posix()[len("person-0001/") :]: path.resolve()
              for path in into.rglob("*") if path.is_symlink()}  # fmt: skip
    assert linked["summer/c.jpg"] == (folder / "summer" / "c.jpg").resolve() and len(linked) == 4
    assert sorted(path.name for path in into.iterdir()) == ["person-0001", "person-0002"]
    with pytest.raises(FacesError, match="there already"):
        link(sorting, folder, into)


def test_names_that_differ_only_by_the_folder_have_a_link_each(tmp_path: Path) -> None:
    place = tmp_path / "photos"
    for at, name in enumerate(("a/b.jpg", "a__b.jpg", "a/b__c.jpg", "a__b/c.jpg")):
        write_photo(place / name, (1, at))
    assert link(sort_folder(WrittenFaces(), place), place, tmp_path / "people") == 4


# Resuming

KEY = Key(b"k" * 32)


class Stopped(Exception):
    pass


def stop_at(photo: int) -> Callable[[int, int], None]:
    def progress(done: int, total: int) -> None:
        if done == photo:
            raise Stopped

    return progress


def test_a_sorting_that_was_stopped_goes_on_where_it_was_and_gives_the_same(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "unfinished"
    with pytest.raises(Stopped), SealedMemory(file, KEY, SPACE) as memory:
        sort_folder(WrittenFaces(), folder, stop_at(2), memory=memory)
    held = file.read_bytes()
    assert pictures_of(1, 1)[0].tobytes()[:16] not in held and b"a.jpg" not in held
    assert oct(file.stat().st_mode & 0o777) == "0o600"
    file.write_bytes(held + b"cut off")
    engine = WrittenFaces()
    with SealedMemory(file, KEY, SPACE) as memory:
        sorting = sort_folder(engine, folder, memory=memory)
    assert sorted(engine.looked) == ["c.jpg", "d.jpg", "e.jpg"]
    assert sorting == sort_folder(WrittenFaces(), folder)
    assert not file.exists(), "what is done leaves nothing behind"


def unfinished(file: Path) -> None:
    with pytest.raises(Stopped), SealedMemory(file, KEY, SPACE) as memory:
        for seed in range(3):
            memory.put(Look(str(seed), (0,), ((0, 0, 1, 1),), strangers(seed, 1)))
        raise Stopped


@pytest.mark.parametrize(
    ("change", "key", "space", "words"),
    [
        (lambda lines: lines, Key(b"x" * 32), SPACE, "another key"),
        (lambda lines: lines, KEY, "f" * 16, "Other weights"),
        (lambda lines: [lines[0], lines[2], lines[1], lines[3]], KEY, SPACE, "damaged"),
        (lambda lines: [lines[0], *lines[2:]], KEY, SPACE, "damaged"),
        (lambda lines: [lines[0], lines[1][:-8] + "AAAAAAA=", *lines[2:]], KEY, SPACE, "damaged"),
        (lambda lines: ["something else"], KEY, SPACE, "no unfinished sorting"),
    ],
)
def test_an_unfinished_sorting_that_does_not_fit_is_refused_and_left_alone(
    tmp_path: Path, change: Callable[[list[str]], list[str]], key: Key, space: str, words: str
) -> None:
    file = tmp_path / "unfinished"
    unfinished(file)
    file.write_text("\n".join(change(file.read_text().splitlines())) + "\n")
    before = file.read_bytes()
    with pytest.raises(FacesError, match=words):
        SealedMemory(file, key, space)
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    "content",
    [
        b"a note without an end of line",
        b"[]",
        b"\xff\xd8\xff\xe0",
        b"bitfast-faces sorting",
        b"bitfast",
        b"\n",
        b"\0" * 9,
    ],
)
def test_a_file_of_something_else_is_left_alone_whatever_is_in_it(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "notes.txt"
    file.write_bytes(content)
    with pytest.raises(FacesError, match="no unfinished sorting"), SealedMemory(file, KEY, SPACE):
        pass
    assert file.read_bytes() == content


@pytest.mark.parametrize("there", [True, False])
def test_a_link_is_not_followed_to_what_it_names(tmp_path: Path, there: bool) -> None:
    file, link_to_it = tmp_path / "elsewhere", tmp_path / "unfinished"
    if there:
        unfinished(file)
    link_to_it.symlink_to(file)
    before = file.read_bytes() if there else None
    with pytest.raises(FacesError, match="is a link"), SealedMemory(link_to_it, KEY, SPACE):
        pass
    assert link_to_it.is_symlink() and (file.read_bytes() if there else None) == before


def test_an_unfinished_sorting_that_others_may_read_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "unfinished"
    unfinished(file)
    file.chmod(0o644)
    with pytest.raises(FacesError, match="Others than its owner"):
        SealedMemory(file, KEY, SPACE)


def test_a_sorting_killed_before_its_first_line_was_whole_begins_anew(tmp_path: Path) -> None:
    file = tmp_path / "unfinished"
    unfinished(file)
    head = file.read_bytes().splitlines(keepends=True)[0]
    for cut in (len(head) - 1, len(head) // 2 + 8, 0):
        file.write_bytes(head[:cut])
        with pytest.raises(Stopped), SealedMemory(file, KEY, SPACE) as memory:
            memory.put(Look("a", (0,), ((0, 0, 1, 1),), strangers(1, 1)))
            raise Stopped
        with pytest.raises(Stopped), SealedMemory(file, KEY, SPACE) as memory:
            assert memory.get("a") is not None
            raise Stopped
