"""Dates and times as editors write them, as aware datetimes; and days as readers read them."""

import calendar
import re
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from .fields import Node
from .kinds import Reading, line
from .syntax import quoted

_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_MOMENT = re.compile(
    r"(?P<date>(\d{4})-(\d\d)-(\d\d))"
    r"(?:[Tt ]+(\d\d):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?[ ]*(?P<offset>[Zz]|[+-]\d\d:?\d\d)?)?",
    re.ASCII,
)
_DAY_FIRST = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})(?:[T ,]+(\d{1,2}):(\d\d))?", re.ASCII)
_YEAR_FIRST = re.compile(r"(\d{4})[./-](\d{1,2})[./-](\d{1,2})(?:[T ,]+(\d{1,2}):(\d\d))?", re.ASCII)


def moment(node: Node, reading: Reading) -> datetime:
    """A date and time (RFC 3339), with the offset it was written with or that of the site's zone; whole seconds.

    A day alone is its first second. What a clock change skips or doubles is a fault: feedsite does not guess.
    """
    value = line(node, reading)
    found = _MOMENT.fullmatch(value)
    if not found:
        reading.refuse(node.mark, f"{quoted(value)} is not a date and time; write {_guess(value, reading.zone)}")
    year, month, day, hour, minute, second = (int(part or 0) for part in found.group(2, 3, 4, 5, 6, 7))
    if not 1000 <= year <= 9998:
        reading.refuse(node.mark, f"{quoted(value)}: the year {year} lies outside 1000 to 9998")
    try:
        naive = datetime(year, month, day, hour, minute, second)  # noqa: DTZ001  # its zone comes below
    except ValueError:
        reading.refuse(node.mark, f"{quoted(value)} does not exist: {_why_not(year, month)}")
    offset = found["offset"]
    if offset is None:
        return _in_zone(naive, value, node, reading)
    try:
        return datetime.fromisoformat(f"{naive.isoformat()}{offset.upper()}")
    except ValueError:
        reading.refuse(
            node.mark, f"{quoted(value)}: the offset {offset} does not exist; write one such as +01:00, or Z"
        )


def _in_zone(naive: datetime, value: str, node: Node, reading: Reading) -> datetime:
    zone = reading.zone
    early, late = naive.replace(tzinfo=zone), naive.replace(tzinfo=zone, fold=1)
    if early.utcoffset() == late.utcoffset():
        return early
    after = early.astimezone(UTC).astimezone(zone)
    is_skipped = after.replace(tzinfo=None) != naive
    why = "does not exist in {0}: the clocks skip that hour" if is_skipped else "comes twice in {0}: the clocks go back"
    fix = after.isoformat() if is_skipped else f"{early.isoformat()} or {late.isoformat()}"
    return reading.refuse(node.mark, f"{quoted(value)} {why.format(zone.key)}; write {fix}")


def _why_not(year: int, month: int) -> str:
    if not 1 <= month <= 12:
        return "months run from 01 to 12, and come before the day: year-month-day"
    days = calendar.monthrange(year, month)[1]
    return f"{_MONTHS[month - 1]} {year} has {days} days, hours run from 00 to 23, minutes and seconds to 59"


def _guess(value: str, zone: ZoneInfo) -> str:
    """The moment that was probably meant, as it should have been written."""
    days: list[tuple[int, int, int]] = []
    clock = (9, 0)
    if found := _DAY_FIRST.match(value):
        first, second, year = (int(part) for part in found.group(1, 2, 3))
        days = [(year, second, first), (year, first, second)]
    elif found := _YEAR_FIRST.match(value):
        days = [(int(found[1]), int(found[2]), int(found[3]))]
    if found and found[4]:
        clock = (int(found[4]), int(found[5]))
    guesses = []
    for day in dict.fromkeys(days):
        try:
            local = datetime(*day, *clock, tzinfo=zone)
        except ValueError:
            continue
        meant = f" for {day_in_words(local.date())}" if len(days) > 1 and day[1] <= 12 and day[2] <= 12 else ""
        guesses.append(local.isoformat() + meant)
    return " or ".join(guesses) or datetime(2026, 11, 22, 9, tzinfo=zone).isoformat()


def day_in_words(day: date) -> str:
    """5 July 2021, in every locale."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
