"""The libraries the functions are compared with, and what each calls a function.

| peer | answers | where |
|---|---|---|
| bitfast | correctly rounded | this repository |
| svml-cr | correctly rounded, x86 only | Intel's vector library, PyPI intel-cmplr-lib-rt |
| sleef | within 1 ulp, same bits on every chip | libsleef3 |
| libmvec | within 4 ulp | glibc |
| numpy | within 4 ulp | PyPI numpy |
| libc | mostly within 1 ulp | glibc's scalar functions |
"""

from __future__ import annotations

import ctypes
import sysconfig
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

KINDS = (
    "SCALAR_F64", "SCALAR_F32", "VECTOR4_F64", "VECTOR8_F64", "VECTOR8_F32", "VECTOR16_F32", "ARRAY_F64", "ARRAY_F32",
)  # fmt: skip
TWO_ARGUMENTS = {"pow", "atan2", "hypot"}


@dataclass(frozen=True)
class Entry:
    """A function of some library: its address, and how it is called (an index of KINDS)."""

    address: int
    kind: int


def load(name: str, directory: Path | None = None, mode: int = ctypes.DEFAULT_MODE) -> ctypes.CDLL | None:
    """A shared library by file name, or None where it is not installed."""
    try:
        return ctypes.CDLL(str(directory / name) if directory else name, mode)
    except OSError:
        return None


def _entry(library: ctypes.CDLL | None, symbol: str, kind: str) -> Entry | None:
    if library is None:
        return None
    try:
        function = getattr(library, symbol)
    except AttributeError:
        return None
    address = ctypes.cast(function, ctypes.c_void_p).value
    assert address is not None
    return Entry(address, KINDS.index(kind))


def svml(name: str, dtype: str, level: str) -> Entry | None:
    """Intel's correctly rounded one: 22 float32 functions, and float64 exp and log."""
    directory = Path(sysconfig.get_path("data")) / "lib"
    load("libintlc.so.5", directory, ctypes.RTLD_GLOBAL)  # what libsvml.so is linked with and does not find by itself
    called = {"rsqrt": "invsqrt"}.get(name, name)
    single = dtype == "float32"
    lanes = {"v4": 16 if single else 8, "v3": 8 if single else 4}[level]
    symbol = f"__svml_{called}{'f' if single else ''}{lanes}_cr{'_l9' if level == 'v3' else ''}"
    return _entry(load("libsvml.so", directory), symbol, f"VECTOR{lanes}_F{dtype[-2:]}")


def sleef(name: str, dtype: str, level: str) -> Entry | None:
    """The "finz" variants: the same bits on every chip that has FMA."""
    library = load("libsleef.so.3")
    letter, lanes = ("f", {"v4": 16, "v3": 8}[level]) if dtype == "float32" else ("d", {"v4": 8, "v3": 4}[level])
    kind = f"VECTOR{lanes}_F{dtype[-2:]}"
    accuracies = ("u10", "u05")
    suffix = {"v4": "avx512f", "v3": "avx2"}[level]
    found = (_entry(library, f"Sleef_finz_{name}{letter}{lanes}_{accuracy}{suffix}", kind) for accuracy in accuracies)
    return next((entry for entry in found if entry), None)


def libmvec(name: str, dtype: str, level: str) -> Entry | None:
    """glibc's vector functions, as GCC calls them with -ffast-math."""
    single = dtype == "float32"
    letter, lanes = {"v4": ("e", 16 if single else 8), "v3": ("d", 8 if single else 4)}[level]
    arguments = "vv" if name in TWO_ARGUMENTS else "v"
    symbol = f"_ZGV{letter}N{lanes}{arguments}_{name}{'f' if single else ''}"
    return _entry(load("libmvec.so.1"), symbol, f"VECTOR{lanes}_F{dtype[-2:]}")


def libc(name: str, dtype: str, level: str) -> Entry | None:
    """The C library's scalar function."""
    return _entry(load("libm.so.6"), f"{name}{'f' if dtype == 'float32' else ''}", f"SCALAR_F{dtype[-2:]}")


def bitfast_array(library: ctypes.CDLL, name: str, dtype: str) -> Entry | None:
    """Our array call."""
    return _entry(library, f"bitfast_{name}{'f' if dtype == 'float32' else ''}_array", f"ARRAY_F{dtype[-2:]}")


def bitfast_scalar(library: ctypes.CDLL, name: str, dtype: str) -> Entry | None:
    """Our scalar call."""
    return _entry(library, f"bitfast_{name}{'f' if dtype == 'float32' else ''}", f"SCALAR_F{dtype[-2:]}")


PEERS: dict[str, Callable[[str, str, str], Entry | None]] = {
    "svml-cr": svml,
    "sleef": sleef,
    "libmvec": libmvec,
    "libc": libc,
}
