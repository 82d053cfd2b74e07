"""The digests: the inputs are made here once more from docs/contract.md, and MPFR's answers must have them too."""

from __future__ import annotations

import hashlib
import json
import math
import struct
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import gmpy2
import pytest

from bitfast import _native, contract
from derive import hard_cases

RANGES = {
    "exp": (-30, 9), "exp2": (-30, 10), "exp10": (-30, 8), "expm1": (-40, 9), "log": (-64, 63), "log2": (-64, 63),
    "log10": (-64, 63), "log1p": (-40, 30), "pow": (-4, 7), "sin": (-20, 30), "cos": (-20, 30), "tan": (-20, 30),
    "sinh": (-30, 9), "cosh": (-30, 9), "tanh": (-30, 5), "asin": (-30, -1), "acos": (-30, -1), "cbrt": (-60, 60),
    "rsqrt": (-60, 60), "sqrt": (-60, 60), "erf": (-30, 2), "asinh": (-30, 30), "acosh": (0, 30),
    "atanh": (-30, -1),
}  # fmt: skip
POSITIVE = {"log", "log2", "log10", "acosh", "rsqrt", "sqrt"}
POWERS = (7, 10, 15, 16, 22, 23, 24, 31, 32, 52, 53, 63, 64)
VALUES = (0.25, 0.5, 0.75, 1, 1.5, 2, 2.5, 3, 3.5, 4, 5, 8, 10, 16, 40, *(2.0**k for k in POWERS))


class Format:
    def __init__(self, bits: int) -> None:
        self.bits, self.p, self.e = (64, 52, 11) if bits == 64 else (32, 23, 8)
        self.layout, self.integer = ("<d", "<Q") if bits == 64 else ("<f", "<I")
        self.bias, self.sign = 2 ** (self.e - 1) - 1, 1 << (bits - 1)
        self.context = gmpy2.context(
            precision=self.p + 1, emax=self.bias + 1, emin=2 - self.bias - self.p, subnormalize=True
        )

    def value(self, pattern: int) -> float:
        return float(struct.unpack(self.layout, struct.pack(self.integer, pattern))[0])

    def is_signalling(self, pattern: int) -> bool:
        infinity, quiet = (2**self.e - 1) << self.p, 1 << (self.p - 1)
        return infinity < pattern & ~self.sign < infinity | quiet

    def pattern(self, value: float) -> int:
        return int(struct.unpack(self.integer, struct.pack(self.layout, value))[0])


def splitmix64() -> Iterator[int]:
    state, mask = 0, 2**64 - 1
    while True:
        state = (state + 0x9E3779B97F4A7C15) & mask
        z = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & mask
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & mask
        yield z ^ (z >> 31)


def special_values(form: Format) -> list[int]:
    one, infinity = form.bias << form.p, (2**form.e - 1) << form.p
    quiet = infinity | 1 << (form.p - 1)
    magnitudes = [0, 1, 2**form.p - 1, 2**form.p, one - 1, one + 1, *map(form.pattern, VALUES)]
    magnitudes += [infinity - 1, infinity, quiet, quiet | 1, infinity | 1]
    return [pattern for magnitude in magnitudes for pattern in (magnitude, magnitude | form.sign)]


