"""Runs the proofs of the rounding errors, derive/gappa/*.g: python -m derive.proofs [NAME…].

A script is Gappa's language with these habits. Each formula in braces is proved on its own, with the definitions
before it and the rules after the last. Where a hypothesis is a paragraph of alternatives, `( … \\/ … )`, each of them
is proved on its own. `# c: CUBIC of atan_data.h` says that c0, c1, … are the entries of that array, and
`# used in cbrt.c: …` where the bound stands that follows from the proof; both are held against the files.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from derive.common import ELEMENTARY

SCRIPTS = Path(__file__).parent / "gappa"
FORMULA = re.compile(r"^\{\n.*?^\}\n", re.DOTALL | re.MULTILINE)
ALTERNATIVES = re.compile(r"^    \(\n(.*?)^    \)\n", re.DOTALL | re.MULTILINE)
USED = re.compile(r"^# used in (\S+): (.*)$", re.MULTILINE)
ARRAY = re.compile(r"^# (\w+): (\w+) of (\w+\.h)$", re.MULTILINE)
NUMBER = r"(-?[0-9a-fx.]+(?:p[+-]?\d+)?)"


@dataclass(frozen=True)
class Proof:
    """One formula with all that Gappa needs for it."""

    name: str
    text: str


def scripts() -> list[Path]:
    """All scripts."""
    return sorted(SCRIPTS.glob("*.g"))


def proofs(script: Path) -> Iterator[Proof]:
    """The formulas of a script, each alternative of their hypotheses apart."""
    text = script.read_text()
    formulas = list(FORMULA.finditer(text))
    before, after = text[: formulas[0].start()], text[formulas[-1].end() :]
    for number, formula in enumerate(formulas, 1):
        cases = ALTERNATIVES.search(formula[0])
        choices = [choice.strip() for choice in cases[1].split("\\/")] if cases else [""]
        for case, choice in enumerate(choices, 1):
            chosen = formula[0].replace(cases[0], f"    {choice}\n") if cases else formula[0]
            name = script.stem + (f" {number}" if len(formulas) > 1 else "") + (f".{case}" if cases else "")
            yield Proof(name, before + chosen + after)


def failure(proof: Proof) -> str:
    """What Gappa says where it does not accept a proof, or uses a rule that is not an identity; else nothing."""
    command = ["gappa", "-Eno-auto-dichotomy"]
    done = subprocess.run(command, input=proof.text, text=True, capture_output=True)
    lines = done.stderr.splitlines()
    wrong = [line for line in lines if "not trivially equal" in line]
    if done.returncode:
        wrong += [line for line in lines if not line.startswith("Warning")] or ["Gappa failed"]
    return "\n".join(wrong)


def bounds(proof: Proof) -> list[str]:
    """The bounds that a formula claims, without comments."""
    claims = re.sub(r"#.*", "", FORMULA.findall(proof.text)[0].partition("\n->\n")[2].rstrip("}\n"))
    return [" ".join(claim.split()) for claim in re.split(r"/\\", claims)]


def entries(header: str, array: str, directory: Path = ELEMENTARY) -> list[float]:
    """An array of doubles in a data header."""
    text = (directory / header).read_text()
    found = re.search(rf"^static const double {array}\[\] = \{{(.*?)\}};", text, re.DOTALL | re.MULTILINE)
    if not found:
        raise ValueError(f"{header} has no {array}")
    return [float.fromhex(number) for number in re.findall(r"[^\s,]+", found[1])]


def drift(script: Path, directory: Path = ELEMENTARY) -> list[str]:
    """Where a script is no longer about the kernels: other constants than in the data headers, a bound not in use."""
    text = script.read_text()
    wrong = []
    for file, use in USED.findall(text):
        if use not in (directory / file).read_text():
            wrong.append(f"{script.name}: {file} no longer has {use}")
    for prefix, array, header in ARRAY.findall(text):
        for index, value in enumerate(entries(header, array, directory)):
            name = f"{prefix}{index}"
            ranges = re.findall(rf"\b{name} in \[{NUMBER}, {NUMBER}\]", text)
            ranges += [(number, number) for number in re.findall(rf"\b{name} = {NUMBER};", text)]
            if not ranges:
                wrong.append(f"{script.name} does not say what {name} is")
            for low, high in ranges:
                if not float.fromhex(low) <= value <= float.fromhex(high):
                    wrong.append(f"{script.name}: {name} in [{low}, {high}], but {array} of {header} has {value.hex()}")
    return wrong


def main() -> None:
    """Prints for each formula whether it is proved; the exit status says whether all are."""
    bad = 0
    for script in scripts():
        if sys.argv[1:] and script.stem not in sys.argv[1:]:
            continue
        for problem in drift(script):
            bad += 1
            print(problem)
        for proof in proofs(script):
            problem = failure(proof)
            bad += bool(problem)
            print(
                f"{proof.name}: {'not proved' if problem else 'proved'}",
                *bounds(proof),
                *problem.splitlines(),
                sep="\n    ",
            )
        for file, use in USED.findall(script.read_text()):
            print(f"    used in {file}: {use}")
    sys.exit(bad > 0)


if __name__ == "__main__":
    main()
