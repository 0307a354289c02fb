"""Dates, times, numbers and lists as a language writes them, by CLDR. Each `tag` is a language's (RFC 5646)."""

import re
from collections.abc import Sequence
from datetime import date, time
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton, format_time, get_datetime_format, parse_pattern
from babel.numbers import format_decimal
from babel.units import format_unit

from . import subtags
from .solarhijri import solar_hijri

_KEPT = 4096  # dates that are kept as text: those of the articles in a site's lists
# Locales that CLDR's data of a language does not stand for: its "en" is American.
_LOCALES = {"en": "en_GB"}
# Languages whose news have other digits than CLDR gives: papers for all Arabs have European ones.
_DIGITS = {"ar": "latn"}
# The digit for nought in each of CLDR's numbering systems that is the usual one of a language.
_NOUGHTS = {
    "adlm": "\U0001e950",
    "arab": "٠",
    "arabext": "۰",
    "beng": "০",
    "cakm": "\U00011136",
    "deva": "०",
    "mymr": "၀",
    "nkoo": "߀",
    "olck": "᱐",
    "tibt": "༠",
}
_UNGROUPED = ("es", "pl")  # languages that write 1234 without a mark (CLDR's minimumGroupingDigits, not in Babel)
# The first of a month as newspapers write it, where CLDR has a bare 1: that of Portugal stays.
_FIRSTS = {"fr": "1er", "pt": "1º"}
_WITHOUT_FIRSTS = ("pt_PT", "pt_AO", "pt_MZ")
# Places in a span at which no line of text may end, and what joins them: around the dash of two days, between a day and
# its month, and before a dash.
_DAY = r"(?<!\d)\d{1,2}(?!\d)"
_JOINED = (
    (re.compile(rf"({_DAY}(?:\.|er|º)?)([–—])(?=\d)"), "\\1\u2060\\2\u2060"),
    (re.compile(rf"({_DAY}(?:\.|er|º)?) (?![–—])|(?<=[^\W\d]) (?={_DAY})"), "\\1\u00a0"),
    (re.compile(" (?=[–—])"), "\u00a0"),
)
# The months of Persian papers, which have a calendar of their own, by regions; "" is Iran's, and everybody else's.
_SOLAR_MONTHS = {
    "": "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند".split(),
    "AF": "حمل ثور جوزا سرطان اسد سنبله میزان عقرب قوس جدی دلو حوت".split(),
}
_SIZES = (("terabyte", 10**12), ("gigabyte", 10**9), ("megabyte", 10**6), ("kilobyte", 10**3))


@lru_cache(256)
def locale_of(tag: str) -> Locale:
    """The locale for a language: of the tag, else of the language alone. English for one that CLDR does not have."""
    for name in (tag, tag.partition("-")[0]):
        try:
            return Locale.parse(_LOCALES.get(name, name).replace("-", "_"))
        except (UnknownLocaleError, ValueError):
            continue
    return Locale.parse(_LOCALES["en"])


@lru_cache(_KEPT)
def day(tag: str, a_day: date) -> str:
    """5 July 2021"""
    if months := _solar_months(tag):
        return _in_digits(tag, _solar(a_day, months))
    locale = locale_of(tag)
    return _in_digits(tag, _with_first(locale, a_day, format_date(a_day, "long", locale)))


@lru_cache(1024)
def span(tag: str, first: date, last: date) -> str:
    """5 to 10 July 2021, with a dash or what else the language has there; `first` is earlier than `last`. A line of
    text does not end within the days, nor between a day and its month.
    """
    locale = locale_of(tag)
    field = "y" if first.year != last.year else "M" if first.month != last.month else "d"
    known = locale.interval_formats
    if months := _solar_months(tag):
        written = _solar_span(first, last, months)
    elif pattern := known.get("yMMMMd", {}).get(field) or known.get("yMMMd", {}).get(field):
        written = "".join(
            _with_first(locale, a_day, parse_pattern(_long(part, locale)).apply(a_day, locale))
            for part, a_day in zip(pattern, (first, last), strict=True)
        )
    else:
        written = f"{format_date(first, 'long', locale)} – {format_date(last, 'long', locale)}"
    written = written.replace("\u2009", "" if field == "d" else " ")
    for place, joined in _JOINED:
        written = place.sub(joined, written)
    return _in_digits(tag, written)


def _solar_months(tag: str) -> Sequence[str]:
    language, _, region = subtags(tag)
    return _SOLAR_MONTHS.get(region, _SOLAR_MONTHS[""]) if language == "fa" else ()


def _solar(a_day: date, months: Sequence[str]) -> str:
    year, month, number = solar_hijri(a_day)
    return f"{number} {months[month - 1]} {year}"


