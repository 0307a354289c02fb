"""What changed in an index since an earlier moment: the rows of its journal, which triggers write (schema.py).

The last row's number is the state of the index. Two states of one index differ in no more than the rows between them
say, and in what became public meanwhile because it was due.
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from ..collection import CORRECTIONS, EVERYTHING
from . import entryjson
from .connections import Connection
from .index import Index
from .rows import OUTSIDE_TIME, Item
from .unusable import strange

_FACED = 2  # schema.py: the depth of a change of what lists show


@dataclass(frozen=True, slots=True)
class Touched:
    """The items that came to a collection, that went, and that say something else; of these whether lists show it."""

    came: set[Item] = field(default_factory=set)
    gone: set[Item] = field(default_factory=set)
    mended: dict[Item, bool] = field(default_factory=dict)

    @property
    def listed(self) -> set[Item]:
        """Those of which lists show something else."""
        return self.came | self.gone | {item for item, is_shown in self.mended.items() if is_shown}


@dataclass(frozen=True, slots=True)
class News:
    """What changed: collections by key; and the paths, then and now, of articles, standing pages, pictures and
    recordings. `pages` is how many of standing pages are among them.
    """

    collections: dict[str, Touched]
    paths: set[str]
    pages: int


class Position(NamedTuple):
    """The random name of a journal, its last row, and its last row that is not of a picture or recording."""

    journal: str
    row: int
    article_row: int


def position(index: Index) -> Position | None:
    """None before the first scan was committed: nothing is journalled until then."""
    with index.reading() as view:
        if not (name := index.meta("identity")):
            return None
        last = "SELECT row FROM journal {} ORDER BY row DESC LIMIT 1"
        rows = (view.execute(last.format(where)).fetchone() for where in ("", "WHERE medium IS NULL"))
        return Position(str(name), *(row[0] if row else 0 for row in rows))


def news(index: Index, row: int, last: int, then: int, now: int) -> News | None:
    """What changed between two last rows of the journal, while the clock went on from `then` to `now` (seconds).

    None where the journal does not reach back so far.
    """
    with index.reading() as view:
        first, newest = view.execute("SELECT min(row), max(row) FROM journal").fetchone()
        if not (first or 1) - 1 <= row <= (newest or 0):
            return None
        try:
            return _News(view, (row, last), then, now).read()
        except (TypeError, ValueError):
            raise strange() from None


class _News:
    def __init__(self, view: Connection, rows: tuple[int, int], then: int, now: int) -> None:
        self._view = view
        self._rows = rows
        self._then, self._now = then, now
        self._collections: dict[str, Touched] = defaultdict(Touched)
        self._paths: set[str] = set()
        self._pages: set[str] = set()  # of standing pages
        self._new: set[tuple[str, Item]] = set()  # that the index did not have, public or not
        self._keys: dict[int, str] = {}  # of collections, by number

    def read(self) -> News:
        self._read_moved()
        self._read_due()
        self._read_mended()
        media = self._view.execute(
            "SELECT DISTINCT medium FROM journal WHERE row > ? AND row <= ? AND medium != ''", self._rows
        )
        self._paths.update(f"/{medium}" for (medium,) in media)
        return News(dict(self._collections), self._paths, len(self._pages))

    def _read_moved(self) -> None:
        """Items that came or went. One that did both is there as before, or was not before either."""
        question = (
            "SELECT key, published, sort_name, part, sum(came) FROM journal JOIN collection c ON c.number = collection"
            " WHERE row > ? AND row <= ? GROUP BY collection, published, sort_name, part"
        )
        for key, *item, came in self._view.execute(question, self._rows):
            one = Item(*item)
            if came > 0:
                self._new.add((key, one))
                if one.published <= self._now:
                    self._collections[key].came.add(one)
            elif came < 0:
                if one.published <= self._then:
                    self._collections[key].gone.add(one)
            elif one.published <= min(self._then, self._now):
                self._collections[key].mended[one] = True

    def _read_due(self) -> None:
        """Items that became public; or are no longer, for the clock was set back. An item is in one of two at least."""
        question = (
            "SELECT DISTINCT f.number, items FROM member m JOIN file f ON f.number = m.number"
            " JOIN collection c ON c.number = m.collection"
            " WHERE c.key IN (?, ?) AND m.published > ? AND m.published <= ?"
        )
        bounds = sorted((self._then, self._now))
        for number, items in self._view.execute(question, (EVERYTHING, CORRECTIONS, *bounds)).fetchall():
            self._add_paths(number)
            for key, item in self._items(number, items):
                if bounds[0] < item.published <= bounds[1] and (key, item) not in self._new:
                    touched = self._collections[key]
                    (touched.came if self._then < self._now else touched.gone).add(item)

    def _read_mended(self) -> None:
        changed = (
            "SELECT number, published, address, aliases, depth FROM journal"
            " WHERE row > ? AND row <= ? AND number IS NOT NULL"
        )
        depths: dict[int, int] = {}
        for number, published, address, aliases, depth in self._view.execute(changed, self._rows).fetchall():
            depths[number] = max(depths.get(number, 0), depth)
            if published <= max(self._then, self._now) or published == OUTSIDE_TIME:
                self._add(published, address, aliases)
        for number, depth in depths.items():
            self._add_paths(number)
            found = self._view.execute("SELECT items FROM file WHERE number = ? AND stands", (number,)).fetchone()
            for key, item in self._items(number, found[0]) if found and depth else ():
                touched = self._collections[key] if key in self._collections else Touched()
                if item.published <= min(self._then, self._now) and item not in touched.came:
                    mended = self._collections[key].mended
                    mended[item] = mended.get(item, False) or depth >= _FACED

    def _add_paths(self, number: int) -> None:
        """The paths that an article or a standing page has now."""
        question = (
            "SELECT published, address, kept_aliases FROM file"
            " WHERE number = ? AND stands AND (published <= ? OR published = ?)"
        )
        for row in self._view.execute(question, (number, max(self._then, self._now), OUTSIDE_TIME)):
            self._add(*row)

    def _add(self, published: int, address: str, aliases: str) -> None:
        self._paths.update((address, *entryjson.aliases(aliases)))
        if published == OUTSIDE_TIME:
            self._pages.add(address)

    def _items(self, number: int, items: str) -> Iterator[tuple[str, Item]]:
        """The items of an article, each with every collection that it is in."""
        (name,) = self._view.execute("SELECT sort_name FROM file WHERE number = ?", (number,)).fetchone()
        for part, at, collections in json.loads(items):
            for collection in collections:
                yield self._key(collection), Item(at, name, part)

    def _key(self, number: int) -> str:
        if (key := self._keys.get(number)) is None:
            (key,) = self._view.execute("SELECT key FROM collection WHERE number = ?", (number,)).fetchone()
            self._keys[number] = key
        return key
