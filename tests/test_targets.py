"""`bitfast targets` names what is missing and the exact command that gets it."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console

from bitfast import chips, targets
from bitfast.chips import Target
from bitfast.words import BitfastError


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine without any program, for a user who is root."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("BITFAST_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    targets._gcc_major.cache_clear()


def test_a_bare_machine_is_told_every_package(bare: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platform.machine", lambda: "x86_64")
    command = targets.install_command(chips.target_named("aarch64"))
    assert command == (
        "apt-get update && apt-get install --yes --no-install-recommends gcc-aarch64-linux-gnu libc6-dev-arm64-cross "
        "qemu-user g++-aarch64-linux-gnu gfortran-aarch64-linux-gnu gcc-12-plugin-dev-aarch64-linux-gnu"
    )
    assert "gcc g++ gfortran" in targets.install_command(chips.reference()).replace(" libc6-dev", "")


def test_a_user_who_is_not_root_gets_sudo(bare: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert targets.install_command(chips.target_named("s390x")).startswith(
        "sudo apt-get update && sudo apt-get install"
    )


def test_only_c_and_the_runner_are_required(bare: None) -> None:
    lacking = targets.missing(chips.target_named("riscv64"))
    required = [item.what for item in lacking if item.required]
    assert required == ["riscv64-linux-gnu-gcc", "qemu-riscv64"]
    assert [item.required for item in lacking] == sorted((item.required for item in lacking), reverse=True)


def test_nothing_is_asked_for_that_is_there(target_here: Callable[[str], Target]) -> None:
    target = target_here("aarch64")
    lacking = targets.missing(target)
    assert all(not item.required for item in lacking)
    assert bool(targets.install_command(target)) == bool(lacking)


def test_a_command_that_fails_is_named(bare: None) -> None:
    said: list[str] = []
    with pytest.raises(BitfastError, match="apt-get") as error:
        targets.install(chips.target_named("riscv64"), said.append)
    assert error.value.exit_status == 3
    assert said == [targets.install_command(chips.reference())]


def test_the_table_and_the_data_name_every_target() -> None:
    data = json.loads(json.dumps(targets.targets_json()))
    assert [row["target"] for row in data] == [chips.reference().triple, *chips.triples()]
    assert data[0]["runner"] == "this machine"
    text = io.StringIO()
    Console(file=text, width=200).print(targets.targets_table())
    assert all(row["target"] in text.getvalue() for row in data)
    assert "\x1b" not in text.getvalue()


def test_what_is_missing_is_named_with_its_package_its_use_and_a_command_that_can_be_copied(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lacking = (targets.Missing("some-gcc", "compiles C for the target", ("some-package",)),)
    monkeypatch.setattr(targets, "missing", lambda target: lacking)
    text = io.StringIO()
    Console(file=text, width=80).print(targets.targets_table())
    lines = text.getvalue().splitlines()
    for triple in chips.triples():
        assert any(line.startswith(f"{triple} ") for line in lines)
        assert f"  → bitfast targets --install {triple}" in lines
    assert "  some-gcc [some-package]: compiles C for the target" in lines
