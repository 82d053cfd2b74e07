"""Packages come from the distribution's own repositories, verified, and never through the system's state of apt."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bitfast import debian
from bitfast.chips import has
from bitfast.debian import Repository
from bitfast.words import BitfastError

Online = Callable[[Callable[[], Path]], Path]
needs_apt = pytest.mark.skipif(not (has("apt-get") and has("dpkg-source")), reason="not a Debian")

DEB822 = """\
Types: deb deb-src
# a comment
URIs: https://deb.example.org/debian
Suites: bookworm bookworm-updates bookworm-backports
Components: main contrib
Signed-By: /usr/share/keyrings/example.gpg

Types: deb
URIs: https://vendor.example.com/
Suites: bookworm
Components: vendor

Types: deb
Enabled: no
URIs: https://off.example.org/debian
Suites: bookworm
Components: main
"""
ONE_LINE = """\
# deb http://commented.example.org/debian bookworm main
deb [arch=amd64 signed-by=/k.gpg] http://one.example.org/debian bookworm-security main # the rest
deb-src http://one.example.org/debian bookworm main
deb cdrom:[Debian]/ bookworm main
deb http://nodesource.example.com/node nodistro main
"""


def configuration(etc: Path) -> Path:
    (etc / "sources.list.d").mkdir(parents=True)
    (etc / "sources.list.d" / "distribution.sources").write_text(DEB822)
    (etc / "sources.list").write_text(ONE_LINE)
    return etc


def test_only_the_distribution_s_own_enabled_repositories_are_used(tmp_path: Path) -> None:
    assert debian.repositories(configuration(tmp_path / "apt"), "bookworm") == (
        Repository(("http://one.example.org/debian",), ("bookworm-security",), ("main",), "/k.gpg", ("amd64",)),
        Repository(
            ("https://deb.example.org/debian",),
            ("bookworm", "bookworm-updates"),
            ("main", "contrib"),
            "/usr/share/keyrings/example.gpg",
        ),
    )


def test_a_key_within_a_sources_file_keeps_its_lines(tmp_path: Path) -> None:
    (tmp_path / "sources.list.d").mkdir()
    key = "\n -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n mQ\n -----END PGP PUBLIC KEY BLOCK-----"
    stanza = f"Types: deb\nURIs: http://a.example/\nSuites: trixie\nComponents: main\nSigned-By:{key}\n"
    (tmp_path / "sources.list.d" / "a.sources").write_text(stanza)
    assert debian.repositories(tmp_path, "trixie")[0].signed_by == key


@pytest.mark.parametrize("name", ["-o=Dir::Etc=x", "a b", "../qhull", "Qhull", "", "x;y"])
@needs_apt
def test_what_is_not_a_name_never_reaches_apt(name: str, tmp_path: Path) -> None:
    with pytest.raises(BitfastError, match="is not the name of a package"):
        debian.fetch_source(name, tmp_path)


@needs_apt
def test_without_a_repository_the_error_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(debian, "repositories", lambda: ())
    with pytest.raises(BitfastError, match="no repository"):
        debian.fetch_source("hello", tmp_path)


@needs_apt
def test_without_network_the_error_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("BITFAST_CACHE", str(tmp_path / "cache"))
    nowhere = Repository(("http://127.0.0.1:9/debian",), ("stable",), ("main",))
    monkeypatch.setattr(debian, "repositories", lambda: (nowhere,))
    with pytest.raises(BitfastError, match="cannot fetch the distribution's package lists") as error:
        debian.fetch_source("hello", tmp_path / "into")
    assert "network" in error.value.next_step
    assert not (tmp_path / "into").exists()


@needs_apt
def test_an_unsigned_repository_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("BITFAST_CACHE", str(tmp_path / "cache"))
    archive = tmp_path / "archive" / "dists" / "stable"
    (archive / "main" / "source").mkdir(parents=True)
    (archive / "Release").write_text("Suite: stable\nComponents: main\n")
    (archive / "main" / "source" / "Sources").write_text("")
    local = Repository((f"file://{tmp_path}/archive",), ("stable",), ("main",))
    monkeypatch.setattr(debian, "repositories", lambda: (local,))
    with pytest.raises(BitfastError, match="not signed"):
        debian.fetch_source("hello", tmp_path / "into")


@pytest.mark.network
@needs_apt
def test_a_source_package_is_unpacked_with_its_patches_and_again(online: Online, tmp_path: Path) -> None:
    first = online(lambda: debian.fetch_source("qhull", tmp_path / "a b"))
    assert first.parent == tmp_path / "a b"
    assert first.name.startswith("qhull-")
    assert (first / "CMakeLists.txt").is_file()
    assert (first / "debian" / "control").is_file()
    assert not (first / ".pc").exists()
    (first / "stale").touch()
    assert debian.fetch_source("qhull", tmp_path / "a b") == first
    assert not (first / "stale").exists()
    assert [path.name for path in first.parent.iterdir()] == [first.name]


@pytest.mark.network
@needs_apt
def test_what_was_fetched_before_is_had_without_network(
    online: Online, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    first = online(lambda: debian.fetch_source("qhull", tmp_path / "first"))
    monkeypatch.setattr(debian, "_LISTS_ARE_FRESH_SECONDS", 0)
    for proxy in ("http_proxy", "https_proxy"):
        monkeypatch.setenv(proxy, "http://127.0.0.1:9")
    assert debian.fetch_source("qhull", tmp_path / "second").name == first.name


@pytest.mark.network
@needs_apt
def test_a_binary_package_s_name_finds_its_source(online: Online, tmp_path: Path) -> None:
    assert online(lambda: debian.fetch_source("qhull-bin", tmp_path)).name.startswith("qhull-")


@pytest.mark.network
@needs_apt
def test_an_unknown_package_is_named_in_the_error(online: Online, tmp_path: Path) -> None:
    with pytest.raises(BitfastError, match="no package no-such-package-here"):
        online(lambda: debian.fetch_source("no-such-package-here", tmp_path))
