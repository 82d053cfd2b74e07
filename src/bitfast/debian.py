"""Packages of the distribution, fetched and verified by its own apt in a private state; the system's is never touched.

Source packages are unpacked with their patches, binary packages of any architecture into a folder. Verification is
apt's: signed Release file, its hashes of the lists, the lists' hashes of the files.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bitfast.cache import cache_directory, locked
from bitfast.chips import has
from bitfast.process import Finished, run
from bitfast.words import BitfastError

_LISTS_ARE_FRESH_SECONDS = 24 * 3600
_NAME = re.compile(r"[a-z0-9][a-z0-9+.-]+(=[\w.+:~-]+)?")
# What a private state takes over from the host's configuration of apt: how to reach the archive, nothing else.
_CARRIED = re.compile(r"^Acquire::(?:https?|Retries|ForceIPv[46]|Check-[\w-]+|Proxy[\w-]*)\b.*;$", re.MULTILINE)


@dataclass(frozen=True)
class Repository:
    """One entry of the host's list of repositories, in the words of sources.list(5)."""

    uris: tuple[str, ...]
    suites: tuple[str, ...]
    components: tuple[str, ...]
    signed_by: str = ""  # a path, or a key with its line structure, as it stands in a .sources file
    architectures: tuple[str, ...] = ()  # those it is limited to; empty for no limit


def fetch_source(name: str, into: Path) -> Path:
    """Fetch a source package, verify it and unpack it, patches applied; returns the new folder NAME-VERSION in `into`.

    `name` is a source or binary package, with =VERSION if one is wanted. Raises BitfastError for an unknown name,
    without network, and where apt or dpkg-source is missing.
    """
    _require("dpkg-source", "dpkg-dev")
    _check_name(name)
    state = _state("source", "deb-src", _host_architecture())
    with locked(state):
        # Asked where nothing has been downloaded: apt-get does not name files that it finds there.
        printed = _asked(state, ["source", "--download-only", "--print-uris", name], name, directory=state / "none")
        files = _uris(printed)
        _asked(state, ["source", "--download-only", name], name)
        description = next((state / "downloads" / file for file in files if file.endswith(".dsc")), None)
    if description is None:
        raise BitfastError(f"the distribution has no source package {name!r}", next_step="see `apt-cache showsrc`")
    source, version = description.stem.split("_", 1)
    final = into / f"{source}-{version}"
    into.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".bitfast-", dir=into) as temporary:
        unpacked = Path(temporary) / "source"
        done = run(["dpkg-source", "--extract", description, unpacked], timeout_seconds=600)
        if not done.ok:
            raise BitfastError(
                f"dpkg-source cannot unpack {description.name}:\n{done.last_lines(4)}",
                next_step=f"remove {description.parent} and try again",
            )
        shutil.rmtree(unpacked / ".pc", ignore_errors=True)  # quilt's copies of the unpatched files
        if final.exists():
            shutil.rmtree(final)
        unpacked.rename(final)
    return final


def unpack_packages(
    architecture: str, names: Sequence[str], into: Path, *, dependencies: bool = True, provided: Iterable[str] = ()
) -> tuple[str, ...]:
    """Unpack binary packages of a Debian architecture into a folder; returns the names of all that were unpacked.

    What they depend on comes with them unless `dependencies` is false; `provided` packages are left out. Nothing is
    installed and no script of a package runs. Raises BitfastError for an unknown name and without network.
    """
    _require("dpkg-deb", "dpkg")
    for name in names:
        _check_name(name)
    state = _state(architecture, "deb", architecture)
    shown = ", ".join(names)
    with locked(state):
        options = ["--print-uris", "--no-install-recommends", "--yes"]
        planned = _uris(_asked(state, ["install", *options, *names], shown))
        plain = {name.split("=")[0] for name in names}
        # The archive's file name is PACKAGE_VERSION_ARCHITECTURE.deb, with the version's colon escaped.
        chosen = {file.split("_", 1)[0]: state / "downloads" / file for file in planned if file.endswith(".deb")}
        left_out = set(provided) if dependencies else set(chosen) - plain
        wanted = sorted(set(chosen) - left_out)
        if wanted:
            _asked(state, ["download", *wanted], shown)
        for archive in (chosen[name] for name in wanted):
            done = run(["dpkg-deb", "--extract", archive, into], timeout_seconds=600)
            if not done.ok:
                raise BitfastError(
                    f"cannot unpack {archive.name}:\n{done.last_lines(4)}", next_step="is the disk full?"
                )
    return tuple(wanted)


