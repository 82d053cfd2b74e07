"""Programs that do not repeat themselves on one chip: why, and what can be compared all the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bitfast.check.dates import is_calendar
from bitfast.check.pipeline import Options, check
from bitfast.check.progress import Progress
from bitfast.check.project import find_project
from bitfast.chips import target_named
from bitfast.words import Certainty, Result, Verdict

HOUR, DAY = 3600, 86400
MAY = 20_000 * DAY + 9 * HOUR + 1830  # 2024-10-04 09:30:30 UTC
LATER = MAY + 400 * DAY + HOUR + 61


def checked(tmp_path: Path, name: str, text: str, **build: str) -> Result:
    source = tmp_path / name
    source.write_text(text)
    project = find_project(source, tmp_path, build=tuple(build.values()))
    return check(project, Options(target_named("aarch64-linux-gnu")), Progress(quiet=True))


def c(body: str) -> str:
    heads = ["stdio", "stdlib", "stdint", "string", "time", "unistd", "fcntl"]
    heads += ["sys/random", "sys/time", "sys/times", "sys/resource"]
    return "".join(f"#include <{head}.h>\n" for head in heads) + "int main(void)\n{\n" + body + "\nreturn 0;\n}\n"


SEEDS = {
    "a clock": ("struct timespec t; clock_gettime(CLOCK_REALTIME, &t); uint64_t s = t.tv_nsec;", "clock"),
    "microseconds": ("struct timeval t; gettimeofday(&t, 0); uint64_t s = t.tv_usec;", "clock"),
    "whole seconds": ("uint64_t s = time(NULL);", "clock"),
    "CPU time and memory": ("struct rusage r; getrusage(0, &r); uint64_t s = r.ru_utime.tv_usec + clock();", "clock"),
    "getrandom": ("uint64_t s; if (getrandom(&s, sizeof s, 0) != 8) return 1;", "random bytes"),
    "getentropy": ("uint64_t s; if (getentropy(&s, sizeof s)) return 1;", "random bytes"),
    "arc4random": ("uint64_t s = arc4random();", "random bytes"),
    "/dev/urandom by open": (
        'uint64_t s; int f = open("/dev/urandom", O_RDONLY); if (read(f, &s, 8) != 8) return 1;', "random bytes"),
    "/dev/random by fopen": (
        'uint64_t s; FILE *f = fopen("/dev/random", "rb"); if (fread(&s, 8, 1, f) != 1) return 1;', "random bytes"),
    "a process id": ("uint64_t s = getpid();", "process id"),
    "time and process id": (
        "struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); uint64_t s = t.tv_nsec ^ getpid() * 977;",
        "the clock and the process id"),
}  # fmt: skip
WALK = """for (int i = 0; i < 8; i++) {
    s = s * 6364136223846793005u + 1442695040888963407u;
    printf("%llu\\n", (unsigned long long)s);
}"""


@pytest.mark.parametrize("seed", SEEDS)
def test_a_walk_is_compared_with_what_seeds_it_held_still(seed: str, tmp_path: Path) -> None:
    code, words = SEEDS[seed]
    result = checked(tmp_path, "walk.c", c(f"{code}\n{WALK}"))
    assert result.verdict is Verdict.SAME
    assert not result.masked
    (cause,) = result.causes
    assert (cause.cause, cause.certainty) == ("nondeterminism", Certainty.PROVED)
    assert words in cause.why
    assert any(words in note and "held still" in note for note in result.notes)
    if "/dev" not in seed:
        lines = (tmp_path / "walk.c").read_text().splitlines()
        called = re.compile(
            r"\b(clock_gettime|gettimeofday|time|getrusage|clock|getrandom|getentropy|arc4random|getpid)\("
        )
        assert cause.places
        assert all(called.search(lines[place.line - 1]) and place.function == "main" for place in cause.places)


def test_a_difference_behind_a_random_seed_is_found_and_cured(tmp_path: Path) -> None:
    text = """#include <cstdio>
