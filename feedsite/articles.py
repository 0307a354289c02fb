"""The pages of articles, and standing pages, planned; and their aliases, which lead to them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import chain
from typing import cast

from .collection import names_of
from .document import Resource
from .formats.pages import Pages
from .index.edition import Edition
from .index.rows import Item, Row
from .index.sortname import sort_name
from .model import Entry
from .planned import Drawing, Planned, fingerprint
from .related import Related, Walk, related, related_to


class Articles:
    """The articles of one edition. `series` are the terms of the tags that are series. `code` is what all fingerprints
    depend on, and `common` what those of pages do.
    """

    def __init__(self, edition: Edition, pages: Pages, series: Sequence[str], code: str, common: str) -> None:
        self._edition = edition
        self._series = series
        self._pages = pages
        self._code = code
        self._common = common

    def at(self, path: str, row: Row) -> Drawing:
        """What stands at the address of an article, or at one of its aliases."""
        if path != row.path:
            return Drawing(self.moved(path, row.path, row.source), partial(self._pages.moved, row.path))
        if row.is_undated:
            draw = partial(_draw, self._edition, self._pages, Related(), row, None, None)
            return Drawing(self._planned(row, None, None, Related()), draw)
        newer, older = self._edition.newer(row), self._edition.older(row)
        beside = related(self._edition, self._series, row)
        draw = partial(_draw, self._edition, self._pages, beside, row, newer, older)
        return Drawing(self._planned(row, newer, older, beside), draw)

    def unpublished(self, entry: Entry) -> Resource:
        """The page of an article that is not public, as it would be if it were. No path of the plan leads to it."""
        if entry.nav:
            return self._pages.entry(entry, None, None, Related())
        item = Item(int(entry.published.timestamp()), sort_name(entry.source), "")
        beside = related_to(self._edition, self._series, item, tuple(names_of(entry)))
        newer, older = (
            row and self._edition.entry(row) for row in (self._edition.newer(item), self._edition.older(item))
        )
        return self._pages.entry(entry, newer, older, beside.of(self._edition.entry))

    def every(self, is_covered: Callable[[str], bool]) -> Iterator[Planned]:
        """All articles and standing pages, each with its aliases but those in whose place something else stands."""
        walk = Walk(self._edition, self._series)
        rows = _with_neighbours(self._edition.all(is_oldest_first=True))
        articles = ((row, self._planned(row, newer, older, walk.next(row))) for older, row, newer in rows)
        pages = ((row, self._planned(row, None, None, Related())) for row in self._edition.pages())
        for row, planned in chain(articles, pages):
            yield planned
            for alias in row.aliases:
                if not is_covered(alias):
                    yield self.moved(alias, row.path, row.source)

    def moved(self, path: str, target: str, source: str = "") -> Planned:
        """A path that leads to another one."""
        return Planned(path, fingerprint(self._code, "moved", path, target), source)

    def _planned(self, row: Row, newer: Row | None, older: Row | None, beside: Related[Row]) -> Planned:
        faces = [other.face if other else b"" for other in (newer, older, *beside)]
        return Planned(row.path, fingerprint(self._common, row.digest, beside.shape, *faces), row.source)


def _draw(edition: Edition, pages: Pages, beside: Related[Row], *rows: Row | None) -> Resource:
    """An article's page; its neighbours' rows follow its own. It refers to no plan: a cycle would be freed late."""
    entry, newer, older = (edition.entry(row) if row else None for row in rows)
    return pages.entry(cast("Entry", entry), newer, older, beside.of(edition.entry))


def _with_neighbours(rows: Iterable[Row]) -> Iterator[tuple[Row | None, Row, Row | None]]:
    """Each row between the one before it and the one behind it."""
    before: Row | None = None
    row: Row | None = None
    for behind in rows:
        if row:
            yield before, row, behind
        before, row = row, behind
    if row:
        yield before, row, None
