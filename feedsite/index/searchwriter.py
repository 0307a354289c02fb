"""Articles added to the search, and their words taken out for good (searchschema.py).

- The rows of the search are numbered in the order of the articles' moments, the newest first: so of a million matches
  the newest are read first, and a time is a range of rows. (FTS5 takes a fifth more time to read rows backwards.)
  Between two rows some numbers are left free, the more the longer the time between them is: an article that is
  scheduled has room beside it for those that come until then. Standing pages have numbers before all others.
- Where no number is free between two, the next free one is taken, and that is written down (`is_ordered`): then the
  order is nearly that of the moments, and whoever reads sorts what he has read (search.py).
- SQLite keeps the words of what was taken out until it merges the parts of its index that have them. Where an article
  is gone for good, withdrawn, or a draft again, the leader has all parts merged, a little at a time.
"""

import time
from collections.abc import Iterator

from ..model import UNDATED
from . import searchtext
from .connections import Connection
from .searchschema import BEING_MERGED, READY, REMOVED, REMOVED_NOW, SEARCH, STATE, TABLES, UNORDERED
from .unusable import strange

_GAP, _WIDEST = 16, 1024  # from one row to the next older one
_SECONDS = 225  # for each number between them: so articles of each hour have the narrowest gaps
_FIRST, _FIRST_PAGE = 1 << 50, 1 << 40  # the first rows that are taken: there is room for newer ones below
_BEYOND = 1 << 60  # all of them
_UNDATED = int(UNDATED.timestamp())  # when standing pages are published
_PAGES_UNTIL = 1 << 45  # the rows of standing pages
_AT_ONCE = 100  # articles that are asked for together
_MERGED_PAGES = 200  # of 4 kB, that are merged together
_WAITING = (
    "SELECT published, sort_name, number FROM unsearched"
    " ORDER BY published DESC, sort_name DESC, number DESC LIMIT ?"  # FTS5 writes rows that grow in one go
)
_TEXT = (
    "SELECT record, body FROM file JOIN content USING (number) WHERE stands"
    " AND (published, sort_name, number) = (?, ?, ?) AND number NOT IN (SELECT number FROM searched)"
)
_NEWER = (
    "SELECT row, published FROM searched WHERE (published, sort_name) > (?, ?) ORDER BY published, sort_name LIMIT 1"
)
_OLDER = (
    "SELECT row, published FROM searched WHERE (published, sort_name) < (?, ?)"
    " ORDER BY published DESC, sort_name DESC LIMIT 1"
)


def is_ready(connection: Connection) -> bool:
    """Whether every article was put in once. From then on each is in it as soon as it is served."""
    return _meta(connection, STATE) == READY


def exists(connection: Connection) -> bool:
    """Whether the index has a search."""
    return _meta(connection, STATE) is not None


def is_ordered(connection: Connection) -> bool:
    """Whether the order of the rows is that of the moments."""
    return _meta(connection, UNORDERED) is None


def make(connection: Connection) -> None:
    """Makes the tables, where there are none, and writes down all articles as still to be put in."""
    if not exists(connection):
        for statement in SEARCH:
            connection.execute(statement)


def add(connection: Connection, seconds: float) -> bool:
    """Puts in what is still to be put in, for so many seconds; returns whether anything is left."""
    until = time.monotonic() + seconds
    while waiting := connection.execute(_WAITING, (_AT_ONCE,)).fetchall():
        for row in waiting:
            _add(connection, *row)
            if time.monotonic() > until:
                return True
    if not is_ready(connection):
        _set_meta(connection, STATE, READY)
        _set_meta(connection, REMOVED, REMOVED_NOW)  # one part is read in two thirds of the time that many take
    return False


def has_to_merge(connection: Connection) -> bool:
    """Whether words are still there of articles that are gone for good."""
    return _meta(connection, REMOVED) is not None


def merge(connection: Connection, seconds: float) -> bool:
    """Merges for so many seconds, where words are still there of articles that are gone for good; returns whether more
    is left to merge.
    """
    until = time.monotonic() + seconds
    while (state := _meta(connection, REMOVED)) is not None:
        # A negative number has all parts merged into one.
        pages = -_MERGED_PAGES if state == REMOVED_NOW else _MERGED_PAGES
        is_merged = [_merge(connection, table, pages) for table in TABLES]
        if state == REMOVED_NOW:
            _set_meta(connection, REMOVED, BEING_MERGED)
        elif all(is_merged):
            connection.execute("DELETE FROM meta WHERE name = ?", (REMOVED,))
        if time.monotonic() > until:
            return True
    return False


def _merge(connection: Connection, table: str, pages: int) -> bool:
    """Merges so many pages of one table; returns whether nothing was left to do (fts5.html, 6.7)."""
    before = connection.total_changes
    connection.execute(f"INSERT INTO {table} ({table}, rank) VALUES ('merge', ?)", (pages,))  # noqa: S608  # a constant
    return connection.total_changes - before < 2


def _add(connection: Connection, published: int, sort_name: str, number: int) -> None:
    waiting = published, sort_name, number
    connection.execute("DELETE FROM unsearched WHERE (published, sort_name, number) = (?, ?, ?)", waiting)
    found = connection.execute(_TEXT, waiting).fetchone()
    if found and (words := _words_of(*found)):
        row = _free_row(connection, published, sort_name)
        connection.execute("INSERT INTO search (rowid, words) VALUES (?, ?)", (row, words))
        connection.execute("INSERT INTO has_word (rowid, words) VALUES (?, ?)", (row, searchtext.word_set(words)))
        connection.execute("INSERT INTO searched VALUES (?, ?, ?, ?)", (row, number, published, sort_name))


def _words_of(record: str, body: str) -> str:
    try:
        return searchtext.words_of(record, body)
    except (LookupError, TypeError, ValueError):
        raise strange() from None


def _free_row(connection: Connection, published: int, sort_name: str) -> int:
    """A row between those of the next newer and the next older article, or one near to there."""
    newer, older = (connection.execute(asked, (published, sort_name)).fetchone() for asked in (_NEWER, _OLDER))
    first = _FIRST
    if published == _UNDATED:
        older, first = (older if older and older[0] < _PAGES_UNTIL else None), _FIRST_PAGE
    else:
        newer = newer if newer and newer[0] >= _PAGES_UNTIL else None
    low = newer[0] if newer else 0
    high = older[0] if older else _BEYOND
    if older:
        best = max(high - _gap(published - older[1]), (low + high) // 2 if newer else 0)
    else:
        best = low + _gap(newer[1] - published) if newer else first
    taken = "SELECT 1 FROM searched WHERE row = ?"
    row = next(row for row in _near(best) if not connection.execute(taken, (row,)).fetchone())
    if not low < row < high:
        _set_meta(connection, UNORDERED, 1)
    return row


def _gap(seconds: int) -> int:
    return max(_GAP, min(seconds // _SECONDS, _WIDEST))


def _near(row: int) -> Iterator[int]:
    """This row, those beside it, then rows ever farther away: in the end beyond all others."""
    yield row
    for step in (*range(1, _GAP), *(_GAP << doubled for doubled in range(40))):
        yield from (row + step, row - step)


def _meta(connection: Connection, name: str) -> int | None:
    found = connection.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
    if found and not isinstance(found[0], int):
        raise strange()
    return int(found[0]) if found else None


def _set_meta(connection: Connection, name: str, value: int) -> None:
    connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))