def repositories(etc: Path = Path("/etc/apt"), codename: str | None = None) -> tuple[Repository, ...]:
    """The host's enabled repositories of the distribution itself; those of third parties are left out.

    Reads sources.list, *.list and *.sources. `codename` is the release ("bookworm"), by default the host's.
    """
    release = _codename() if codename is None else codename
    entries: list[Repository] = []
    for path in sorted([etc / "sources.list", *etc.glob("sources.list.d/*.list")]):
        if path.is_file():
            entries += _one_line_entries(path.read_text())
    for path in sorted(etc.glob("sources.list.d/*.sources")):
        entries += _deb822_entries(path.read_text())
    own = {f"{name}{part}" for name in (release, "stable", "testing", "unstable", "sid", "oldstable")
           for part in ("", "-updates", "-security")}  # fmt: skip
    kept = []
    for entry in entries:
        suites = tuple(suite for suite in entry.suites if suite in own)
        if suites and "main" in entry.components:
            kept.append(replace(entry, suites=suites))
    return tuple(dict.fromkeys(kept))


def _one_line_entries(text: str) -> list[Repository]:
    entries = []
    for line in text.splitlines():
        entry = re.match(r"\s*deb\s+(?:\[([^\]]*)\]\s*)?(\S+)\s+(\S+)\s+([^#]*)", line)
        if entry and not entry[2].startswith("cdrom:"):
            signed_by = re.search(r"signed-by=(\S+)", entry[1] or "", re.IGNORECASE)
            key = signed_by[1] if signed_by else ""
            only = re.search(r"\barch=(\S+)", entry[1] or "", re.IGNORECASE)
            architectures = tuple(only[1].split(",")) if only else ()
            entries.append(Repository((entry[2],), (entry[3],), tuple(entry[4].split()), key, architectures))
    return entries


def _deb822_entries(text: str) -> list[Repository]:
    entries = []
    without_comments = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    for stanza in re.split(r"\n\s*\n", without_comments):
        fields = {
            name.lower(): value.rstrip()
            for name, value in re.findall(r"^([\w-]+):(.*(?:\n[ \t].*)*)", stanza, re.MULTILINE)
        }
        if "deb" in fields.get("types", "").split() and fields.get("enabled", "yes").strip().lower() != "no":
            uris, suites, components = (tuple(fields.get(key, "").split()) for key in ("uris", "suites", "components"))
            key, only = fields.get("signed-by", "").removeprefix(" "), tuple(fields.get("architectures", "").split())
            entries.append(Repository(uris, suites, components, key, only))
    return entries


def _state(label: str, kind: str, architecture: str) -> Path:
    """A private state of apt for one kind of entry ("deb", "deb-src") and architecture, its configuration written."""
    _require("apt-get", "apt")
    own = repositories()
    if not own:
        raise BitfastError(
            "no repository of the distribution is configured in /etc/apt", next_step="add one to /etc/apt/sources.list"
        )
    # Ubuntu keeps other architectures in repositories of their own, which are marked so; Debian does not.
    fitting = [entry for entry in own if architecture in entry.architectures]
    sources = "\n\n".join(_stanza(entry, kind) for entry in fitting or own) + "\n"
    carried = "\n".join(_CARRIED.findall(run(["apt-config", "dump"], timeout_seconds=60).text))
    key = hashlib.sha256((sources + carried).encode()).hexdigest()[:12]
    state = cache_directory() / "apt" / f"{label}-{key}"
    for part in ("lists/partial", "cache/archives/partial", "sources", "none", "downloads", "dpkg"):
        (state / part).mkdir(parents=True, exist_ok=True)
    (state / "sources/distribution.sources").write_text(sources)
    (state / "dpkg/status").touch()
    (state / "apt.conf").write_text(
        f'Dir::Etc::main "{state}/none/apt.conf"; Dir::Etc::parts "{state}/none";\n'
        f'Dir::Etc::sourcelist "{state}/none/sources.list"; Dir::Etc::sourceparts "{state}/sources";\n'
        f'Dir::State "{state}"; Dir::State::lists "{state}/lists"; Dir::State::status "{state}/dpkg/status";\n'
        f'Dir::Cache "{state}/cache"; Dir::Log "{state}/none"; APT::Sandbox::User "";\n'
        f'APT::Architecture "{architecture}"; APT::Architectures {{ "{architecture}"; }};\n'
        f'Acquire::Languages "none"; Acquire::GzipIndexes "true";\n{carried}\n'
    )
    return state


