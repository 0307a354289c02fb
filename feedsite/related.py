"""What an article's page leads to: older articles of its section and of its tags, and the parts beside it of a series.

All of it is older, but for the next part: so an article that comes changes few pages, those near it in its collections.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Generic, TypeVar

from .index.edition import Edition
from .index.rows import Item, Row

NEAR = (
    3  # articles of a section; of all tags together; and so far a tag is looked through for one that is not shown yet
)

_SECTION, _TAG = "section/", "tag/"

T = TypeVar("T")
U = TypeVar("U")
Older = Callable[[str], Sequence[Row]]  # the next NEAR older articles in the collection of a key, the nearest first


@dataclass(frozen=True, slots=True, kw_only=True)
class Part(Generic[T]):
    """Which part of a series an article is: the tag's term, the number from the oldest, and the parts beside it."""

    term: str
    number: int
    older: T | None = None
    newer: T | None = None

    def of(self, made: Callable[[T], U]) -> "Part[U]":
        """The same with something made of each item."""
        older, newer = (None if one is None else made(one) for one in (self.older, self.newer))
        return Part(term=self.term, number=self.number, older=older, newer=newer)


@dataclass(frozen=True, slots=True, kw_only=True)
class Related(Generic[T]):
    """As rows or as entries. No article is in two of the lists."""

    section: tuple[T, ...] = ()
    tags: tuple[T, ...] = ()
    part: Part[T] | None = None

    def __iter__(self) -> Iterator[T]:
        beside = (self.part.older, self.part.newer) if self.part else ()
        return chain(self.section, self.tags, (one for one in beside if one is not None))

    @property
    def shape(self) -> str:
        """Where each of these items stands."""
        part = self.part and (self.part.term, self.part.number, self.part.older is None, self.part.newer is None)
        return repr((len(self.section), len(self.tags), part))

    def of(self, made: Callable[[T], U]) -> "Related[U]":
        """The same with something made of each item."""
        section, tags = tuple(map(made, self.section)), tuple(map(made, self.tags))
        return Related(section=section, tags=tags, part=self.part.of(made) if self.part else None)


def related(edition: Edition, series: Sequence[str], row: Row) -> Related[Row]:
    """What the page of an article leads to. `series` are the terms of the tags that are series."""
    return related_to(edition, series, row.item, edition.keys_of(row))


def related_to(edition: Edition, series: Sequence[str], item: Item, keys: Sequence[str]) -> Related[Row]:
    """The same for an article that may be in no collection yet: its place in them, and their keys."""
    section, tags = _near(keys, lambda key: edition.beside(key).older(item, NEAR))
    key = _series_of(keys, series)
    part = _part(edition, key, item, edition.beside(key).count_older(item)) if key else None
    return Related(section=section, tags=tags, part=part)


class Walk:
    """The same for every article in turn, the oldest first. It remembers the last NEAR articles of each collection."""

    def __init__(self, edition: Edition, series: Sequence[str]) -> None:
        self._edition = edition
        self._series = series
        self._last: defaultdict[str, deque[Row]] = defaultdict(lambda: deque(maxlen=NEAR))
        self._counts: defaultdict[str, int] = defaultdict(int)

    def next(self, row: Row) -> Related[Row]:
        keys = self._edition.keys_of(row)
        section, tags = _near(keys, lambda key: tuple(reversed(self._last[key])))
        key = _series_of(keys, self._series)
        part = _part(self._edition, key, row.item, self._counts[key]) if key else None
        for each in keys:
            if each.startswith((_SECTION, _TAG)):
                self._counts[each] += 1
                if row.is_article:
                    self._last[each].append(row)
        return Related(section=section, tags=tags, part=part)


def leading_to(edition: Edition, series: Sequence[str], key: str, item: Item, *, is_moved: bool) -> Iterator[Row]:
    """The articles whose pages may lead to an article of a collection, or may have led to it before it changed.

    `is_moved` where it came or went: then the parts of a series behind it have other numbers.
    """
    beside = edition.beside(key)
    if key.startswith(_TAG):
        yield from beside.looking_back(item, NEAR)
        if key.removeprefix(_TAG) in series:
            yield from beside.looking_ahead(item, 1)
            yield from beside.all_newer(item) if is_moved else ()
    elif key.startswith(_SECTION):
        yield from (row for row in beside.looking_back(item, NEAR) if _own_section(edition.keys_of(row)) == key)


def _near(keys: Sequence[str], older: Older) -> tuple[tuple[Row, ...], tuple[Row, ...]]:
    """Of the section the next older articles, and of each tag the next older one that is not among those found."""
    own = _own_section(keys)
    section = tuple(older(own)) if own else ()
    found = {row.number: row for row in section}
    for key in keys:
        if key.startswith(_TAG) and len(found) < len(section) + NEAR:
            row = next((row for row in older(key) if row.number not in found), None)
            if row:
                found[row.number] = row
    return section, tuple(found.values())[len(section) :]


def _part(edition: Edition, key: str, item: Item, number: int) -> Part[Row]:
    beside = edition.beside(key)
    older, newer = (next(iter(found(item, 1)), None) for found in (beside.older, beside.newer))
    return Part(term=key.removeprefix(_TAG), number=number + 1, older=older, newer=newer)


def _own_section(keys: Sequence[str]) -> str | None:
    """The section itself stands behind those that it lies in."""
    return next((key for key in reversed(keys) if key.startswith(_SECTION)), None)


def _series_of(keys: Sequence[str], series: Sequence[str]) -> str | None:
    return next((key for key in keys if key.startswith(_TAG) and key.removeprefix(_TAG) in series), None)
