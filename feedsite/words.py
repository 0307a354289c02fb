"""The words of a site's pages and feeds: its messages, dates, numbers and lists, in its language and its time zone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from .wording import day_in_words, month_in_words


@dataclass(frozen=True, slots=True)
class Words:
    """How one site speaks. A message is an English sentence with {names} in it, which its catalogue translates.

    `own` are the site's own words for some messages (`words` in site.yaml).
    """

    language: str
    zone: tzinfo
    own: tuple[tuple[str, str], ...] = ()

    def text(self, message: str, /, **values: object) -> str:
        """A message with its values. In a template `| html` behind it keeps the HTML of values that are marked safe."""
        return message.format(**values)

    def counted(self, one: str, many: str, number: int, /, **values: object) -> str:
        """The message for a number, in the plural that the language has for it; {number} is the number in words."""
        return (one if number == 1 else many).format(number=self.number(number), **values)

    def listed(self, names: Sequence[str], *, is_either: bool = False) -> str:
        """A, B and C; with `is_either` A, B or C."""
        *others, last = names
        return f"{', '.join(others)} {'or' if is_either else 'and'} {last}" if others else last

    def number(self, number: int) -> str:
        return str(number)

    def day(self, moment: datetime) -> str:
        """5 July 2021"""
        return day_in_words(moment.astimezone(self.zone).date())

    def month(self, day: date) -> str:
        """July 2021, for any day of it"""
        return month_in_words(day)

    def span(self, first: datetime, last: datetime) -> str:
        """5 July 2021 to 9 July 2021"""
        days = self.day(first), self.day(last)
        return days[0] if days[0] == days[1] else " to ".join(days)

    def minute(self, moment: datetime) -> str:
        """5 July 2021, 09:30 (UTC+8)"""
        local = moment.astimezone(self.zone)
        offset = local.utcoffset() or timedelta()
        minutes = abs(int(offset.total_seconds())) // 60
        sign = "−" if offset < timedelta() else "+"
        name = f"UTC{sign}{minutes // 60}" + (f":{minutes % 60:02}" if minutes % 60 else "") if minutes else "UTC"
        return f"{self.day(moment)}, {local:%H:%M} ({name})"