def _stanza(entry: Repository, kind: str) -> str:
    lines = [f"Types: {kind}", f"URIs: {' '.join(entry.uris)}", f"Suites: {' '.join(entry.suites)}"]
    lines += [f"Components: {' '.join(entry.components)}"]
    lines += [f"Signed-By: {entry.signed_by}"] if entry.signed_by else []
    return "\n".join(lines)


def _asked(state: Path, arguments: Sequence[str], what: str, directory: Path | None = None) -> Finished:
    """Run apt-get in the state, with lists that are a day old at most, and again with new ones when it fails.

    Without network old lists do: what they name may have been fetched before.
    """
    stamp = state / "updated"
    fresh = stamp.exists() and time.time() - stamp.stat().st_mtime < _LISTS_ARE_FRESH_SECONDS
    reached = not fresh and _update(state, stamp)
    done = _apt(state, arguments, directory)
    if not done.ok and fresh:  # the archive may have moved on since
        reached = _update(state, stamp)
        done = _apt(state, arguments, directory)
    if done.ok:
        return done
    said = done.last_lines(6)
    if re.search(r"Unable to (locate|find)|no installation candidate|couldn't find", said):
        hint = "" if reached else " (its lists are old: it could not be reached)"
        raise BitfastError(
            f"the distribution has no package {what}{hint}", next_step="look for its name with `apt-cache search WORD`"
        )
    raise BitfastError(f"apt-get {arguments[0]} of {what} failed:\n{said}", next_step="check the network and try again")


def _update(state: Path, stamp: Path) -> bool:
    """Fetch the lists; False when the archive cannot be reached but older lists are here."""
    done = _apt(state, ["update"])
    # apt-get calls an archive that does not answer a warning and ends with status 0.
    if done.ok and b"Failed to fetch" not in done.stderr:
        stamp.touch()
        return True
    if stamp.exists():
        return False
    raise BitfastError(
        f"cannot fetch the distribution's package lists:\n{done.last_lines(4)}",
        next_step="check the network (and the proxy in apt's configuration) and try again",
    )


def _apt(state: Path, arguments: Sequence[str], directory: Path | None = None) -> Finished:
    environment = {
        **os.environ,
        "APT_CONFIG": str(state / "apt.conf"),
        "DEBIAN_FRONTEND": "noninteractive",
        "LC_ALL": "C",
    }
    command = ["apt-get", "--quiet=2", *arguments]
    return run(command, directory=directory or state / "downloads", environment=environment, timeout_seconds=1800)


def _uris(printed: Finished) -> list[str]:
    """The file names in what apt-get --print-uris says: 'URI' FILE SIZE HASH."""
    return re.findall(r"^'[^']*' (\S+) \d+", printed.text, re.MULTILINE)


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise BitfastError(f"{name!r} is not the name of a package", next_step="write it as in `apt-get install NAME`")


def _require(command: str, package: str) -> None:
    if not has(command):
        raise BitfastError(
            f"{command} is not here: packages of the distribution need Debian, Ubuntu or a relative",
            next_step=f"apt-get install {package}",
        )


def _host_architecture() -> str:
    return run(["dpkg", "--print-architecture"], timeout_seconds=30).text.strip()


def _codename() -> str:
    found = re.search(r'^VERSION_CODENAME="?(\w+)', Path("/etc/os-release").read_text(), re.MULTILINE)
    return found[1] if found else "stable"
