"""The formats that answers come in: one file, one format. Adding one touches nothing else; it finds itself here."""

from __future__ import annotations

import functools
import importlib
import pkgutil
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from bitfast.check.formats.base import Broken, Format

Used = TypeVar("Used")


@functools.cache
def formats() -> tuple[Format, ...]:
    """One instance of every format in this folder, the most particular first and raw bytes last."""
    modules = [importlib.import_module(f"{__name__}.{module.name}") for module in pkgutil.iter_modules(__path__)]
    classes = [
        value
        for module in modules
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, Format) and value.__module__ == module.__name__
    ]
    return tuple(sorted((one() for one in classes if "name" in vars(one)), key=lambda each: each.order))


def format_of(name: str, path: Path) -> Format:
    """The first format that recognizes an output by its name or its first bytes."""
    return next(each for each in formats() if each.recognizes(name, path))


def format_named(name: str) -> Format:
    return next(each for each in formats() if each.name == name)


def with_fallback(
    output: str, reference: Path, target: Path, use: Callable[[Format], Used]
) -> tuple[Format, Used, str]:
    """Use the format that fits both files; where one of them is broken the next that fits, with a note saying so."""
    note = ""
    for each in formats():
        if each.recognizes(output, reference) and each.recognizes(output, target):
            try:
                return each, use(each), note
            except Broken as broken:
                note = f"not compared as {each.name}: {broken}"
    raise AssertionError("raw bytes fit everything")
