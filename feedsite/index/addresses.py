"""The addresses of public articles with the moments of their last changes, for sitemaps. All moments are in seconds."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from .index import Index
from .rows import OUTSIDE_TIME, month_bounds
from .unusable import strange

_STANDS = "stands AND NOT is_withdrawn AND published <= :now"


class MonthOfAddresses(NamedTuple):
    """A month of UTC with the number of its articles. `updated` is when it last changed, also by a withdrawal."""

    year: int
    month: int
    size: int
    updated: int


class Address(NamedTuple):
    """`updated` is None where no time is known, as of standing pages."""

    path: str
    updated: int | None = None


class NewsRow(NamedTuple):
    """A new article. `face` is a hash of all of it but its body."""

    number: int
    path: str
    published: int
    face: bytes


class Addresses:
    """The articles that are public at `now`, without those that were withdrawn."""

    def __init__(self, index: Index, now: datetime) -> None:
        self._index = index
        self._now = int(now.timestamp())

    def months(self) -> list[MonthOfAddresses]:
        """The months that have articles, the oldest first."""
        found = self._ask(
            "SELECT strftime('%Y-%m', published, 'unixepoch') AS month, sum(NOT is_withdrawn) AS articles, max(updated)"
            " FROM file WHERE stands AND published <= :now GROUP BY month HAVING articles > 0 ORDER BY month"
        )
        return [MonthOfAddresses(int(month[:4]), int(month[5:]), *rest) for month, *rest in found]

    def of_month(self, year: int, month: int, first: int, size: int) -> list[Address]:
        """`size` articles of a month of UTC, the oldest first. `first` is the number of the first one, from 0."""
        begin, end = month_bounds(year, month)
        found = self._ask(
            f"SELECT address, updated FROM file WHERE {_STANDS} AND published >= :begin AND published < :end"  # noqa: S608  # a constant
            " ORDER BY published, sort_name LIMIT :size OFFSET :first",
            begin=begin,
            end=end,
            first=first,
            size=size,
        )
        return [Address(*row) for row in found]

    def page_count(self) -> int:
        """The number of standing pages."""
        ((count,),) = self._ask(f"SELECT count(*) FROM file WHERE stands AND published = {OUTSIDE_TIME}")  # noqa: S608  # a constant
        return int(count)

    def of_pages(self, first: int, size: int) -> list[Address]:
        """`size` standing pages in the order of addresses. `first` is the number of the first one, from 0."""
        found = self._ask(
            f"SELECT address FROM file WHERE stands AND published = {OUTSIDE_TIME}"  # noqa: S608  # a constant
            " ORDER BY address LIMIT :size OFFSET :first",
            first=first,
            size=size,
        )
        return [Address(*row) for row in found]

    def since(self, seconds: int, most: int) -> list[NewsRow]:
        """The articles of the last `seconds`, newest first, and not more than `most`."""
        found = self._ask(
            f"SELECT number, address, published, face FROM file WHERE {_STANDS} AND published > :since"  # noqa: S608  # a constant
            " ORDER BY published DESC, sort_name DESC LIMIT :most",
            since=self._now - seconds,
            most=most,
        )
        return [NewsRow(*row) for row in found]

    def first_since(self, seconds: int) -> int | None:
        """When the oldest article of the last `seconds` was published."""
        question = f"SELECT published FROM file WHERE {_STANDS} AND published > :since ORDER BY published LIMIT 1"  # noqa: S608  # a constant
        found = next(iter(self._ask(question, since=self._now - seconds)), None)
        return int(found[0]) if found else None

    def has_left(self, seconds: int, then: int) -> bool:
        """Whether an article that was one of the last `seconds` at the second `then` is none now."""
        question = f"SELECT EXISTS (SELECT 1 FROM file WHERE {_STANDS} AND published > :since AND published <= :until)"  # noqa: S608  # a constant
        ((found,),) = self._ask(question, since=then - seconds, until=self._now - seconds)
        return bool(found)

    def _ask(self, question: str, **asked: Any) -> Iterator[tuple[Any, ...]]:
        with self._index.reading() as view:
            for row in view.execute(question, {"now": self._now} | asked).fetchall():
                if any(value is None or isinstance(value, float) for value in row):
                    raise strange()
                yield row
