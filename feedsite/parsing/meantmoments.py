"""The moment that an editor meant by a date in another spelling, as a message proposes it.

What is proposed is the same instant. Where a text may mean two, both are proposed; where a part of it is not
understood, none is.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from ..wording import MONTHS, day_in_words
from .quoting import without_marks

FIRST_YEAR, LAST_YEAR = 1000, 9998
_TIME = " time"
# Abbreviations of zones with their hours from UTC. None of these is in wide use for another zone.
_UNAMBIGUOUS = (
    "UTC 0, GMT 0, Z 0, UT 0, WET 0, WEST 1, CET 1, MEZ 1, CEST 2, MESZ 2, EET 2, SAST 2, EEST 3, MSK 3, HKT 8, SGT 8,"
    " AWST 8, JST 9, KST 9, ACST 9.5, AEST 10, ACDT 10.5, AEDT 11, NZST 12, NZDT 13, NST -3.5, NDT -2.5, EDT -4,"
    " EST -5, MDT -6, PDT -7, PST -8, AKDT -8, AKST -9, HST -10"
)
_ZONES = {name: round(float(hours) * 60) for name, hours in map(str.split, _UNAMBIGUOUS.split(","))}  # in minutes
# Abbreviations that two or more parts of the world use, and their offsets there.
_AMBIGUOUS = {
    "AST": (("Atlantic", -240), ("Arabian", 180)),
    "BST": (("British summer", 60), ("Bangladesh", 360)),
    "CDT": (("American Central", -300), ("Cuban", -240)),
    "CST": (("American Central", -360), ("Chinese", 480)),
    "GST": (("Gulf", 240), ("South Georgian", -120)),
    "IST": (("Indian", 330), ("Irish", 60), ("Israeli", 120)),
    "MST": (("American Mountain", -420), ("Malaysian", 480)),
    "SST": (("Samoan", -660), ("Singaporean", 480)),
}
_NUMBER_OF = {name.casefold()[:length]: n for n, name in enumerate(MONTHS, 1) for length in range(3, len(name) + 1)}
# Each of the patterns below takes one part out of a text of 100 letters at most; what is left must be these words.
_WORDS = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?|\S")
_NOISE = re.compile(
    r"(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?|[月火水木金土日]曜日?|星期[一二三四五六日]"
    r"|at|on|of|the|um|uhr|o'clock|t|[-.,;/()]",
    re.IGNORECASE,
)
_YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})(?:([-./ ])(\d{1,2})\2|年 ?(\d{1,2})月 ?)(\d{1,2})(?!\d)(?: ?日)?", re.ASCII)
_TOGETHER = re.compile(r"(?<!\d)(\d{4})(\d\d)(\d\d)(?:[Tt]?(\d\d)(\d\d)(\d\d)?)?(?!\d)", re.ASCII)
_YEAR_LAST = re.compile(r"(?<!\d)(\d{1,2})([-./])(\d{1,2})\2(\d{4})(?!\d)", re.ASCII)
_YEAR = re.compile(r"(?<![\d:+])(?<!\s-)\d{4}(?!\d)", re.ASCII)
_MONTH = re.compile(r"[a-z]{3,9}\.?", re.IGNORECASE | re.ASCII)
_DAY = re.compile(r"(?<![\d:+])\d{1,2}(?:st|nd|rd|th)?(?![\d:])", re.IGNORECASE | re.ASCII)
_CLOCK = re.compile(
    r"(?P<before>午前|午後|上午|下午)? ?(?<![\d.:])(?P<hour>\d{1,2})(?:"
    r"(?: ?[:h時时点] ?|\.)(?P<minute>\d\d?)(?!\d)(?:[:分] ?(?P<second>\d\d)(?:[.,]\d+)?秒?|分)?"
    r"|(?= ?(?:[ap]\.?m\b|uhr\b|o'clock|h\b|[時时点])))"
    r"(?: ?[h時时点])?(?: ?(?P<half>[ap])\.?m\b\.?)?",
    re.IGNORECASE | re.ASCII,
)
_WORD = re.compile(r"(?:12 ?)?\b(?P<word>noon|midday|midnight)\b", re.IGNORECASE)
_OFFSET = re.compile(
    r"(?:(?<!\S)|\b(?:UTC|GMT) ?)(?P<sign>[+-])(?P<hours>\d{1,2})(?::?(?P<minutes>[0-5]\d))?(?![\d:])", re.ASCII
)
_ABBREVIATION = re.compile(r"(?<![a-z/])[a-z]{1,4}(?![a-z/])", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class _Time:
    """A time of day in its zone. Without an hour it is the day as a whole; `label` says which of several this is."""

    hour: int | None = None
    minute: int = 0
    second: int = 0
    days_later: int = 0
    label: str = ""


def advice(value: str, zone: ZoneInfo) -> str:
    """What to write instead, as the end of a message: the moments that were probably meant, or an example."""
    text = " ".join(unicodedata.normalize("NFKC", without_marks(value)).replace("\u2212", "-").split())
    if re.fullmatch(r"[0-9]{4}(-[0-9]{2})?", text):
        return f"write its day too, such as {text}{'-01' if '-' in text else '-01-01'}"
    found = list(dict.fromkeys(_meant(text, zone)))
    is_doubtful = any(one.endswith(_TIME) for one in found)
    doubt = next((word for word in _ABBREVIATION.findall(text) if is_doubtful and word.upper() in _AMBIGUOUS), "")
    why = f"{doubt} is short for more than one zone: " if doubt else ""
    return f"{why}write {' or '.join(found) or f'one such as {_written(datetime(2026, 11, 22, 9, tzinfo=zone))}'}"


def _meant(text: str, zone: ZoneInfo) -> list[str]:
    """The moments that a text may mean, each as it is written, with a few words where there are several."""
    if re.fullmatch(r"1[0-9]{9}([0-9]{3})?", text):  # seconds since 1970, or milliseconds: of 2001 to 2033
        return [_written(datetime.fromtimestamp(int(text[:10]), UTC))]
    days, rest = _numeric_days(text)
    times, rest = _times(rest)
    zones, rest = _zones(rest)
    if not days:
        days, rest = _days_with_a_months_name(rest)
    if not all(map(_NOISE.fullmatch, _WORDS.findall(rest))):
        return []
    meant = []
    for day in dict.fromkeys(days):
        for time in times:
            for label, offset in zones:
                labels = [day_in_words(day) if len(set(days)) > 1 else "", time.label, label]
                words = f" for {', '.join(filter(None, labels))}" if any(labels) else ""
                meant += [f"{one}{words}" for one in _moments(day, time, offset, zone)]
    return meant


def _moments(day: date, time: _Time, offset: timedelta | None, zone: ZoneInfo) -> list[str]:
    """A day and a time as they are written. Two where the site's clocks show that time twice."""
    local = datetime(day.year, day.month, day.day, time.hour or 0, time.minute, time.second)  # noqa: DTZ001
    try:
        local += timedelta(days=time.days_later)
        if offset is not None:
            return [_written(local.replace(tzinfo=timezone(offset) if offset else UTC))]
        early, late = local.replace(tzinfo=zone), local.replace(tzinfo=zone, fold=1)
        if early.utcoffset() == late.utcoffset():
            return [_written(early) if time.hour is not None else day.isoformat()]
        after = early.astimezone(UTC).astimezone(zone)
    except (OverflowError, ValueError):
        return []
    is_skipped = after.replace(tzinfo=None) != local
    return [_written(after)] if is_skipped else [_written(early), _written(late)]


