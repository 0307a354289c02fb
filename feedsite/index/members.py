# ruff: noqa: S608  # only names and numbers of the index are put into queries
"""The public items of one collection at one moment, newest first, as rows. An item is an article, or a notice about
one; of the same second the one whose file's name is later is the newer one (sortname.py).

A mix is the union of some collections without the items of others. SQLite merges their lists, which the index keeps in
this order, and reads no further than it is asked to.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

from .index import Index
from .rows import COLUMNS, Item, Month, Row, month_bounds, row_of
from .unusable import strange

_AT_ONCE = 1000  # rows
_ORDER = "m.published, m.sort_name, m.part"
_ITEM = "(:published, :sort_name, :part)"
_OLDER, _SAME, _NEWER_OR_SAME = (f"({_ORDER}) {sign} {_ITEM}" for sign in ("<", "=", ">="))
_WITHIN = "m.published >= :begin AND m.published < :end"
_OLDEST_FIRST = "published, sort_name, part, number"  # all columns, so that SQLite merges the lists of a mix unsorted
_NEWEST_FIRST = "published DESC, sort_name DESC, part DESC, number DESC"


class Members:
    """The items of the collections `of`, without those of the collections `without`, by their keys.

    It is used within one view of the index, for it remembers its size.
    """

    def __init__(self, index: Index, now: datetime, of: Sequence[str], without: Sequence[str] = ()) -> None:
        self._index = index
        self._now = int(now.timestamp())
        numbers = {key: number for key in (*of, *without) if (number := index.collection(key)) is not None}
        self._of = [numbers[key] for key in of if key in numbers]
        self._without = [numbers[key] for key in without if key in numbers]

    @cached_property
    def size(self) -> int:
        """The number of items. Of one collection the scheduled ones are counted and subtracted, for they are few. Of a
        mix every item is looked at: some 0.1 seconds where its collections have 100,000.
        """
        with self._index.reading():
            if len(self._of) == 1 and not self._without:
                later = "SELECT count(*) FROM member WHERE collection = :number AND published > :now"
                return self._index.members_count(self._of[0]) - (self._number(later, number=self._of[0]) or 0)
            items = f"{self._named(self._of)} GROUP BY number, part"
            without = f" EXCEPT {self._named(self._without)}" if self._without else ""
            return self._number(f"SELECT count(*) FROM ({items}{without})") or 0

    def is_longer_than(self, count: int) -> bool:
        """Whether there are more items than so many: for a few, this is found without a look at all."""
        return self._number(f"SELECT count(*) FROM ({self._every()} LIMIT 1 OFFSET {count})") == 1

    @cached_property
    def oldest(self) -> Row | None:
        return next(iter(self._rows(f"{self._every()} ORDER BY {_OLDEST_FIRST} LIMIT 1")), None)

    def window(self, count: int, recent: timedelta) -> list[Row]:
        """The newest `count` items, or all within `recent` of the newest one where these are more."""
        with self._index.reading():
            rows = self._rows(f"{self._every()} ORDER BY {_NEWEST_FIRST} LIMIT :count", count=count)
            if len(rows) < count or not rows:
                return rows
            since = rows[0].published - int(recent.total_seconds())
            if rows[-1].published < since:
                return rows
            return self._rows(self._every("m.published >= :since"), since=since)

    def span(self, count: int, recent: timedelta) -> tuple[int, timedelta]:
        """How many items are in `window`, and the time from the oldest of them to the newest."""
        with self._index.reading() as view:
            newest = f"SELECT published FROM ({self._every()} ORDER BY {_NEWEST_FIRST} LIMIT :count)"
            moments = [moment for (moment,) in view.execute(newest, {"now": self._now, "count": count})]
            size = len(moments)
            since = moments[0] - int(recent.total_seconds()) if moments else 0
            if size >= count and moments[-1] >= since:
                within = f"SELECT count(*), min(published) FROM ({self._every('m.published >= :since')})"
                size, moments[-1] = view.execute(within, {"now": self._now, "since": since}).fetchone()
        return size, timedelta(seconds=moments[0] - moments[-1] if moments else 0)

    def stretch(self, first: int, size: int) -> list[Row]:
        """`size` items, newest first. `first` is the number of the last one, counted from the oldest of all, 0."""
        with self._index.reading():
            behind = self.size - first - size
            if behind < first:  # OFFSET takes time: count from the nearer end
                limits = f"LIMIT {size + min(0, behind)} OFFSET {max(0, behind)}"
                return self._rows(f"{self._every()} ORDER BY {_NEWEST_FIRST} {limits}")
            return self._rows(f"{self._every()} ORDER BY {_OLDEST_FIRST} LIMIT {size} OFFSET {first}")

    def changed(self, count: int) -> int:
        """When the articles of the newest `count` items last changed, in seconds."""
        newest = f"SELECT number FROM ({self._every()} ORDER BY {_NEWEST_FIRST} LIMIT :count)"
        question = f"SELECT max(updated) FROM file WHERE number IN ({newest})"
        return self._number(question, count=count) or 0

    def all(self) -> Iterator[Row]:
        """Every item. For one view of them all, it is to be called within Index.reading."""
        newest_first = f"ORDER BY {_NEWEST_FIRST} LIMIT {_AT_ONCE}"
        rows = self._rows(f"{self._every()} {newest_first}")
        while rows:
            yield from rows
            older = self._every(_OLDER, is_bounded=True)
            rows = self._rows(f"{older} {newest_first}", **rows[-1].item._asdict())

    def of_month(self, month: Month, first: int, size: int) -> list[Row]:
        """`size` items of a month, newest first. `first` is the number of the last one; the month's oldest has 0."""
        items = self._every(_WITHIN, is_bounded=True)
        limits = f"LIMIT {size} OFFSET {first}"
        return self._rows(f"{items} ORDER BY {_OLDEST_FIRST} {limits}", begin=month.begin, end=month.end)

    def older(self, item: Item, since: int = 0) -> int:
        """How many items are older than this one, which need not be there; of those from the second `since` on."""
        if since:
            return self._count(f"m.published >= :since AND {_OLDER}", item, since=since, is_bounded=True)
        return self.size - self._count(_NEWER_OR_SAME, item)  # counted from the newest one: most changes are there

    def has(self, item: Item) -> bool:
        return bool(self._count(_SAME, item))

    def _count(self, condition: str, item: Item, since: int = 0, *, is_bounded: bool = False) -> int:
        items = self._every(condition, is_bounded=is_bounded)
        return self._number(f"SELECT count(*) FROM ({items})", since=since, **item._asdict()) or 0

    def month(self, year: int, month: int) -> Month:
        """A month with the number of items that it has."""
        begin, end = month_bounds(year, month)
        items = self._every(_WITHIN, is_bounded=True)
        size = self._number(f"SELECT count(*) FROM ({items})", begin=begin, end=end) or 0
        return Month(year, month, begin, end, size)

    def month_before(self, second: int) -> Month | None:
        """The newest month that has items and ends at this second or before."""
        items = self._every("m.published < :second", is_bounded=True)
        rows = self._rows(f"{items} ORDER BY {_NEWEST_FIRST} LIMIT 1", second=second)
        return self._month(rows[0].published) if rows else None

    def month_from(self, second: int) -> Month | None:
        """The oldest month that has items at this second or later."""
        rows = self._rows(f"{self._every('m.published >= :second')} ORDER BY {_OLDEST_FIRST} LIMIT 1", second=second)
        return self._month(rows[0].published) if rows else None

    def _month(self, second: int) -> Month:
        day = datetime.fromtimestamp(second, UTC)
        return self.month(day.year, day.month)

    def _every(self, condition: str = "TRUE", *, is_bounded: bool = False) -> str:
        """A query for all items. Its subqueries have only names and numbers of the index in them.

        `is_bounded`: the condition says up to which item. Then SQLite begins there, for + keeps it off the other bound.
        """
        bound = "+m.published <= :now" if is_bounded else "m.published <= :now"
        return (
            " UNION ".join(
                f"SELECT {_ORDER}, m.number FROM member m WHERE m.collection = {number}"
                f" AND {bound} AND {condition}{self._left_out}"
                for number in self._of
            )
            or "SELECT 0 AS published, '' AS sort_name, '' AS part, 0 AS number WHERE FALSE"
        )

    @cached_property
    def _left_out(self) -> str:
        """The condition that an item is in no collection of `without`.

        Where most items could be left out, these are gathered once, for many would be passed by until some are found.
        """
        if not self._without:
            return ""
        sizes = [sum(map(self._index.members_count, numbers)) for numbers in (self._of, self._without)]
        if 2 * sizes[1] > sizes[0]:
            return f" AND (m.number, m.part) NOT IN ({self._named(self._without)})"
        return "".join(
            f" AND NOT EXISTS (SELECT 1 FROM member w WHERE w.collection = {number}"
            f" AND (w.published, w.sort_name, w.part) = ({_ORDER}))"
            for number in self._without
        )

    @staticmethod
    def _named(numbers: Sequence[int]) -> str:
        """A query for the items of these collections: the numbers of their entries, and their parts."""
        within = ", ".join(map(str, numbers))
        return f"SELECT number, part FROM member WHERE collection IN ({within}) AND published <= :now"

    def _rows(self, items: str, **asked: Any) -> list[Row]:
        question = (
            f"SELECT {COLUMNS}, m.part, m.published FROM ({items}) m CROSS JOIN file f ON f.number = m.number"
            " ORDER BY m.published DESC, m.sort_name DESC, m.part DESC"
        )
        with self._index.reading() as view:
            try:
                return [row_of(found) for found in view.execute(question, {"now": self._now} | asked)]
            except (TypeError, ValueError):
                raise strange() from None

    def _number(self, question: str, **asked: Any) -> int | None:
        with self._index.reading() as view:
            (found,) = view.execute(question, {"now": self._now} | asked).fetchone()
        if not isinstance(found, int | None):
            raise strange()
        return found
