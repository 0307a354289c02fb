"""The archive of a collection (RFC 5005 4): its items by months of UTC, a long month in parts.

Parts are counted from a month's oldest item, so a new item changes the newest part alone, and one that is dated back
changes its month alone. Every item stands in one part.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from .index.members import Members
from .index.rows import Month, Row

SIZE = 100  # items in a part
_END = 253402300800  # seconds: the year 10000


@dataclass(frozen=True, slots=True)
class Part:
    """The part of this number, from 1, of a month."""

    month: Month
    number: int

    @property
    def name(self) -> tuple[int, int, int]:
        """Year, month and number."""
        return self.month.year, self.month.month, self.number


def newest(members: Members) -> Part | None:
    """The part that has the newest item."""
    return _last(members.month_before(_END))


def at(members: Members, year: int, month: int, number: int) -> Part | None:
    """None where the collection has no such part."""
    found = members.month(year, month)
    return Part(found, number) if 1 <= number <= count(found.size) else None


def older(members: Members, part: Part) -> Part | None:
    """The part before this one."""
    if part.number > 1:
        return Part(part.month, part.number - 1)
    return _last(members.month_before(part.month.begin))


def newer(members: Members, part: Part) -> Part | None:
    """The part after this one."""
    if part.number < count(part.month.size):
        return Part(part.month, part.number + 1)
    following = members.month_from(part.month.end)
    return Part(following, 1) if following else None


def beside(members: Members, month: Month) -> Iterator[Part]:
    """The last part before a month, and the first one after it."""
    if before := _last(members.month_before(month.begin)):
        yield before
    if following := members.month_from(month.end):
        yield Part(following, 1)


def rows(members: Members, part: Part) -> list[Row]:
    """Its items, newest first."""
    return members.of_month(part.month, (part.number - 1) * SIZE, SIZE)


def parts(members: Members) -> Iterator[Part]:
    """All parts, the newest first."""
    part = newest(members)
    while part:
        yield part
        part = older(members, part)


def count(items: int) -> int:
    """How many parts a month of so many items has."""
    return -(-items // SIZE)


def _last(month: Month | None) -> Part | None:
    return Part(month, count(month.size)) if month else None
