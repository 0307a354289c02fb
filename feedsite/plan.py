"""The plan of a site: every path, a fingerprint of what its document is drawn from, and how it is drawn.

While the fingerprint of a path stays, so does every byte of its document. Whoever adds an ingredient to a document adds
it to the fingerprint (law: `tests/test_site.py`).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import cast

from . import feeds, paging, urls
from .codehash import code_hash
from .digest import digest_of
from .document import Document, Resource
from .folder.mediafiles import Medium
from .formats import FEED_FORMATS, FeedFormat, templates
from .formats.pages import FeedLink, Pages
from .index.edition import Edition, Row
from .model import Entry, Feed
from .paging import ListPage
from .settings import Settings

DRAWN_BY = ("document", "feeds", "formats")  # the modules that draw; every fingerprint depends on their code


@dataclass(frozen=True, slots=True)
class Planned:
    """A path and its fingerprint. `source` is the entry file or picture that is published there, or ""."""

    path: str
    fingerprint: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A path that is planned, with the call that draws its document."""

    planned: Planned
    draw: Callable[[], Resource]


class Plan:
    """The plan of one edition. It reads the index when it is asked; `Edition.index.reading()` around several calls
    makes them one view.

    `topics` are the paths whose changes a hub is notified of (WebSub 2): the feeds, the front page, and the articles in
    the feeds. `polled` are the documents that programs ask for again and again.
    """

    def __init__(self, edition: Edition, settings: Settings, media: Mapping[str, Medium]) -> None:
        self._edition = edition
        self._media = media
        self._window = edition.window(settings.window, feeds.RECENT)
        links = tuple(form.link(feeds.NEWEST) for form in FEED_FORMATS)
        feed_paths = tuple(link.path for link in links)
        articles = (row.path for row in self._window if not row.is_withdrawn)  # a hub takes 410 for an error
        self.topics = (*feed_paths, urls.HOME, *articles)
        self._topics = frozenset(self.topics)
        self.pages = Pages(settings, links, self._topics)
        self._drawer = _Drawer(edition, settings, self.pages, self._window)
        shown = replace(settings, purge=(), ping=False)  # no document shows these two
        self._common = _fingerprint(code_hash(*DRAWN_BY), repr(shown))
        fixed = (*self._feeds(links), *self._pages_of_every_site())
        self._fixed = {drawing.planned.path: drawing for drawing in fixed}
        self.polled = tuple(self._fixed[path] for path in (*feed_paths, urls.HOME, urls.STYLE, urls.NOT_FOUND))

    def __iter__(self) -> Iterator[Planned]:
        """Every path, in one pass over all articles."""
        for drawing in self._fixed.values():
            yield drawing.planned
        yield from self._articles()
        for path, medium in self._media.items():
            yield _medium(path, medium)

    def at(self, path: str) -> Drawing | None:
        """None where nothing is published at the path."""
        if fixed := self._fixed.get(path):
            return fixed
        if number := urls.archive_number(path):
            page = paging.archive_page(number, self._edition.count)
            return self._listing(page) if page else None
        if row := self._edition.at(path):
            if path != row.path:
                return Drawing(self._alias(path, row), partial(self.pages.moved, row.path))
            newer, older = self._edition.newer(row), self._edition.older(row)
            return Drawing(self._article(row, newer, older), partial(self._drawer.article, row, newer, older))
        medium = self._media.get(path)
        return Drawing(_medium(path, medium), medium.draw) if medium else None

    def _feeds(self, links: Iterable[FeedLink]) -> Iterator[Drawing]:
        """The feeds, and the paths that lead to them."""
        digests = [row.digest for row in self._window]
        for form, link in zip(FEED_FORMATS, links, strict=True):
            feed = Planned(link.path, _fingerprint(self._common, form.suffix, *digests))
            yield Drawing(feed, partial(self._drawer.feed, form))
            for former in form.former:
                yield Drawing(self._moved(former, link.path), partial(self.pages.moved, link.path))

    def _pages_of_every_site(self) -> Iterator[Drawing]:
        yield self._listing(paging.front_page(self._edition.count))
        for path, document in templates.static().items():
            yield Drawing(Planned(path, document.digest), partial(_as_it_is, document))
        yield Drawing(Planned(urls.NOT_FOUND, _fingerprint(self._common, urls.NOT_FOUND)), self.pages.not_found)

    def _articles(self) -> Iterator[Planned]:
        """The articles with their aliases, and the archive pages, in one pass."""
        left = count = self._edition.count
        archive: list[Row] = []
        for newer, row, older in _with_neighbours(self._edition.all()):
            yield self._article(row, newer, older)
            for alias in row.aliases:
                yield self._alias(alias, row)
            left -= 1
            number, is_last = divmod(left, paging.PAGE_SIZE)
            if page := paging.archive_page(number + 1, count):
                archive.append(row)
                if not is_last:
                    yield self._list_of(page, archive)
                    archive = []

    def _article(self, row: Row, newer: Row | None, older: Row | None) -> Planned:
        faces = [other.face if other else b"" for other in (newer, older)]
        topic = "topic" if row.path in self._topics else ""
        return Planned(row.path, _fingerprint(self._common, row.digest, *faces, topic), row.source)

    def _alias(self, path: str, row: Row) -> Planned:
        return self._moved(path, row.path, row.source)

    def _moved(self, path: str, target: str, source: str = "") -> Planned:
        return Planned(path, _fingerprint(self._common, "moved", path, target), source)

    def _listing(self, page: ListPage) -> Drawing:
        rows = self._edition.stretch(page.first, page.size)
        return Drawing(self._list_of(page, rows), partial(self._drawer.listing, page, rows))

    def _list_of(self, page: ListPage, rows: Iterable[Row]) -> Planned:
        neighbours = (page.path, page.newer or "", page.older or "")
        return Planned(page.path, _fingerprint(self._common, *neighbours, *(row.face for row in rows)))


class _Drawer:
    """Draws the documents of one edition. It holds no reference to Plan: the cycle would delay freeing both."""

    def __init__(self, edition: Edition, settings: Settings, pages: Pages, window: list[Row]) -> None:
        self._edition = edition
        self._settings = settings
        self._pages = pages
        self._window = window

    def feed(self, form: FeedFormat) -> Document:
        return form.document(self._newest, self._pages, self._settings.urls)

    def article(self, row: Row, newer: Row | None, older: Row | None) -> Resource:
        entry, *neighbours = (self._edition.entry(one) if one else None for one in (row, newer, older))
        return self._pages.entry(cast("Entry", entry), *neighbours)

    def listing(self, page: ListPage, rows: list[Row]) -> Document:
        return self._pages.listing(page, tuple(map(self._edition.entry, rows)))

    @cached_property
    def _newest(self) -> Feed:
        return feeds.newest(tuple(map(self._edition.entry, self._window)), self._settings)


def _medium(path: str, medium: Medium) -> Planned:
    return Planned(path, _fingerprint(medium.mark), path.removeprefix("/"))


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


def _as_it_is(document: Document) -> Document:
    return document


def _fingerprint(*ingredients: str | bytes) -> str:
    """A hash of the ingredients; their quotation marks keep them apart."""
    return digest_of(repr(ingredients).encode(), 12)
