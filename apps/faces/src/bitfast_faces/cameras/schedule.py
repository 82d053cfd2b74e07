"""When a zone counts: weekdays and hours on the clock of a time zone.

`"mon-fri 07:00-19:00"`, `"sat,sun 10:00-16:00"`, `"fri 22:00-06:00"` (until Saturday's 06:00), `"daily 00:00-24:00"`.
The beginning belongs to it, the end does not. What the clock on the wall shows decides: an hour that daylight saving
repeats counts twice, one that it leaves out not at all.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NoReturn
from zoneinfo import ZoneInfo

from bitfast_faces.errors import FacesError

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_FORM = re.compile(r"(?P<days>[a-z,-]+)\s+(?P<h1>\d\d):(?P<m1>\d\d)-(?P<h2>\d\d):(?P<m2>\d\d)")
_DAY_MINUTES = 24 * 60


@dataclass(frozen=True)
class Hours:
    """Minutes of the day from `begin` until before `end`, on `days` (0 is Monday). `end` ≤ `begin` is the next day.

    `zone` None is the machine's own time.
    """

    days: frozenset[int]
    begin: int
    end: int
    zone: ZoneInfo | None

    def includes(self, at: int) -> bool:
        local = moment(at).astimezone(self.zone)
        minute, today = local.hour * 60 + local.minute, local.weekday()
        if self.begin < self.end:
            return today in self.days and self.begin <= minute < self.end
        return (today in self.days and minute >= self.begin) or ((today - 1) % 7 in self.days and minute < self.end)


def moment(at: int) -> datetime:
    """The UTC date and time of milliseconds of the Unix epoch, without rounding."""
    return datetime.fromtimestamp(at // 1000, UTC) + timedelta(milliseconds=at % 1000)


def open_at(hours: Sequence[Hours], at: int) -> bool:
    """Whether any of them includes the moment; none at all is always."""
    return not hours or any(hour.includes(at) for hour in hours)


def time_zone(name: str, tried: str) -> ZoneInfo:
    """The time zone of that name in the system's or tzdata's table. Raises FacesError."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:  # ZoneInfoNotFoundError is a KeyError
        raise FacesError(
            tried,
            f"There is no time zone {name!r} here.",
            "Name one as Europe/Berlin; without a table of them: pip install tzdata.",
        ) from error


def parse(text: str, zone: ZoneInfo | None, tried: str) -> Hours:
    """Hours from the form above. Raises FacesError.

    >>> sorted(parse("fri-mon 22:00-06:00", ZoneInfo("UTC"), "").days)
    [0, 4, 5, 6]
    """
    found = _FORM.fullmatch(text.strip().lower())
    if found is None:
        _wrong(tried, text, "it is not of the form DAYS HH:MM-HH:MM")
    days = _days(found["days"], text, tried)
    begin, end = (int(found[f"h{n}"]) * 60 + int(found[f"m{n}"]) for n in (1, 2))
    if int(found["m1"]) > 59 or int(found["m2"]) > 59 or begin >= _DAY_MINUTES or end > _DAY_MINUTES:
        _wrong(tried, text, "there is no such time of the day")
    if begin == end:
        _wrong(tried, text, "it begins when it ends; a whole day is 00:00-24:00")
    return Hours(days, begin, end, zone)


def _days(text: str, whole: str, tried: str) -> frozenset[int]:
    if text == "daily":
        return frozenset(range(7))
    days: set[int] = set()
    for part in text.split(","):
        first, _, last = part.partition("-")
        if first not in DAYS or (last or first) not in DAYS:
            _wrong(tried, whole, f"{part!r} is no weekday or range of them (mon … sun, daily)")
        begin, end = DAYS.index(first), DAYS.index(last or first)
        days.update((begin + n) % 7 for n in range((end - begin) % 7 + 1))
    return frozenset(days)


def _wrong(tried: str, text: str, why: str) -> NoReturn:
    raise FacesError(tried, f"The hours {text!r} cannot be read: {why}.", 'Write "mon-fri 07:00-19:00".')
