"""The words of a site's pages and feeds: its messages, dates, numbers and lists, in its language and its time zone.

A message is a sentence or a phrase in English with {names} in it, written where it is used. The catalogues of
feedsite/catalogues/ have it in other languages; `make words` brings them up to date.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache

from markupsafe import Markup, escape

from .languages import calendar, catalogues, sentence_space

Own = tuple[tuple[str, tuple[str, ...]], ...]  # messages, with a text each or one for each of calendar.categories


def message(text: str) -> str:
    """Marks a message that stands in a table, for a call of `Words.text` that takes it from there."""
    return text


def messages(one: str, many: str) -> tuple[str, str]:
    """Marks the two forms of a message for `Words.counted` likewise."""
    return one, many


@dataclass(frozen=True, slots=True)
class Words:
    """How one site speaks. `own` are the site's own words for some messages (`words` in site.yaml).

    A message whose values are all text is text, which a template escapes where it prints it. With a value that is HTML
    (markupsafe.Markup, as what `{% set x %}...{% endset %}` gives) it is HTML, in which all else is escaped.
    """

    language: str
    zone: tzinfo
    own: Own = ()

    def text(self, message: str, /, **values: object) -> str:
        """A message with its values."""
        said = _said(self.language, self.own).get(message)
        return _filled(said[0] if said else message, values)

    def counted(self, one: str, many: str, number: int, /, **values: object) -> str:
        """The message for a number, in the plural that the language has for it; {number} is the number in words."""
        if said := _said(self.language, self.own).get(one):
            form = said[min(calendar.category(self.language, number), len(said) - 1)]
        else:
            form = one if number == 1 else many
        return _filled(form, {"number": self.number(number), **values})

    def listed(self, names: Sequence[str], *, is_either: bool = False) -> str:
        """A, B and C; with `is_either` A, B or C. HTML where one of them is."""
        if len(names) == 1:
            return names[0]
        joints = self.joints(len(names), is_either=is_either)
        parts = [part for pair in zip(joints, names, strict=False) for part in pair]
        return _joined("", (*parts, joints[-1]))

    def joints(self, count: int, *, is_either: bool = False) -> tuple[str, ...]:
        """What stands before each of so many things in a list, and behind the last one: for a template's loop."""
        return calendar.joints(self.language, count, is_either)

    def sentences(self, *said: str) -> str:
        """One behind the other, without those that are "". HTML where one of them is."""
        return _joined(sentence_space(self.language), [one for one in said if one])

    def number(self, number: int) -> str:
        """12,345"""
        return calendar.number(self.language, number)

    def size(self, octets: int) -> str:
        """1.2 MB"""
        return calendar.size(self.language, octets)

    def day(self, moment: datetime) -> str:
        """5 July 2021"""
        return calendar.day(self.language, moment.astimezone(self.zone).date())

    def month(self, day: date) -> str:
        """July 2021, for any day of it"""
        return calendar.month(self.language, day.replace(day=1))

    def year(self, number: int) -> str:
        """2021"""
        return calendar.year(self.language, number)

    def span(self, first: datetime, last: datetime) -> str:
        """5 to 9 July 2021, with a dash or what else the language has there"""
        begin, end = (moment.astimezone(self.zone).date() for moment in (first, last))
        return self.day(first) if begin == end else calendar.span(self.language, begin, end)

    def minute(self, moment: datetime) -> str:
        """5 July 2021, 09:30 (UTC+8); a line of text does not end within the time"""
        local = moment.astimezone(self.zone)
        offset = local.utcoffset() or timedelta()
        minutes = abs(int(offset.total_seconds())) // 60
        sign = "−" if offset < timedelta() else "+"
        name = f"UTC{sign}{minutes // 60}" + (f":{minutes % 60:02}" if minutes % 60 else "") if minutes else "UTC"
        clock = calendar.clock(self.language, local.time().replace(second=0)).replace(" ", "\u00a0")
        return f"{calendar.day_and_time(self.language, self.day(moment), clock)}\u00a0({name})"


ENGLISH = Words("en", UTC)


def _filled(said: str, values: Mapping[str, object]) -> str:
    if "{" not in said:
        return said
    for value in values.values():
        if hasattr(value, "__html__"):
            escaped = {name: escape(one) for name, one in values.items()}  # HTML stays as it is
            return Markup(str(escape(said)).format(**escaped))  # noqa: S704  # a third of Markup.format's time
    return said.format(**values)


def _joined(joint: str, parts: Sequence[str]) -> str:
    return (escape(joint) if any(hasattr(part, "__html__") for part in parts) else joint).join(parts)


@lru_cache(64)
def _said(language: str, own: Own) -> catalogues.Catalogue:
    """The messages that are not said as they are written."""
    return {**catalogues.catalogue(language), **dict(own)}