#include <random>
int main()
{
    std::random_device seed;
    std::mt19937_64 engine(seed());
    std::uniform_real_distribution<double> uniform;
    for (int i = 0; i < 64; i++)
        std::printf("%.17g\\n", uniform(engine) * 3.0 + 1.0 / 3.0);
}
"""
    result = checked(tmp_path, "walk.cpp", text)
    assert result.verdict is Verdict.CURED
    assert [cause.cause for cause in result.causes] == ["nondeterminism", "fused-multiply-add"]
    assert [(place.file, place.line) for place in result.causes[0].places] == [("walk.cpp", 5)]


def test_a_system_call_of_its_own_cannot_be_held_and_is_called_nondeterministic(tmp_path: Path) -> None:
    text = "#include <sys/syscall.h>\n" + c(
        f"struct timespec t; syscall(SYS_clock_gettime, 1, &t); uint64_t s = t.tv_nsec;\n{WALK}"
    )
    result = checked(tmp_path, "walk.c", text)
    assert result.verdict is Verdict.NONDETERMINISTIC
    assert not result.causes
    assert any("whatever is held still" in note for note in result.notes)


def test_addresses_are_named_but_never_compared_between_chips(tmp_path: Path) -> None:
    result = checked(
        tmp_path,
        "where.c",
        c('printf("%lu\\n", (unsigned long)&stdout % 1000003 + (unsigned long)malloc(9) / 16 % 997);'),
    )
    assert result.verdict is Verdict.NONDETERMINISTIC
    assert [cause.why.split(",")[0] for cause in result.causes] == ["the answer follows where things lie in memory"]


def test_a_date_with_a_day_s_grain_is_masked_and_the_rest_compared(tmp_path: Path) -> None:
    text = c(
        """time_t now = time(NULL); char text[80];
strftime(text, sizeof text, "%A, %d %B %Y", localtime(&now));
printf("Report of %s\\nmean %.17g\\n", text, 1.0 / 3.0);"""
    )
    result = checked(tmp_path, "report.c", text)
    assert result.verdict is Verdict.SAME
    assert {part.reason for part in result.masked} == {"time"}
    assert all(part.where.startswith("line 1,") for part in result.masked)
    assert not result.causes


def test_a_number_that_follows_the_date_is_compared_not_masked(tmp_path: Path) -> None:
    """The moon's age in days, say: it repeats all day but is no date."""
    text = c(
        """double days = (double)(time(NULL) / 86400);
for (int i = 1; i < 40; i++) printf("%.17g\\n", days / i * 0.0338631 - 17.25);"""
    )
    result = checked(tmp_path, "moon.c", text)
    assert result.verdict is Verdict.CURED
    assert not result.masked
    assert [cause.cause for cause in result.causes] == ["nondeterminism", "fused-multiply-add"]


def test_known_times_and_ids_are_masked_and_nothing_is_held_for_them(tmp_path: Path) -> None:
    text = c(
        """struct timespec now; clock_gettime(CLOCK_REALTIME, &now);
printf("at %lld.%09ld by process %d\\n", (long long)now.tv_sec, now.tv_nsec, (int)getpid());
puts("the answer is 42");"""
    )
    result = checked(tmp_path, "log.c", text)
    assert result.verdict is Verdict.SAME
    assert {part.reason for part in result.masked} == {"time", "process id"}
    assert not result.causes
    assert not result.notes


def test_a_program_that_waits_for_time_to_pass_ends_with_the_clock_held(tmp_path: Path) -> None:
    code = """struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); uint64_t s = t.tv_nsec;
time_t end = time(NULL) + 2;
while (time(NULL) < end) {}"""
    result = checked(tmp_path, "wait.c", c(f"{code}\n{WALK}"))
    assert result.verdict is Verdict.SAME
    assert [cause.cause for cause in result.causes] == ["nondeterminism"]


def test_a_held_process_id_still_reaches_the_process(tmp_path: Path) -> None:
    code = (
        "struct timespec t; clock_gettime(0, &t); uint64_t s = t.tv_nsec ^ getpid(); if (kill(getpid(), 0)) return 3;"
    )
    result = checked(tmp_path, "kill.c", "#define _GNU_SOURCE\n#include <signal.h>\n" + c(f"{code}\n{WALK}"))
    assert result.verdict is Verdict.SAME
    assert any("process id" in note for note in result.notes)


@pytest.mark.parametrize(
    ("first", "second", "date"),
    [
        ("2024-10-04", "2025-11-08", True),
        ("Report of Friday, 04 October", "Report of Saturday, 08 November", True),
        ("(c) 1999-2024", "(c) 1999-2025", True),
        ("1728034230", "1762597891", True),
        ("09:30:30", "10:31:31", True),
        ("20241004", "20251108", True),
        ("mean 3.14", "mean 3.15", False),
        ("2024", "2026", False),
        ("week 40 of 12", "week 45 of 13", False),
        ("30", "30.0", False),
        ("same", "same", False),
    ],
)
def test_only_the_parts_of_both_dates_count_as_one(first: str, second: str, date: bool) -> None:
    assert is_calendar(first, second, (MAY, MAY), (LATER, LATER)) is date
