"""Rows of public items: articles, and notices about them; and the months that they are of."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from ..model import UNDATED
from ..notices import WITHDRAWN
from . import entryjson
from .sortname import sort_name

COLUMNS = "f.number, f.path, f.id, f.address, f.published, f.face, f.digest, f.is_withdrawn, f.items, f.kept_aliases"
_TYPES = (int, str, str, str, int, bytes, bytes, int, str)  # of these columns but the last
_COUNT = len(_TYPES)
OUTSIDE_TIME = int(UNDATED.timestamp())  # when standing pages are published, in seconds


class Item(NamedTuple):
    """An item of a collection: its moment in seconds, its file's sort_name, its part. Newer items are greater."""

    published: int
    sort_name: str
    part: str


class Row(NamedTuple):
    """A public item without its content. `published` is in seconds; `aliases` are those that the article keeps.

    `part` is "" for an article, and for a notice what its id has behind the article's. `face` is a hash of what lists
    show of the article, `digest` one of all of it. `items` are those of the article in collections (schema.py).
    """

    number: int
    source: str
    id: str
    path: str
    published: int
    face: bytes
    digest: bytes
    is_withdrawn: int
    items: str
    aliases: tuple[str, ...]
    part: str = ""

    @property
    def is_undated(self) -> bool:
        """Whether it is a standing page."""
        return self.published == OUTSIDE_TIME

    @property
    def item(self) -> Item:
        return Item(self.published, sort_name(self.source), self.part)

    @property
    def is_article(self) -> bool:
        """Whether people can read it as an article: it is no notice, and was not withdrawn."""
        return not (self.part or self.is_withdrawn)


def told_once(rows: Sequence[Row]) -> tuple[Row, ...]:
    """The rows as people see them: not a withdrawn article beside the notice of its withdrawal, which says the same."""
    told = {row.number for row in rows if row.part == WITHDRAWN}
    return tuple(row for row in rows if row.part or not (row.is_withdrawn and row.number in told))


@dataclass(frozen=True, slots=True)
class Month:
    """A month of UTC in which a collection has `size` items, with the first second of it and of the next one."""

    year: int
    month: int
    begin: int
    end: int
    size: int


def month_bounds(year: int, month: int) -> tuple[int, int]:
    """The first second of a month of UTC, and that of the next one."""
    begin = int(datetime(year, month, 1, tzinfo=UTC).timestamp())
    return begin, begin + 86400 * monthrange(year, month)[1]


def row_of(found: Sequence[Any]) -> Row:
    """The row of an article, of COLUMNS; or of an item, with its part and its moment behind them.

    Raises TypeError or ValueError for what was never written there.
    """
    columns, kept_aliases, item = found[:_COUNT], found[_COUNT], found[_COUNT + 1 :]
    part, published = item or ("", columns[4])
    if not all(map(isinstance, (*columns, part, published), (*_TYPES, str, int))):
        raise TypeError
    row = Row._make((*columns, entryjson.aliases(kept_aliases), part))
    return row._replace(id=row.id + part, published=published) if part else row