def _numeric_days(text: str) -> tuple[list[date], str]:
    """The days that numbers in a text may mean, and the rest of it: 3/4/2026 is one in April or one in March."""
    if found := _YEAR_FIRST.search(text):
        return _existing((found[1], found[3] or found[4], found[5])), _without(text, found)
    if found := _TOGETHER.search(text):
        clock = ":".join(filter(None, found.groups()[3:]))
        return _existing(found.groups()[:3]), f"{text[: found.start()]} {clock} {text[found.end() :]}"
    if found := _YEAR_LAST.search(text):
        first, separator, second, year = found.groups()
        orders = [(year, second, first)] + ([(year, first, second)] if separator != "." else [])
        return _existing(*orders), _without(text, found)
    return [], text


def _days_with_a_months_name(text: str) -> tuple[list[date], str]:
    """The day of a text such as 5 July 2021, July 5th, 2021 or Jul 2021 5, and the rest of it."""
    months = [found for found in _MONTH.finditer(text) if found[0].rstrip(".").casefold() in _NUMBER_OF]
    if len(months) != 1:
        return [], text
    if not (year := _YEAR.search(text)):
        return [], text
    rest = text.replace(months[0][0], " ", 1).replace(year[0], " ", 1)
    if not (day := _DAY.search(rest)):
        return [], text
    month = _NUMBER_OF[months[0][0].rstrip(".").casefold()]
    return _existing((year[0], str(month), re.sub("[^0-9]", "", day[0]))), _without(rest, day)


