"""The catalogue of causes: every module of this package that defines a `Cause` is in it."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from bitfast.causes.base import Cause

__all__ = ["Cause", "catalogue", "cause_named"]


@cache
def catalogue() -> tuple[Cause, ...]:
    """One instance of every cause, in the order in which they are tried."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
    causes = [subclass() for subclass in _subclasses(Cause) if getattr(subclass, "name", "")]
    return tuple(sorted(causes, key=lambda cause: (cause.tier, cause.name)))


def cause_named(name: str) -> Cause:
    """The cause of that name; KeyError for an unknown one."""
    return {cause.name: cause for cause in catalogue()}[name]


def _subclasses(base: type[Cause]) -> list[type[Cause]]:
    direct = base.__subclasses__()
    return direct + [deeper for subclass in direct for deeper in _subclasses(subclass)]
