"""The neighbours of an article in one collection: those that are older, and those that are newer.

Notices are no articles. Withdrawn articles are left out of what pages show.
"""

from collections.abc import Collection
from typing import Any

from .index import Index
from .rows import COLUMNS, Item, Row, row_of
from .unusable import strange

# + keeps SQLite off this bound; the other one is more selective.
_OLDER = "(m.published, m.sort_name) < (:published, :sort_name) AND +m.published <= :now"
_NEWER = "(m.published, m.sort_name) > (:published, :sort_name) AND m.published <= :now"
_NEWEST_FIRST, _OLDEST_FIRST = "m.published DESC, m.sort_name DESC", "m.published, m.sort_name"
_READABLE = "NOT f.is_withdrawn"
_ALL = -1


class Beside:
    """Those that are public at the second `now`. `number` is the collection's in the index, None where it has none."""

    def __init__(self, index: Index, now: int, number: int | None) -> None:
        self._index = index
        self._asked: dict[str, Any] = {"collection": number, "now": now}

    def newest(self, count: int, but: Collection[int] = ()) -> list[Row]:
        """The newest `count` articles without those of the numbers `but`, newest first."""
        others = ", ".join(map(str, but))
        return self._rows(f"m.published <= :now AND m.number NOT IN ({others}) AND {_READABLE}", _NEWEST_FIRST, count)

    def older(self, item: Item, count: int) -> list[Row]:
        """The next `count` older articles, the nearest first."""
        return self._rows(f"{_OLDER} AND {_READABLE}", _NEWEST_FIRST, count, item)

    def newer(self, item: Item, count: int) -> list[Row]:
        """The next `count` newer articles, the nearest first."""
        return self._rows(f"{_NEWER} AND {_READABLE}", _OLDEST_FIRST, count, item)

    def looking_back(self, item: Item, count: int) -> list[Row]:
        """The articles among whose next `count` older ones the item is, or was, or would be; also withdrawn ones."""
        return self._up_to(_NEWER, _OLDEST_FIRST, item, count)

    def looking_ahead(self, item: Item, count: int) -> list[Row]:
        """The articles among whose next `count` newer ones the item is, or was, or would be; also withdrawn ones."""
        return self._up_to(_OLDER, _NEWEST_FIRST, item, count)

    def all_newer(self, item: Item) -> list[Row]:
        """Every newer article, also withdrawn ones."""
        return self._rows(_NEWER, _OLDEST_FIRST, _ALL, item)

    def count_older(self, item: Item) -> int:
        """How many articles are older, also withdrawn ones."""
        question = f"SELECT count(*) FROM member m WHERE collection = :collection AND part = '' AND {_OLDER}"  # noqa: S608  # a constant
        with self._index.reading() as view:
            (found,) = view.execute(question, self._asked | item._asdict()).fetchone()
        return int(found)

    def _up_to(self, condition: str, order: str, item: Item, count: int) -> list[Row]:
        """All up to the `count`th that people can read, the nearest first."""
        found: list[Row] = []
        while count and (rows := self._rows(condition, order, count, item)):
            found += rows
            count -= sum(not row.is_withdrawn for row in rows)
            item = rows[-1].item
        return found

    def _rows(self, condition: str, order: str, count: int, item: Item | None = None) -> list[Row]:
        question = (
            f"SELECT {COLUMNS} FROM member m CROSS JOIN file f ON f.number = m.number"  # noqa: S608  # constants and numbers
            f" WHERE m.collection = :collection AND m.part = '' AND {condition} ORDER BY {order} LIMIT :count"
        )
        asked = self._asked | {"count": count} | (item._asdict() if item else {})
        with self._index.reading() as view:
            try:
                return [row_of(found) for found in view.execute(question, asked)]
            except (TypeError, ValueError):
                raise strange() from None
