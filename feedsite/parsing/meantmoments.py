"""The moment that an editor meant by a date in another spelling, as a message proposes it.

What is proposed is the same instant. Where a text may mean two, both are proposed; where a part of it is not
understood, none is.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from .. import languages
from ..wording import MONTHS, day_in_words
from .meantzones import TIME, doubtful, without, zones_of
from .quoting import without_marks

FIRST_YEAR, LAST_YEAR = 1000, 9998
_NUMBER_OF = {name.casefold()[:length]: n for n, name in enumerate(MONTHS, 1) for length in range(3, len(name) + 1)}
# Each of the patterns below takes one part out of a text of 100 letters at most; what is left must be these words.
_WORDS = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?|\S")
_NOISE = re.compile(
    r"(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?|[月火水木金土日]曜日?|星期[一二三四五六日]"
    r"|at|on|of|the|um|uhr|o'clock|t|à|de|del|den|der|dne|le|el|il|г|года|р|року|[-.,;/()]",
    re.IGNORECASE,
)
_YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})(?:([-./ ])(\d{1,2})\2|年 ?(\d{1,2})月 ?)(\d{1,2})(?!\d)(?: ?日)?", re.ASCII)
_TOGETHER = re.compile(r"(?<!\d)(\d{4})(\d\d)(\d\d)(?:[Tt]?(\d\d)(\d\d)(\d\d)?)?(?!\d)", re.ASCII)
_YEAR_LAST = re.compile(r"(?<!\d)(\d{1,2})([-./])(\d{1,2})\2(\d{4})(?!\d)", re.ASCII)
_YEAR = re.compile(r"(?<![\d:+])(?<!\s-)\d{4}(?!\d)", re.ASCII)
_MONTH = re.compile(r"[^\W\d_]{2,20}\.?")
_DAY = re.compile(r"(?<![\d:+])\d{1,2}(?:st|nd|rd|th|er)?(?![\d:])", re.IGNORECASE | re.ASCII)
_CLOCK = re.compile(
    r"(?P<before>午前|午後|上午|下午)? ?(?<![\d.:])(?P<hour>\d{1,2})(?:"
    r"(?: ?[:h時时点] ?|\.)(?P<minute>\d\d?)(?!\d)(?:[:分] ?(?P<second>\d\d)(?:[.,]\d+)?秒?|分)?"
    r"|(?= ?(?:[ap]\.?m\b|uhr\b|o'clock|h\b|[時时点])))"
    r"(?: ?[h時时点])?(?: ?(?P<half>[ap])\.?m\b\.?)?",
    re.IGNORECASE | re.ASCII,
)
_WORD = re.compile(r"(?:12 ?)?\b(?P<word>noon|midday|midnight)\b", re.IGNORECASE)
_EPOCH = re.compile("1[0-9]{9}([0-9]{3})?")  # seconds since 1970, or milliseconds: of 2001 to 2033
_CUT = re.compile(r":\d(?!\d)|-\d(?:-\d\d?)?T", re.ASCII)  # rather a digit is missing
_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212"), "-")  # the last is a minus sign


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
    text = _folded_text(value)
    if re.fullmatch(r"[0-9]{4}(-[0-9]{2})?", text):
        return f"write its day too, such as {text}{'-01' if '-' in text else '-01-01'}"
    found = list(dict.fromkeys(_meant(text, zone)))
    is_doubtful = any(one.endswith(TIME) for one in found)
    doubt = doubtful(text) if is_doubtful else ""
    why = f"{doubt} is short for more than one zone: " if doubt else ""
    return f"{why}write {' or '.join(found) or f'one such as {_written(datetime(2026, 11, 22, 9, tzinfo=zone))}'}"


def certain(value: str, zone: ZoneInfo) -> str | None:
    """The moment that a text surely means, as it is written: the only one, which the clocks of its zone show."""
    text = _folded_text(value)
    found = (
        []
        if _EPOCH.fullmatch(text) or _CUT.search(text)
        else list(dict.fromkeys(_meant(text, zone, with_skipped=False)))
    )
    return found[0] if len(found) == 1 and " " not in found[0] else None


def _folded_text(value: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", without_marks(value)).translate(_DASHES).split())


def _meant(text: str, zone: ZoneInfo, *, with_skipped: bool = True) -> list[str]:
    """The moments that a text may mean, each as it is written, with a few words where there are several.

    `with_skipped`: for a time that the clocks skip stands the one that they show instead.
    """
    if _EPOCH.fullmatch(text):
        return [_written(datetime.fromtimestamp(int(text[:10]), UTC))]
    days, rest = _numeric_days(text)
    times, rest = _times(rest)
    zones, rest = zones_of(rest)
    if not days:
        days, rest = _days_with_a_months_name(rest)
    if not all(map(_is_noise, _WORDS.findall(rest))):
        return []
    meant = []
    for day in dict.fromkeys(days):
        for time in times:
            for label, offset in zones:
                labels = [day_in_words(day) if len(set(days)) > 1 else "", time.label, label]
                words = f" for {', '.join(filter(None, labels))}" if any(labels) else ""
                meant += [f"{one}{words}" for one in _moments(day, time, offset, zone, with_skipped)]
    return meant


def _is_noise(word: str) -> bool:
    return bool(_NOISE.fullmatch(word)) or (len(word) > 1 and word.casefold() in languages.weekdays())


def _moments(
    day: date, time: _Time, offset: timedelta | ZoneInfo | None, zone: ZoneInfo, with_skipped: bool
) -> list[str]:
    """A day and a time as they are written. Two where the clocks of that zone show that time twice."""
    is_whole_day = time.hour is None and offset is None
    if isinstance(offset, ZoneInfo):
        zone, offset = offset, None
    local = datetime(day.year, day.month, day.day, time.hour or 0, time.minute, time.second)  # noqa: DTZ001
    try:
        local += timedelta(days=time.days_later)
        if local.year > LAST_YEAR:
            return []
        if offset is not None:
            return [_written(local.replace(tzinfo=timezone(offset) if offset else UTC))]
        early, late = local.replace(tzinfo=zone), local.replace(tzinfo=zone, fold=1)
        if early.utcoffset() == late.utcoffset():
            return [day.isoformat() if is_whole_day else _written(early)]
        after = early.astimezone(UTC).astimezone(zone)
    except (OverflowError, ValueError):
        return []
    is_skipped = after.replace(tzinfo=None) != local
    if is_skipped:
        return [_written(after)] if with_skipped else []
    return [_written(early), _written(late)]


def _numeric_days(text: str) -> tuple[list[date], str]:
    """The days that numbers in a text may mean, and the rest of it: 3/4/2026 is one in April or one in March."""
    if found := _YEAR_FIRST.search(text):
        return _existing((found[1], found[3] or found[4], found[5])), without(text, found)
    if found := _TOGETHER.search(text):
        clock = ":".join(filter(None, found.groups()[3:]))
        return _existing(found.groups()[:3]), f"{text[: found.start()]} {clock} {text[found.end() :]}"
    if found := _YEAR_LAST.search(text):
        first, separator, second, year = found.groups()
        orders = [(year, second, first)] + ([(year, first, second)] if separator != "." else [])
        return _existing(*orders), without(text, found)
    return [], text


def _days_with_a_months_name(text: str) -> tuple[list[date], str]:
    """The day of a text such as 5 July 2021, July 5th, 2021 or Jul 2021 5, and the rest of it."""
    words = list(_MONTH.finditer(text))
    months: list[tuple[re.Match[str], tuple[int, ...]]]
    months = [(found, (number,)) for found in words if (number := _NUMBER_OF.get(_folded(found)))]
    if not months:
        months = [(found, numbers) for found in words if (numbers := languages.months().get(_folded(found)))]
    if len(months) != 1 or not (year := _YEAR.search(text)):
        return [], text
    (found, numbers), *_ = months
    rest = without(text, found).replace(year[0], " ", 1)
    if not (day := _DAY.search(rest)):
        return [], text
    in_digits = re.sub("[^0-9]", "", day[0])
    return _existing(*((year[0], str(month), in_digits) for month in numbers)), without(rest, day)


def _folded(word: re.Match[str]) -> str:
    return word[0].rstrip(".").casefold()


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
        rest = without(text, found)
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
        hour = hour % 12 + 12 if hour else 25  # there is no 0:30 p.m.
    elif half == "a":
        hour = hour % 12 if 1 <= hour <= 12 else 25
    if (hour, minute, second) == (24, 0, 0):  # the end of the day (ISO 8601)
        return [_Time(0, days_later=1)], without(text, found)
    is_shown = hour <= 23 and minute <= 59 and second <= 59
    return ([_Time(hour, minute, second)] if is_shown else []), without(text, found)


def _written(local: datetime) -> str:
    """The moment with its offset; without an offset of odd seconds, as towns had before there were zones."""
    offset = local.utcoffset()
    is_of_minutes = offset is not None and offset.total_seconds() % 60 == 0
    return local.isoformat() if is_of_minutes else local.replace(tzinfo=None).isoformat()