def _existing(*days: tuple[str | None, ...]) -> list[date]:
    """Those of the days, as year, month and day, that a calendar has."""
    found = []
    for year, month, day in days:
        try:
            one = date(int(year or 0), int(month or 0), int(day or 0))
        except ValueError:
            continue
        if FIRST_YEAR <= one.year <= LAST_YEAR:
            found.append(one)
    return found


def _times(text: str) -> tuple[list[_Time], str]:
    """The times of day that a text may mean, and the rest of it. None where it names one that no clock shows."""
    if found := _WORD.search(text):
        rest = _without(text, found)
        if found["word"].lower() != "midnight":
            return [_Time(12)], rest
        return [_Time(0, label="the midnight before"), _Time(0, days_later=1, label="the midnight after")], rest
    if not (found := _CLOCK.search(text)):
        return [_Time()], text
    hour, minute, second = (int(found[name] or 0) for name in ("hour", "minute", "second"))
    half = (found["half"] or "").lower() or {"午後": "p", "下午": "p", "午前": "a", "上午": "a"}.get(
        found["before"], ""
    )
    if half == "p" and hour <= 12:
        hour = hour % 12 + 12 if hour else 24  # there is no 0:30 p.m.
    elif half == "a":
        hour = hour % 12 if 1 <= hour <= 12 else 24
    is_shown = hour <= 23 and minute <= 59 and second <= 59
    return ([_Time(hour, minute, second)] if is_shown else []), _without(text, found)


def _zones(text: str) -> tuple[list[tuple[str, timedelta | None]], str]:
    """The offsets that a text may name, each with a label where there are several, and the rest of the text.

    The offset is None for the site's zone. Of `GMT+0100 (Central European Standard Time)` the words are left out.
    """
    if found := _OFFSET.search(text):
        rest = re.sub(r"\([^)]*\)", " ", _without(text, found))
        offset = timedelta(hours=int(found["hours"]), minutes=int(found["minutes"] or 0))
        if offset >= timedelta(hours=24):
            return [], rest
        return [("", -offset if found["sign"] == "-" else offset)], rest
    for found in _ABBREVIATION.finditer(text):
        word = found[0].upper()
        if word in _ZONES:
            return [("", timedelta(minutes=_ZONES[word]))], _without(text, found)
        if word in _AMBIGUOUS:
            named: list[tuple[str, timedelta | None]] = [
                (f"{label}{_TIME}", timedelta(minutes=minutes)) for label, minutes in _AMBIGUOUS[word]
            ]
            return named, _without(text, found)
    return [("", None)], text


def _without(text: str, found: re.Match[str]) -> str:
    return f"{text[: found.start()]} {text[found.end() :]}"


def _written(local: datetime) -> str:
    """The moment with its offset; without an offset of odd seconds, as towns had before there were zones."""
    offset = local.utcoffset()
    is_of_minutes = offset is not None and offset.total_seconds() % 60 == 0
    return local.isoformat() if is_of_minutes else local.replace(tzinfo=None).isoformat()
