"""Who is who is guessed from names and likeness, told with its reason, and has the user's last word."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bitfast_faces.errors import FacesError
from bitfast_faces.kin import Photo
from bitfast_faces.kin.asking import accepted, child_among, confirmed, with_roles
from bitfast_faces.kin.family import member, read, role
from bitfast_faces.kin.guess import Guess, guess, name_in
from bitfast_faces.matching import ONE, similarity
from faces_kin_people import person, photo, template

LIKE = ONE * 7 // 10  # photos of `person` are about 0.9 alike, of two people about 0


def keys(guesses: tuple[Guess, ...]) -> list[set[tuple[str, int]]]:
    return [{photo.key for photo in one.photos} for one in guesses]


def party(*people: str) -> list[Photo]:
    return [
        photo(name, template(f"{name} party", (name, 3)), picture="party.jpg", face=place, faces=len(people))
        for place, name in enumerate(people)
    ]


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("anna.jpg", "anna"),
        ("Anna-Maria_2019-05.jpg", "Anna-Maria"),
        ("aunt olga 3.png", "aunt olga"),
        ("Zoë_1.JPG", "Zoë"),
        ("李明_01.jpg", "李明"),
        ("IMG_2034.jpg", ""),
        ("DSC00017.JPG", ""),
        ("WhatsApp Image 2024-01-02 at 10.11.12.jpeg", ""),
        ("PXL_20240102_101112.jpg", ""),
        ("family-party.jpg", ""),
        ("-.jpg", ""),
    ],
)
def test_a_file_name_suggests_its_words_without_numbers_and_camera_words(file: str, name: str) -> None:
    assert name_in(PurePosixPath(file)) == name


def test_portraits_and_group_pictures_of_one_person_come_together() -> None:
    anna, maria = person("anna", 3), person("maria", 2)
    group = party("maria", "stranger", "anna")
    names = {one.key: owner.name for owner in (anna, maria) for one in owner.photos}
    found = guess([*anna.photos, *maria.photos, *group], names, LIKE)
    assert [one.name for one in found] == ["anna", "maria", ""]
    assert [len(one.photos) for one in found] == [4, 3, 1]
    assert "given 3 times" in found[0].reason
    assert "look alike" in found[0].reason
    assert "alike to nobody" in found[2].reason


def test_two_faces_of_one_picture_are_never_one_person() -> None:
    twins = [photo(f"t{i}", template("twin"), picture="twins.jpg", face=i, faces=2) for i in range(2)]
    assert len(guess(twins, {}, LIKE)) == 2


def test_faces_with_different_names_are_never_one_person_and_equal_names_always_are() -> None:
    alike = [photo("a", template("x")), photo("b", template("x"))]
    assert len(guess(alike, {}, LIKE)) == 1
    assert len(guess(alike, {alike[0].key: "anna", alike[1].key: "bella"}, LIKE)) == 2
    grown = [photo("a", template("young")), photo("b", template("old"))]
    assert len(guess(grown, {}, LIKE)) == 2
    assert len(guess(grown, dict.fromkeys((one.key for one in grown), "anna"), LIKE)) == 1


def test_a_chain_of_siblings_does_not_become_one_person() -> None:
    first, last = template("first"), template("last")
    middle = template("middle", ("first", 30), ("last", 30))
    threshold = min(similarity(first, middle), similarity(middle, last))
    assert similarity(first, last) < threshold // 2
    found = guess([photo("a", first), photo("b", middle), photo("c", last)], {}, threshold)
    assert sorted(len(one.photos) for one in found) == [1, 2]


def slowly(photos: Sequence[Photo], threshold: int) -> set[frozenset[tuple[str, int]]]:
    """Average linkage as it is defined, one pair of groups after another."""
    groups = [[one] for one in sorted(photos, key=lambda one: one.key)]
    while True:
        best = (threshold - 1, 0, 0)
        for i, j in combinations(range(len(groups)), 2):
            pairs = [(a, b) for a in groups[i] for b in groups[j]]
            if not any(a.digest == b.digest for a, b in pairs):
                mean = sum(similarity(a.template, b.template) for a, b in pairs) // len(pairs)
                best = max(best, (mean, -i, -j))
        if best[0] < threshold:
            return {frozenset(one.key for one in group) for group in groups}
        groups[-best[1]] += groups.pop(-best[2])


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 3)), min_size=1, max_size=9), st.integers(1, 9))
@settings(max_examples=60)
def test_groups_are_those_of_average_linkage_even_where_similarities_are_equal(
    made: list[tuple[int, int]], tenths: int
) -> None:
    # Few templates, so that many similarities tie; pictures of several faces, so that some must stay apart.
    ways = [template(f"w{way}", ("hub", way % 3)) for way in range(10)]
    photos = [
        photo(
            "",
            ways[way],
            picture=f"{picture} {sum(other == picture for _, other in made[:place]) // 2}.jpg",
            face=place,
        )
        for place, (way, picture) in enumerate(made)
    ]
    found = guess(photos, {}, ONE * tenths // 10)
    assert {frozenset(one.key for one in group.photos) for group in found} == slowly(photos, ONE * tenths // 10)
    assert keys(guess(photos[::-1], {}, ONE * tenths // 10)) == keys(found)


@given(st.randoms(use_true_random=False))
@settings(max_examples=25)
def test_no_order_of_faces_changes_a_guess(shuffle: object) -> None:
    photos = [*person("anna", 3).photos, *person("maria", 3).photos, *party("anna", "x"), *person("y", 1).photos]
    names = {photos[0].key: "anna"}
    expected = guess(photos, names, LIKE)
    shuffle.shuffle(photos)  # type: ignore[attr-defined]
    found = guess(photos, names, LIKE)
    assert keys(found) == keys(expected)
    assert [one.name for one in found] == [one.name for one in expected]


def test_more_faces_than_can_be_looked_through_are_told() -> None:
    with pytest.raises(FacesError, match="601 faces"):
        guess(person("a", 1).photos * 601, {})


def scripted(*answers: str) -> object:
    left: Iterator[str] = iter(answers)

    def ask(question: str, default: str) -> str:
        return next(left) or default

    return ask


GUESSES = (
    Guess("anna", person("anna", 2).photos, "the name was given 2 times"),
    Guess("", tuple(party("x", "y")[:1]), "seen once"),
    Guess("maria", person("maria", 1).photos, "the name was given"),
)


def test_the_user_takes_renames_joins_and_leaves_out() -> None:
    people = confirmed(GUESSES, {"anna": "child"}, scripted("", "anna", "-"))  # type: ignore[arg-type]
    assert [(one.name, one.role, len(one.photos)) for one in people] == [("anna", "child", 3)]
    people = confirmed(GUESSES, {}, scripted("Anna", "", ""))  # type: ignore[arg-type]
    assert [one.name for one in people] == ["Anna", "maria"]


def test_what_nobody_named_is_not_taken_without_asking() -> None:
    assert [(one.name, one.role) for one in accepted(GUESSES, {"maria": "mother"})] == [
        ("anna", ""),
        ("maria", "mother"),
    ]


def test_the_child_is_named_by_the_user_and_roles_are_never_guessed() -> None:
    people = accepted(GUESSES, {})
    assert child_among(people, "maria", None).name == "maria"
    assert child_among(people, "", scripted("", "nobody", "anna")).name == "anna"  # type: ignore[arg-type]
    with pytest.raises(FacesError, match="--child"):
        child_among(people, "", None)
    with pytest.raises(FacesError, match="no olga among the people: anna, maria"):
        child_among(people, "olga", None)
    asked = with_roles(people, people[0], scripted("mother"))  # type: ignore[arg-type]
    assert [one.role for one in asked] == ["", "mother"]


def test_a_person_and_a_role_are_read_from_the_command_line() -> None:
    said = member("mother = a.jpg, party.jpg#2")
    assert (said.name, said.photos) == ("mother", ((Path("a.jpg"), 0), (Path("party.jpg"), 2)))
    assert role("maria=great aunt") == ("maria", "great aunt")


@pytest.mark.parametrize("argument", ["", "mother", "=a.jpg", "mother=", "mother= , "])
def test_a_person_without_a_name_or_files_is_told(argument: str) -> None:
    with pytest.raises(FacesError, match="NAME=FILE"):
        member(argument)


@pytest.mark.parametrize("argument", ["maria", "maria=", "=mother"])
def test_a_role_without_a_name_or_words_is_told(argument: str) -> None:
    with pytest.raises(FacesError, match="NAME=ROLE"):
        role(argument)


TOML = """child = "anna"
[people.anna]
photos = ["a.jpg"]
[people.maria]
role = "mother"
photos = ["m.jpg", "party.jpg#2"]
"""
JSON = """{"child": "anna", "people": {
    "anna": {"photos": ["a.jpg"]},
    "maria": {"role": "mother", "photos": ["m.jpg", "party.jpg#2"]}}}"""


@pytest.mark.parametrize(("name", "content"), [("f.toml", TOML), ("f.json", JSON)])
def test_a_family_file_says_who_is_who_with_paths_relative_to_it(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_text(content)
    family = read(tmp_path / name)
    assert family.child == "anna"
    assert [(one.name, one.role) for one in family.members] == [("anna", ""), ("maria", "mother")]
    assert family.members[1].photos == ((tmp_path / "m.jpg", 0), (tmp_path / "party.jpg", 2))
    assert family.files == tuple(tmp_path / file for file in ("a.jpg", "m.jpg", "party.jpg"))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "No such file"),
        ("{", "cannot be read"),
        ("[1]", "no people"),
        ('{"people": {}, "child": 3}', "not a name"),
        ('{"people": {"anna": {}}}', "anna has no list of photos"),
        ('{"people": {"anna": {"photos": []}}}', "anna has no list of photos"),
        ('{"people": {"anna": {"photos": [1]}}}', "anna has no list of photos"),
        ('{"people": {"anna": {"photos": ["a.jpg"], "role": 1}}}', "role is not a text"),
    ],
)
def test_a_family_file_that_cannot_be_read_is_told(tmp_path: Path, content: str | None, said: str) -> None:
    path = tmp_path / "family.json"
    if content is not None:
        path.write_text(content)
    with pytest.raises(FacesError, match=said):
        read(path)
