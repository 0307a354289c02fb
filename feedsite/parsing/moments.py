"""Dates and times as editors write them, as aware datetimes."""

import calendar
import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from ..wording import MONTHS, day_in_words
from .fieldtypes import LONGEST_WORD, Context, FieldType, one_line
from .nodes import Node
from .quoting import shown

_FIRST_YEAR, _LAST_YEAR = 1000, 9998
_WRITTEN = (  # the same in Python and ECMA 262, for a JSON Schema
    "([0-9]{4})-([0-9]{2})-([0-9]{2})"
    "(?:[Tt ]+([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:[.,][0-9]+)?)?[ ]*([Zz]|[+-][0-9]{2}:?[0-9]{2})?)?"
)
# What editors write instead. A message proposes the moment that was probably meant.
_DAY_FIRST = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})", re.ASCII)
_YEAR_FIRST = re.compile(r"(\d{4})[./-](\d{1,2})[./-](\d{1,2})", re.ASCII)
_CLOCK = re.compile(r"[T ,](\d{1,2})[:.h](\d\d)(?::\d\d)?[ ]*([AaPp](?=\.?[Mm]))?", re.ASCII)
_OFFSET = re.compile(r"(?:(?P<utc>UTC|GMT|Z)|(?P<sign>[+-])(?P<hours>\d\d):?(?P<minutes>[0-5]\d))$", re.ASCII)


def _moment(node: Node, context: Context) -> datetime:
    """A date and time (RFC 3339), with the offset it was written with or that of the site's zone; whole seconds.

    A day alone means its first second. A time that a clock change skips or doubles is a fault: feedsite does not guess.
    """
    value = one_line(node, context, LONGEST_WORD)
    found = re.fullmatch(_WRITTEN, value)
    if not found:
        context.refuse(node.mark, f"{shown(value)} is not {MOMENT.words}; write {_guess(value, context.zone)}")
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        context.refuse(node.mark, f"{shown(value)}: the year {year} lies outside {_FIRST_YEAR} to {_LAST_YEAR}")
    try:
        naive = datetime(year, month, day, hour, minute, second)  # noqa: DTZ001  # its zone comes below
    except ValueError:
        context.refuse(node.mark, f"{shown(value)} does not exist: {_why_not(year, month, day)}")
    offset = found[7]
    if offset is None:
        return _in_zone(naive, value, node, context)
    try:
        if offset[-2:] > "59" and offset not in "Zz":
            raise ValueError(offset)
        return datetime.fromisoformat(f"{naive.isoformat()}{offset.upper()}")
    except ValueError:
        context.refuse(node.mark, f"{shown(value)}: the offset {offset} does not exist; write one such as +01:00, or Z")


def _in_zone(naive: datetime, value: str, node: Node, context: Context) -> datetime:
    """The moment at which clocks in the site's zone show this time. There must be exactly one."""
    zone = context.zone
    early, late = naive.replace(tzinfo=zone), naive.replace(tzinfo=zone, fold=1)
    if early.utcoffset() == late.utcoffset():
        return early
    after = early.astimezone(UTC).astimezone(zone)
    is_skipped = after.replace(tzinfo=None) != naive
    why = "does not exist in {0}: the clocks skip that hour" if is_skipped else "comes twice in {0}: the clocks go back"
    fix = after.isoformat() if is_skipped else f"{early.isoformat()} or {late.isoformat()}"
    return context.refuse(node.mark, f"{shown(value)} {why.format(zone.key)}; write {fix}")


def _why_not(year: int, month: int, day: int) -> str:
    """Why no such moment exists."""
    if not 1 <= month <= 12:
        return "months run from 01 to 12, and stand before the day: year-month-day"
    days = calendar.monthrange(year, month)[1]
    if not 1 <= day <= days:
        return f"{MONTHS[month - 1]} {year} has {days} days"
    return "hours run from 00 to 23, minutes and seconds to 59"


def _guess(value: str, zone: ZoneInfo) -> str:
    """The moment that was probably meant, as it should be written; both where the order of day and month is open."""
    found = _CLOCK.search(value)
    clock = (_hour(int(found[1]), found[3]), int(found[2])) if found else (9, 0)
    days = _days(value)
    zone_meant = _zone(value, zone)
    guesses = []
    for day in dict.fromkeys(days):
        try:
            local = datetime(*day, *clock, tzinfo=zone_meant)
        except ValueError:
            continue
        if day[0] >= _FIRST_YEAR:
            meant = f" for {day_in_words(local.date())}" if len(days) > 1 and max(day[1:]) <= 12 else ""
            guesses.append(_written(local) + meant)
    return " or ".join(guesses) or f"one such as {_written(datetime(2026, 11, 22, 9, tzinfo=zone))}"


def _zone(value: str, zone: tzinfo) -> tzinfo:
    """The offset at the end of the text, in any spelling; without one the site's zone."""
    found = _OFFSET.search(value)
    if not found:
        return zone
    if found["utc"]:
        return UTC
    offset = timedelta(hours=int(found["hours"]), minutes=int(found["minutes"]))
    return timezone(-offset if found["sign"] == "-" else offset) if offset < timedelta(hours=24) else zone


def _days(value: str) -> list[tuple[int, int, int]]:
    """The days that a text may mean, as year, month, day: 3/4/2026 is one in April or one in March."""
    if found := _YEAR_FIRST.match(value):
        return [(int(found[1]), int(found[2]), int(found[3]))]
    if found := _DAY_FIRST.match(value):
        first, second, year = (int(part) for part in found.groups())
        return [(year, second, first), (year, first, second)]
    words = re.findall(r"[A-Za-z]+|[0-9]+", value[:60])  # 5 July 2021, July 5th, 2021, Mon, 5 Jul 2021
    months = [
        n for word in words for n, name in enumerate(MONTHS, 1) if len(word) > 2 and name.startswith(word.title())
    ]
    days = [int(word) for word in words if word.isdigit() and len(word) <= 2]
    years = [int(word) for word in words if word.isdigit() and len(word) == 4]
    return [(years[0], months[0], days[0])] if months and days and years else []


def _hour(hour: int, half: str | None) -> int:
    """9:30 pm is 21:30, and 12:15 am is 00:15."""
    return hour if half is None else hour % 12 + (12 if half in "Pp" else 0)


def _written(local: datetime) -> str:
    """The moment with its offset; without an offset of odd seconds, as towns had before there were zones."""
    offset = local.utcoffset()
    is_of_minutes = offset is not None and offset.total_seconds() % 60 == 0
    return local.isoformat() if is_of_minutes else local.replace(tzinfo=None).isoformat()


MOMENT = FieldType(
    "a date and time", {"type": "string", "pattern": f"^{_WRITTEN}$", "maxLength": LONGEST_WORD}, _moment
)
