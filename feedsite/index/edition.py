"""What is public at one moment: articles as rows, and the collections of them. Whole articles are read on demand."""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from typing import Any

from ..collection import CORRECTIONS, EVERYTHING, PINNED, plain_name
from ..model import NEVER, Entry, Nav, Navigation, PageLink
from ..notices import notice
from ..words import ENGLISH, Words
from . import entryjson
from .addresses import Addresses
from .beside import Beside
from .claims import address_claim
from .index import Index
from .members import Members
from .rows import COLUMNS, OUTSIDE_TIME, Item, Row, row_of
from .unusable import strange

_ROWS = f"SELECT {COLUMNS} FROM file f"  # noqa: S608  # a constant
_PUBLIC = "f.stands AND f.published <= :now"
_IS_PAGE = f"f.stands AND f.published = {OUTSIDE_TIME}"
_AT_ONCE = 1000  # rows
_NEAR = 800  # articles that are kept in memory
_KEYS = 10_000  # of collections, likewise
_NEWEST_FIRST, _OLDEST_FIRST = "f.published DESC, f.sort_name DESC", "f.published, f.sort_name"
_NEWER = f"{_PUBLIC} AND (f.published, f.sort_name) > (:published, :sort_name)"
# + keeps SQLite off this bound; the other one is more selective.
_OLDER = "f.stands AND +f.published <= :now AND (f.published, f.sort_name) < (:published, :sort_name)"


