"""What is public at one moment: rows of articles, newest first, ties by id. Whole articles are read on demand."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from ..model import NEVER, Entry
from . import entryjson
from .claims import address_claim
from .index import Index
from .unusable import strange

_ROWS = (
    "SELECT f.number, f.path, f.id, f.address, f.published, f.face, f.digest, f.is_withdrawn, f.kept_aliases"
    " FROM file f"
)
_PUBLIC = "f.stands AND f.published <= :now"
_AT_ONCE = 1000  # rows
_NEAR = 64  # articles that are kept in memory
_PASSED_BY = "f.stands AND +f.published <= :now"  # + keeps SQLite off this bound; the other one is more selective
_NEWEST_FIRST, _OLDEST_FIRST = "f.published DESC, f.id", "f.published, f.id DESC"


class Row(NamedTuple):
    """A public article without its content. `published` is in seconds; `aliases` are those that it keeps.

    `face` is a hash of what lists show of it, `digest` one of all of it.
    """

    number: int
    source: str
    id: str
    path: str
    published: int
    face: bytes
    digest: bytes
    is_withdrawn: int
    aliases: tuple[str, ...]


class Edition:
    """The articles that are public at `now`. Drafts are published NEVER: one comparison leaves them out, too."""

    def __init__(self, index: Index, now: datetime) -> None:
        self.index = index
        self._moments = {"now": int(now.timestamp()), "never": int(NEVER.timestamp())}
        # An article is asked for three times in a row: for its page and for its neighbours' pages.
        self._entry = lru_cache(_NEAR)(lambda row: index.entry(row.number))

    @cached_property
    def until(self) -> datetime | None:
        """When the next scheduled article becomes public; None where there is none."""
        found = self._value("SELECT min(f.published) FROM file f WHERE f.stands AND f.published > :now")
        return None if found is None or found >= NEVER.timestamp() else datetime.fromtimestamp(found, UTC)

    @property
    def count(self) -> int:
        """The number of public articles. The scheduled ones are counted and subtracted, for they are few."""
        scheduled = "SELECT count(*) FROM file f WHERE f.stands AND f.published > :now AND f.published < :never"
        with self.index.reading():
            return self.index.published_count() - (self._value(scheduled) or 0)

    def window(self, count: int, recent: timedelta) -> list[Row]:
        """The newest `count` articles, or all within `recent` of the newest one where these are more."""
        with self.index.reading():
            rows = self._rows(f"{_ROWS} WHERE {_PUBLIC} ORDER BY {_NEWEST_FIRST} LIMIT :count", count=count)
            if len(rows) < count or not rows:
                return rows
            since = rows[0].published - int(recent.total_seconds())
            if rows[-1].published < since:
                return rows
            every = f"{_ROWS} WHERE {_PUBLIC} AND f.published >= :since ORDER BY {_NEWEST_FIRST}"
            return self._rows(every, since=since)

    def stretch(self, first: int, count: int) -> list[Row]:
        """`count` articles, newest first. `first` is the number of the last one, counted from the oldest of all, 0."""
        behind = max(0, self.count - first - count)
        if behind < first:  # OFFSET takes time: count from the nearer end
            return self._rows(
                f"{_ROWS} WHERE {_PUBLIC} ORDER BY {_NEWEST_FIRST} LIMIT :count OFFSET :first",
                count=count,
                first=behind,
            )
        passing = f"{_ROWS} WHERE {_PUBLIC} ORDER BY {_OLDEST_FIRST} LIMIT :count OFFSET :first"
        return self._rows(passing, count=count, first=first)[::-1]

    def at(self, path: str) -> Row | None:
        """The article at this path, which is its own address or one of its aliases."""
        rows = self._rows(
            f"{_ROWS} JOIN claim c ON c.number = f.number WHERE c.key = :key AND {_PUBLIC}", key=address_claim(path)
        )
        return next((row for row in rows if path in (row.path, *row.aliases)), None)

    def newer(self, row: Row) -> Row | None:
        """The next newer article."""
        return self._next(row, "f.id < :id ORDER BY f.id DESC", f"f.published > :published ORDER BY {_OLDEST_FIRST}")

    def older(self, row: Row) -> Row | None:
        """The next older article."""
        return self._next(row, "f.id > :id ORDER BY f.id", f"f.published < :published ORDER BY {_NEWEST_FIRST}")

    def all(self) -> Iterator[Row]:
        """Every public article, newest first. For one view of them all, it is to be called within Index.reading."""
        rows = self._rows(f"{_ROWS} WHERE {_PUBLIC} ORDER BY {_NEWEST_FIRST} LIMIT {_AT_ONCE}")
        while rows:
            yield from rows
            behind = "f.published <= :published AND NOT (f.published = :published AND f.id <= :id)"
            rows = self._rows(
                f"{_ROWS} WHERE {_PASSED_BY} AND {behind} ORDER BY {_NEWEST_FIRST} LIMIT {_AT_ONCE}",
                published=rows[-1].published,
                id=rows[-1].id,
            )

    def entry(self, row: Row) -> Entry:
        """The whole article."""
        return self._entry(row)

    def _next(self, row: Row, of_the_moment: str, of_others: str) -> Row | None:
        first = f"{_ROWS} WHERE {_PASSED_BY} AND f.published = :published AND {of_the_moment} LIMIT 1"
        second = f"{_ROWS} WHERE {_PASSED_BY} AND {of_others} LIMIT 1"
        either = f"SELECT * FROM ({first}) UNION ALL SELECT * FROM ({second}) LIMIT 1"  # noqa: S608  # constants
        rows = self._rows(either, published=row.published, id=row.id)
        return rows[0] if rows else None

    def _rows(self, question: str, **asked: Any) -> list[Row]:
        with self.index.reading() as view:
            try:
                return [_row(found) for found in view.execute(question, self._moments | asked)]
            except (TypeError, ValueError):
                raise strange() from None

    def _value(self, question: str) -> int | None:
        with self.index.reading() as view:
            (found,) = view.execute(question, self._moments).fetchone()
        if not isinstance(found, int | None):
            raise strange()
        return found


def _row(found: tuple[Any, ...]) -> Row:
    return Row._make((*found[:-1], entryjson.aliases(found[-1])))
