"""A configuration says what it means, or is refused with the place and a way out."""

from __future__ import annotations

from pathlib import Path

import pytest

from bitfast_faces.cameras.config import PRESETS, Config, Visits, load, of_sources, preset_text
from bitfast_faces.errors import FacesError

GOOD = """
timezone = "Europe/Berlin"
purpose = "entrance"
threshold = 94.5

[[zone]]
name = "everywhere"

[camera.door]
source = "rtsp://guard@cam/door"
password_env = "DOOR_PASSWORD"
rate = 5

[[camera.door.zone]]
name = "mat"
polygon = [[0, 0], [1280, 0], [1280, 720]]
grid = [1280, 720]
hours = ["mon-fri 07:00-19:00", "sat 09:00-13:00"]
limit = 4

[[camera.door.line]]
name = "door"
start = [0, 500]
end = [1000, 500]

[camera.yard]
source = "yard.mp4"

[visits]
gap = 20000

[webhook]
url = "https://example.org/faces"
secret_env = "HOOK_SECRET"

[mqtt]
url = "mqtts://broker:8883"
"""


def loaded(folder: Path, text: str) -> Config:
    file = folder / "cameras.toml"
    file.write_text(text, encoding="utf-8")
    return load(file)


def test_a_configuration_is_read_whole(tmp_path: Path) -> None:
    config = loaded(tmp_path, GOOD)
    door, yard = config.cameras
    assert (config.purpose, config.visits) == ("entrance", Visits(gap=20_000))
    assert config.threshold == 945 * 2**30 // 1000
    assert (door.rate, door.password_env, [zone.name for zone in door.zones]) == (5, "DOOR_PASSWORD", ["mat"])
    assert (door.zones[0].grid, door.zones[0].limit, len(door.zones[0].hours)) == ((1280, 720), 4, 2)
    assert (door.lines[0].start, door.lines[0].end) == ((0, 500), (1000, 500))
    assert [zone.name for zone in yard.zones] == ["everywhere"]  # a camera without zones has those of all
    assert config.webhook is not None and config.mqtt is not None


@pytest.mark.parametrize(
    ("before", "after", "place", "advice"),
    [
        ('source = "yard.mp4"', "", "camera.yard.source is missing", "Add source"),
        ("rate = 5", "rate = 0", "camera.door.rate is 0", "1 to 120"),
        ("rate = 5", "rate = true", "camera.door.rate is True", "whole number"),
        ("rate = 5", "rat = 5", "camera.door.rat is unknown", "'rate' meant"),
        ("limit = 4", "limit = 4\ncolour = 1", "camera.door.zone[1].colour is unknown", "There are"),
        ("[[0, 0], [1280, 0], [1280, 720]]", "[[0, 0], [1, 1]]", "camera.door.zone[1].polygon has not 3", "[[0, 0]"),
        ("[1280, 720]]", "[1280, 7.5]]", "camera.door.zone[1].polygon has [1280, 7.5]", "[x, y]"),
        ("grid = [1280, 720]", "grid = [0, 720]", "camera.door.zone[1].grid has a side of 0", "width"),
        ("mon-fri 07:00", "mon-fri 7:00", "'mon-fri 7:00-19:00' cannot be read", "07:00-19:00"),
        ("Europe/Berlin", "Europe/Berlln", "no time zone 'Europe/Berlln'", "Europe/Berlin"),
        ("[camera.yard]", '[camera."a/b"]', "the name 'a/b'", "letters"),
        ("end = [1000, 500]", "end = [0, 500]", "line[1].end is where the line starts", "different"),
        (
            "rtsp://guard@cam/door",
            "rtsp://guard:secret@cam/door",
            "camera.door.source holds a password",
            "password_env",
        ),
        ("gap = 20000", "gap = -1", "visits.gap is -1", "0 to"),
        ("threshold = 94.5", "threshold = 930", "threshold is 930", "50 to 100"),
        ("gap = 20000", "looks = 1", "visits.agree is more than `looks`", "Lower"),
        ('secret_env = "HOOK_SECRET"', 'secret = "abc"', "webhook.secret_env is missing", "Add secret_env"),
        ("[mqtt]", "[mqtt]\npassword = 1", "mqtt.password is unknown", "password_env"),
        ('name = "everywhere"', 'name = "everywhere"\n[[zone]]\nname = "everywhere"', "two of the name", "own name"),
        ("[camera.door]", "[camera.door", "is not TOML", "docs/cameras.md"),
        ('purpose = "entrance"', "purpose = 7", "purpose is not a text", "purpose ="),
        ('purpose = "entrance"', "[watchlist]", "watchlist is unknown", "There are"),
    ],
)
def test_what_is_wrong_is_named_with_its_place_and_a_way_out(
    tmp_path: Path, before: str, after: str, place: str, advice: str
) -> None:
    assert GOOD.count(before) >= 1
    with pytest.raises(FacesError) as caught:
        loaded(tmp_path, GOOD.replace(before, after, 1))
    assert place in caught.value.happened
    assert advice in caught.value.advice
    assert "cameras.toml" in caught.value.tried
    assert "secret@" not in str(caught.value)


def test_a_file_that_is_not_there_is_an_error_for_people(tmp_path: Path) -> None:
    with pytest.raises(FacesError, match="cannot be read"):
        load(tmp_path / "none.toml")


def test_an_empty_configuration_has_nothing_to_watch(tmp_path: Path) -> None:
    with pytest.raises(FacesError, match="nothing to watch"):
        loaded(tmp_path, "")


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_is_valid_and_is_for_every_source(name: str, tmp_path: Path) -> None:
    config = of_sources(["a.mp4", "b.mp4"], name)
    assert [camera.name for camera in config.cameras] == ["camera1", "camera2"]
    assert config.cameras[0].zones == config.cameras[1].zones
    assert all(zone.name for zone in config.cameras[0].zones)
    assert config.purpose == ""  # what people agree to is for the owner to say
    assert loaded(tmp_path, preset_text(name) + '\n[camera.door]\nsource = "a.mp4"\n').cameras[0].zones


def test_a_stadium_only_counts() -> None:
    assert not any(zone.recognise for zone in of_sources(["a.mp4"], "stadium").cameras[0].zones)


def test_an_unknown_preset_names_those_there_are() -> None:
    with pytest.raises(FacesError, match="entrance"):
        of_sources(["a.mp4"], "prison")