class Edition:
    """The articles that are public at `now`, and the standing pages. Drafts are published NEVER, and standing pages
    later still: one comparison leaves both out of every list.
    """

    def __init__(self, index: Index, now: datetime, words: Words = ENGLISH) -> None:
        self.index = index
        self._now = now
        self._words = words  # in which notices about articles are entitled
        self._moments = {"now": int(now.timestamp()), "never": int(NEVER.timestamp())}
        # An article is asked for three times in a row for its page and its neighbours' pages, then for each list.
        # Its row says which version is meant, for the index may be newer than the edition.
        self._entry = lru_cache(_NEAR)(lambda number, _: index.entry(number))
        self._key, self._number = lru_cache(_KEYS)(index.key), lru_cache(_KEYS)(index.collection)

    @cached_property
    def until(self) -> datetime | None:
        """When the next scheduled article, or notice, becomes public; None where there is none."""
        found = self._value(
            "SELECT min(published) FROM member JOIN collection c ON c.number = collection"  # noqa: S608  # constants
            f" WHERE c.key IN ('{EVERYTHING}', '{CORRECTIONS}') AND published > :now"
        )
        return None if found is None else datetime.fromtimestamp(found, UTC)

    @property
    def everything(self) -> Members:
        return self.members((EVERYTHING,))

    @property
    def addresses(self) -> Addresses:
        return Addresses(self.index, self._now)

    def members(self, of: Sequence[str], without: Sequence[str] = ()) -> Members:
        """The items of the collections `of`, by their keys, without those of the collections `without`."""
        return Members(self.index, self._now, of, without)

    def name(self, key: str) -> str | None:
        """What the oldest item of a collection calls it; None where it has no public item."""
        question = (
            "SELECT f.names FROM collection c JOIN member m ON m.collection = c.number"
            " JOIN file f ON f.number = m.number"
            " WHERE c.key = :key AND m.published <= :now ORDER BY m.published, m.sort_name, m.part LIMIT 1"
        )
        with self.index.reading() as view:
            if not (found := view.execute(question, self._moments | {"key": key}).fetchone()):
                return None
        return entryjson.names(found[0]).get(key) or plain_name(key)

    def keys(self, kind: str = "", most: int = -1) -> list[str]:
        """The keys of the collections of one kind, or of all, in their order: those with public or scheduled items."""
        with self.index.reading() as view:
            found = view.execute(
                "SELECT key FROM collection WHERE key >= ?1 AND (?1 = '' OR key < ?2) AND count > 0 AND key != ?4"
                " ORDER BY key LIMIT ?3",
                (kind and f"{kind}/", f"{kind}0", most, PINNED),  # 0 follows / in ASCII
            )
            return [key for (key,) in found]

    def sizes(self, kind: str = "") -> dict[str, int]:
        """By key, in the order of keys: how many public items each collection of one kind has, or of all, if any."""
        with self.index.reading() as view:
            found = view.execute(
                "SELECT key, count - (SELECT count(*) FROM member WHERE collection = c.number AND published > ?2)"
                " FROM collection c WHERE count > 0 AND key != ?3"
                " AND (?1 = '' OR key = ?1 OR (key > ?1 || '/' AND key < ?1 || '0')) ORDER BY key",
                (kind, self._moments["now"], PINNED),
            )
            return {key: size for key, size in found if size}

    def at(self, path: str) -> Row | None:
        """The article or standing page at this path, which is its own address or one of its aliases."""
        rows = self._rows(
            f"{_ROWS} JOIN claim c ON c.number = f.number WHERE c.key = :key AND ({_PUBLIC} OR {_IS_PAGE})",
            key=address_claim(path),
        )
        return next((row for row in rows if path in (row.path, *row.aliases)), None)

    def pages(self) -> list[Row]:
        """The standing pages in the order of their addresses."""
        return self._rows(f"{_ROWS} WHERE {_IS_PAGE} ORDER BY f.address")

    @cached_property
    def navigation(self) -> Navigation:
        """The standing pages that every page links to."""
        with self.index.reading() as view:
            question = "SELECT address, shown FROM file WHERE stands AND shown != ''"  # by the index of these alone
            found = [(address, *entryjson.page_link(shown)) for address, shown in view.execute(question)]

        def rank(one: tuple[str, Nav, str, str]) -> tuple[object, ...]:
            path, nav, _, _ = one
            return nav.order is None, nav.order or 0, path

        links = [(nav.place, PageLink(path, title, language)) for path, nav, title, language in sorted(found, key=rank)]
        masthead, footer = (tuple(link for place, link in links if place == name) for name in ("masthead", "footer"))
        return Navigation(masthead, footer)

    def former_addresses(self) -> list[tuple[str, Row]]:
        """The addresses that public articles had on this node before others, each with the article as it is now."""
        question = (
            f"SELECT m.address, {COLUMNS} FROM former_address m JOIN claim c ON c.key = 'id:' || m.id AND c.is_held"  # noqa: S608  # constants
            f" JOIN file f ON f.number = c.number WHERE {_PUBLIC} AND f.address != m.address ORDER BY f.path, m.row"
        )
        with self.index.reading() as view:
            try:
                return [(address, row_of(found)) for address, *found in view.execute(question, self._moments)]
            except (TypeError, ValueError):
                raise strange() from None

    @property
    def moment(self) -> int:
        """In seconds."""
        return self._moments["now"]

    def newer(self, row: Row | Item) -> Row | None:
        """The next newer article."""
        return self._next(row, f"{_NEWER} ORDER BY {_OLDEST_FIRST}")

    def older(self, row: Row | Item) -> Row | None:
        """The next older article."""
        return self._next(row, f"{_OLDER} ORDER BY {_NEWEST_FIRST}")

    def all(self, *, is_oldest_first: bool = False) -> Iterator[Row]:
        """Every public article, newest first. For one view of them all, it is to be called within Index.reading."""
        order, beyond = (_OLDEST_FIRST, _NEWER) if is_oldest_first else (_NEWEST_FIRST, _OLDER)
        rows = self._rows(f"{_ROWS} WHERE {_PUBLIC} ORDER BY {order} LIMIT {_AT_ONCE}")
        while rows:
            yield from rows
            rows = self._rows(f"{_ROWS} WHERE {beyond} ORDER BY {order} LIMIT {_AT_ONCE}", **rows[-1].item._asdict())

    def with_aliases(self) -> list[Row]:
        """The public articles that name former addresses, newest first."""
        return self._rows(f"{_ROWS} WHERE {_PUBLIC} AND f.aliases != '' ORDER BY {_NEWEST_FIRST}")

    @property
    def pinned(self) -> Row | None:
        """The newest article with a pin."""
        return next(iter(self.beside(PINNED).newest(1)), None)

    def beside(self, key: str) -> Beside:
        """The articles of one collection, beside one of them."""
        return Beside(self.index, self.moment, self._number(key))

    def keys_of(self, row: Row) -> tuple[str, ...]:
        """The keys of the collections that an article, or a notice, belongs to, in the order of collection.names_of."""
        try:
            return tuple(
                self._key(one) for part, _, numbers in json.loads(row.items) if part == row.part for one in numbers
            )
        except (LookupError, TypeError, ValueError):
            raise strange() from None

    def entry(self, row: Row) -> Entry:
        """The whole article, or the notice about it."""
        entry = self._entry(row.number, row.digest)
        try:
            return notice(entry, row.part, self._words) if row.part else entry
        except (LookupError, ValueError):
            raise strange() from None

    def _next(self, row: Row | Item, beside: str) -> Row | None:
        item = row.item if isinstance(row, Row) else row
        rows = self._rows(f"{_ROWS} WHERE {beside} LIMIT 1", **item._asdict())
        return rows[0] if rows else None

    def _rows(self, question: str, **asked: Any) -> list[Row]:
        with self.index.reading() as view:
            try:
                return [row_of(found) for found in view.execute(question, self._moments | asked)]
            except (TypeError, ValueError):
                raise strange() from None

    def _value(self, question: str) -> int | None:
        with self.index.reading() as view:
            (found,) = view.execute(question, self._moments).fetchone()
        if not isinstance(found, int | None):
            raise strange()
        return found