def _solar_span(first: date, last: date, months: Sequence[str]) -> str:
    """Without what both days have in common: the year, or the month and the year."""
    begin, end = solar_hijri(first), solar_hijri(last)
    shown = 3 if begin[0] != end[0] else 2 if begin[1] != end[1] else 1
    return f"{' '.join(_solar(first, months).split()[:shown])} تا {_solar(last, months)}"


def _long(pattern: str, locale: Locale) -> str:
    """A pattern with the month in full where a date has it so (UTS 35-4 2.6.2.2), and with days as in other dates."""
    is_named = "MMMM" in locale.date_formats["long"].pattern
    return (re.sub("(?<!M)MMM(?!M)", "MMMM", pattern) if is_named else pattern).replace("dd", "d")


def _with_first(locale: Locale, a_day: date, written: str) -> str:
    """A date that begins with its day, as newspapers write the first of a month."""
    if a_day.day == 1 and locale.language in _FIRSTS and str(locale) not in _WITHOUT_FIRSTS:
        return f"{_FIRSTS[locale.language]}{written.removeprefix('1')}"
    return written


@lru_cache(_KEPT)
def month(tag: str, a_day: date) -> str:
    """July 2021"""
    return _in_digits(tag, format_skeleton("yMMMM", a_day, locale=locale_of(tag)))


@lru_cache(256)
def year(tag: str, number: int) -> str:
    """2021"""
    return _in_digits(tag, format_skeleton("y", date(number, 1, 1), locale=locale_of(tag)))


@lru_cache(_KEPT)
def clock(tag: str, a_time: time) -> str:
    """09:30; where a day has twice twelve hours 9:30 AM"""
    return _in_digits(tag, format_time(a_time, "short", locale=locale_of(tag)))


def day_and_time(tag: str, a_day: str, a_time: str) -> str:
    """5 July 2021, 09:30"""
    pattern = get_datetime_format("medium", locale_of(tag))
    return str(pattern).replace("'", "").replace("{0}", a_time).replace("{1}", a_day)


@lru_cache(1024)
def number(tag: str, value: int) -> str:
    """12,345"""
    if value < 10_000 and tag.partition("-")[0] in _UNGROUPED:
        return str(value)
    return _in_digits(tag, format_decimal(value, locale=locale_of(tag), numbering_system=_numbering(tag)))


@lru_cache(1024)
def size(tag: str, octets: int) -> str:
    """1.2 MB, in powers of ten"""
    unit, factor = next((row for row in _SIZES if octets >= row[1]), ("byte", 1))
    amount = round(octets / factor, 1) if factor > 1 and octets < 10 * factor else round(octets / factor)
    written = format_unit(
        amount,
        f"digital-{unit}",
        length="short" if factor > 1 else "long",
        locale=locale_of(tag),
        numbering_system=_numbering(tag),
    )
    return _in_digits(tag, written)


@lru_cache(256)
def joints(tag: str, count: int, is_either: bool) -> tuple[str, ...]:
    """What stands before each of so many things in a list, and behind the last one: "", ", ", " and ", "" for three."""
    patterns = locale_of(tag).list_patterns["or" if is_either else "standard"]
    places = [f"\0{place}\0" for place in range(count)]
    if count <= 2:
        whole = _joined(patterns["2"], places) if count == 2 else "".join(places)
    else:
        whole = _joined(patterns["start"], places[:2])
        for place in places[2:-1]:
            whole = _joined(patterns["middle"], (whole, place))
        whole = _joined(patterns["end"], (whole, places[-1]))
    return tuple(whole.split("\0")[::2])  # every language lists things in their order


def _joined(pattern: str, two: Sequence[str]) -> str:
    first, second = two
    return pattern.replace("{0}", first).replace("{1}", second)


@lru_cache(256)
def categories(tag: str) -> tuple[str, ...]:
    """CLDR's plural categories that whole numbers of this language have, in CLDR's order: one and other in English."""
    rule = locale_of(tag).plural_form
    used = {rule(amount) for amount in range(_COUNTED)}
    return tuple(name for name in ("zero", "one", "two", "few", "many", "other") if name in used)


@lru_cache(4096)
def category(tag: str, value: int) -> int:
    """The place of a number's plural category among `categories`."""
    found, known = locale_of(tag).plural_form(value), categories(tag)
    return known.index(found) if found in known else len(known) - 1  # French has one for a million


_COUNTED = 1101  # whole numbers that show which categories a language has; none is first used beyond a hundred


@lru_cache(256)
def _numbering(tag: str) -> str:
    return _DIGITS.get(tag) or str(locale_of(tag).default_numbering_system)


def _in_digits(tag: str, text: str) -> str:
    nought = _NOUGHTS.get(_numbering(tag))
    return text.translate(_digits(nought)) if nought else text


@lru_cache(16)
def _digits(nought: str) -> dict[int, int]:
    return {ord("0") + place: ord(nought) + place for place in range(10)}
