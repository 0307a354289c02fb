"""The pages of articles, planned, and their aliases, which lead to them."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import cast

from .document import Resource
from .formats.pages import Pages
from .index.edition import Edition
from .index.rows import Row
from .model import Entry
from .planned import Drawing, Planned, fingerprint


class Articles:
    """The articles of one edition. `code` is what all fingerprints depend on, and `common` what those of pages do."""

    def __init__(self, edition: Edition, pages: Pages, code: str, common: str) -> None:
        self._edition = edition
        self._pages = pages
        self._code = code
        self._common = common

    def at(self, path: str, row: Row) -> Drawing:
        """What stands at the address of an article, or at one of its aliases."""
        if path != row.path:
            return Drawing(self.moved(path, row.path, row.source), partial(self._pages.moved, row.path))
        newer, older = self._edition.newer(row), self._edition.older(row)
        draw = partial(_draw, self._edition, self._pages, row, newer, older)
        return Drawing(self._planned(row, newer, older), draw)

    def every(self, is_covered: Callable[[str], bool]) -> Iterator[Planned]:
        """All articles, each with its aliases, but for those at whose place something else stands."""
        for newer, row, older in _with_neighbours(self._edition.all()):
            yield self._planned(row, newer, older)
            for alias in row.aliases:
                if not is_covered(alias):
                    yield self.moved(alias, row.path, row.source)

    def moved(self, path: str, target: str, source: str = "") -> Planned:
        """A path that leads to another one."""
        return Planned(path, fingerprint(self._code, "moved", path, target), source)

    def _planned(self, row: Row, newer: Row | None, older: Row | None) -> Planned:
        faces = [other.face if other else b"" for other in (newer, older)]
        return Planned(row.path, fingerprint(self._common, row.digest, *faces), row.source)


def _draw(edition: Edition, pages: Pages, *rows: Row | None) -> Resource:
    """An article's page; its neighbours' rows follow its own. It refers to no plan: a cycle would be freed late."""
    entry, *neighbours = (edition.entry(row) if row else None for row in rows)
    return pages.entry(cast("Entry", entry), *neighbours)


def _with_neighbours(rows: Iterable[Row]) -> Iterator[tuple[Row | None, Row, Row | None]]:
    """Each row between the next newer and the next older one."""
    newer: Row | None = None
    row: Row | None = None
    for older in rows:
        if row:
            yield newer, row, older
        newer, row = row, older
    if row:
        yield newer, row, None