def core_inputs(function: str, arguments: int, form: Format) -> Iterator[tuple[int, ...]]:
    random = splitmix64()
    low, high = RANGES.get(function, (-20, 20))

    def in_range(r: int) -> int:
        exponent = form.bias + low + (r >> 52 & 0x7FF) % (high - low + 1)
        sign = form.sign if function not in POSITIVE and r >> 63 else 0
        return sign | exponent << form.p | r % 2**form.p

    specials = special_values(form)
    yield from [(x,) for x in specials] if arguments == 1 else [(x, y) for x in specials for y in specials]
    for exponent in range(2**form.e - 1):
        for variant in range(8):
            fraction = (0, 2**form.p - 1, 2 ** (form.p - 1), next(random) % 2**form.p)[variant // 2]
            x = exponent << form.p | fraction | variant % 2 * form.sign
            if arguments == 1:
                yield (x,)
                continue
            y, _ = in_range(next(random)), next(random)
            yield x, y
            yield y, x
    for file in sorted(hard_cases.WORST_CASES.glob(f"{function}.txt")):
        for bits, numbers in hard_cases.cases(file.read_text()):
            if bits == form.bits:
                yield tuple(map(form.pattern, [*numbers, 0.0][:arguments]))
    for i in range(2**12):
        drawn = [next(random) for _ in range(3)]
        yield tuple(in_range(r) if i % 16 else r >> (64 - form.bits) for r in drawn[:arguments])


def zero_sign(x: gmpy2.mpfr, y: gmpy2.mpfr, least: bool) -> gmpy2.mpfr:
    return x if gmpy2.is_signed(x) == least else y


def extreme(least: bool, keeps_nan: bool) -> Callable[..., gmpy2.mpfr]:
    def choose(_: gmpy2.context, x: gmpy2.mpfr, y: gmpy2.mpfr) -> gmpy2.mpfr:
        if gmpy2.is_nan(x) or gmpy2.is_nan(y):
            return gmpy2.nan() if keeps_nan or gmpy2.is_nan(x) is gmpy2.is_nan(y) else (y if gmpy2.is_nan(x) else x)
        if x == y:
            return zero_sign(x, y, least)
        return x if (x < y) == least else y

    return choose


def rsqrt(context: gmpy2.context, x: gmpy2.mpfr) -> gmpy2.mpfr:
    return gmpy2.inf(-1 if gmpy2.is_signed(x) else 1) if x == 0 else context.rec_sqrt(x)


UNARY = """exp exp2 exp10 expm1 log log2 log10 log1p sin cos tan sinh cosh tanh asinh acosh atanh asin acos atan cbrt
    erf sqrt""".split()
ORACLES: dict[str, tuple[int, Callable[..., gmpy2.mpfr]]] = {
    **{name: (1, lambda context, x, name=name: getattr(context, name)(x)) for name in UNARY},
    **{
        name: (1, lambda context, x, name=name: getattr(context, f"rint_{name}")(x))
        for name in ("floor", "ceil", "trunc")
    },
    "rint": (1, lambda context, x: context.rint(x)),
    "rsqrt": (1, rsqrt),
    "pow": (2, lambda context, x, y: context.pow(x, y)),
    "atan2": (2, lambda context, x, y: context.atan2(x, y)),
    "hypot": (2, lambda context, x, y: context.hypot(x, y)),
    "fmod": (2, lambda context, x, y: context.fmod(x, y)),
    "remainder": (2, lambda context, x, y: context.remainder(x, y)),
    "add": (2, lambda context, x, y: context.add(x, y)),
    "subtract": (2, lambda context, x, y: context.sub(x, y)),
    "multiply": (2, lambda context, x, y: context.mul(x, y)),
    "divide": (2, lambda context, x, y: context.div(x, y)),
    "square": (1, lambda context, x: context.mul(x, x)),
    "reciprocal": (1, lambda context, x: context.div(1, x)),
    "fmin": (2, extreme(True, False)),
    "fmax": (2, extreme(False, False)),
    "minimum": (2, extreme(True, True)),
    "maximum": (2, extreme(False, True)),
}


@pytest.mark.parametrize("bits", [64, 32])
@pytest.mark.parametrize("function", ORACLES)
def test_mpfr_gives_the_contracts_digest(function: str, bits: int) -> None:
    form = Format(bits)
    arguments, oracle = ORACLES[function]
    nan = (2**form.e - 1) << form.p | 1 << (form.p - 1)
    answers = []
    with gmpy2.context(form.context) as context:
        values: dict[int, gmpy2.mpfr] = {}
        for patterns in core_inputs(function, arguments, form):
            given = [values.setdefault(pattern, gmpy2.mpfr(form.value(pattern))) for pattern in patterns]
            # MPFR has no signalling NaN: pow(x, sNaN) and hypot(inf, sNaN) are NaN.
            signals = function in ("pow", "hypot") and any(map(form.is_signalling, patterns))
            answer = math.nan if signals else float(oracle(context, *given))
            answers.append(nan if math.isnan(answer) else form.pattern(answer))
    digest = hashlib.sha256(struct.pack(f"<{len(answers)}{form.integer[1]}", *answers)).hexdigest()
    assert digest == contract.load().digests[function, f"float{bits}", "core"]


@pytest.mark.parametrize("level", _native.levels())
def test_every_level_gives_the_contracts_digests(level: str) -> None:
    outcomes = contract.selftest([level], report=lambda _: None)
    assert {outcome.function for outcome in outcomes} == {function for function, _, _ in contract.load().digests}
    assert [outcome for outcome in outcomes if outcome.differing] == []


def test_the_level_is_what_it_was() -> None:
    before = _native.level()
    contract.selftest(_native.levels(), functions=["floor"], report=lambda _: None)
    assert _native.level() == before


def selftest(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bitfast", "selftest", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)


def test_the_command_reports_and_ends_with_0(tmp_path: Path) -> None:
    done = selftest("--json", tmp_path / "result.json", "floor", "exp")
    assert done.returncode == 0, done.stderr
    result = json.loads((tmp_path / "result.json").read_text())
    assert result["same"] and [row["function"] for row in result["functions"]] == ["floor", "exp"]
    assert result["cpu"] and result["levels"] == [_native.level()]


def test_another_bit_ends_with_1(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    changed = json.loads(contract.CONTRACT.read_text())
    changed["digests"]["exp"]["float32"]["core"] = "0" * 64
    (tmp_path / "contract.json").write_text(json.dumps(changed))
    monkeypatch.setattr(contract, "load", lambda load=contract.load: load(tmp_path / "contract.json"))
    [outcome] = contract.selftest([_native.level()], functions=["exp"], report=lambda _: None)
    assert outcome.differing == ("float32 core",)


@pytest.mark.parametrize("arguments", [["--level", "z80"], ["gamma"], ["--level", "x", "--all-levels"]])
def test_a_wrong_call_ends_with_2_and_says_what_to_do(arguments: list[str]) -> None:
    done = selftest(*arguments)
    assert done.returncode == 2
    assert "→" in done.stderr and "Traceback" not in done.stderr
