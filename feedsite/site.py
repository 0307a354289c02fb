"""The plan: every path of the site, each drawn when it is asked for.

A Site has two readers, the server and the export. Both ask for paths; neither knows how one is drawn. Each path has a
fingerprint, made of what its document is made of: as long as that stays, so does every byte of it. Whoever adds an
ingredient to a drawing adds it to the fingerprint (law: `tests/test_site.py`).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import cast

from . import __version__, feeds, paging, urls
from .codehash import code_hash
from .digest import digest_of
from .document import Document, File, Resource
from .documentbytes import from_bytes
from .documentcache import DocumentCache
from .folder.holdings import Medium
from .formats import FEED_FORMATS, FeedFormat, templates
from .formats.pages import FeedLink, Pages
from .index.edition import Edition, Row
from .model import Entry, Feed
from .paging import ListPage
from .settings import Settings
from .urls import NOT_FOUND

_PACKERS = 2  # threads; each one more costs a worker several megabytes for ever
DRAWN_BY = ("document", "feeds", "formats")  # by whose code a drawing becomes what it is


@dataclass(frozen=True, slots=True)
class Planned:
    """A path, the fingerprint of its drawing, and the entry file or picture that it stands for, if for one."""

    path: str
    fingerprint: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class _Drawing:
    fingerprint: str
    draw: Callable[[], Resource]
    source: str = ""


class Site(Mapping[str, Resource]):
    """Everything that is public in one edition, by path.

    `topics` are the paths whose changes a hub is told of (WebSub 2): the feeds, the front page, and the articles in the
    feeds. `polled` are those that programs ask for again and again.
    """

    def __init__(
        self, edition: Edition, settings: Settings, media: Mapping[str, Medium], kept: DocumentCache | None = None
    ) -> None:
        """`kept` holds what was drawn of former editions. Who goes on to draw does so in the same view of the index."""
        with edition.index.reading():
            self._plan(edition, settings, media, kept)

    def _plan(
        self, edition: Edition, settings: Settings, media: Mapping[str, Medium], kept: DocumentCache | None
    ) -> None:
        self._edition = edition
        self._media = media
        self._kept = DocumentCache() if kept is None else kept
        self._prepared: dict[str, Resource] = {}
        self.id = settings.site_id
        self.until = edition.until
        self._window = edition.window(settings.window, feeds.RECENT)
        feed_paths = tuple(urls.feed(feeds.NEWEST, form.suffix) for form in FEED_FORMATS)
        articles = (row.path for row in self._window if not row.is_withdrawn)  # a hub takes 410 for an error
        self.topics = (*feed_paths, urls.HOME, *articles)
        self.polled = (*feed_paths, urls.HOME, urls.STYLE, NOT_FOUND)
        links = [
            FeedLink(title=form.title, type=form.media_type.partition(";")[0], path=path)
            for form, path in zip(FEED_FORMATS, feed_paths, strict=True)
        ]
        self._topics = frozenset(self.topics)
        self._pages = Pages(settings, tuple(links), self._topics)
        self._press = _Press(edition, settings, self._pages, self._window)
        shown = replace(settings, purge=(), ping=False)  # these two change what is told, and nothing that is drawn
        self._ground = _mark(code_hash(*DRAWN_BY, beside=__version__), repr(shown))
        self._fixed = dict(self._of_feeds(links)) | dict(self._of_every_site())

    def __getitem__(self, path: str) -> Resource:
        """Two threads may draw the same path at once: both drawings are equal."""
        if prepared := self._prepared.get(path):
            return prepared
        if (found := self.drawn(path)) is None:
            raise KeyError(path)
        return found[1]

    def drawn(self, path: str) -> tuple[str, Resource] | None:
        """What stands at the path, and the fingerprint of what it was drawn from: the index may have changed since."""
        with self.view():
            if (drawing := self._drawing(path)) is None:
                return None
            if (resource := self._kept.get(path, drawing.fingerprint)) is None:
                resource = drawing.draw()
                self._kept.put(path, drawing.fingerprint, resource)
            return drawing.fingerprint, resource

    def view(self) -> AbstractContextManager[object]:
        """One view of the index for several questions, whatever another process writes meanwhile."""
        return self._edition.index.reading()

    def __iter__(self) -> Iterator[str]:
        return (planned.path for planned in self.fingerprints())

    def __len__(self) -> int:
        return sum(1 for _ in self.fingerprints())

    def fingerprints(self) -> Iterator[Planned]:
        """Every path in one pass, and nothing drawn. Who needs them of one moment asks within `view`."""
        for path, drawing in self._fixed.items():
            yield Planned(path, drawing.fingerprint)
        yield from self._of_articles()
        for path, medium in self._media.items():
            yield Planned(path, self._of_medium(path, medium).fingerprint, path.removeprefix("/"))

    def draw(self) -> list[tuple[Planned, Document]]:
        """Makes ready what pollers ask for, so that no request waits for it; returns what had to be drawn for it.

        What another process drew of the same ingredients, or packed since, is taken over.
        """
        fresh: list[tuple[Planned, Document]] = []
        with self._edition.index.reading():
            for path in self.polled:
                drawing = self._fixed[path]
                resource = self._kept.get(path, drawing.fingerprint)
                if resource is None or not _is_packed(resource):
                    resource = self._taken_over(path, drawing.fingerprint) or resource
                if resource is None:
                    resource = drawing.draw()
                    if isinstance(resource, Document):
                        fresh.append((Planned(path, drawing.fingerprint), resource))
                self._prepared[path] = resource
                self._kept.put(path, drawing.fingerprint, resource)
        return fresh

    @property
    def digests(self) -> dict[str, str]:
        """Of what pollers ask for, once it is drawn."""
        return {path: found.digest for path, found in self._prepared.items() if isinstance(found, Document)}

    def pack(self) -> list[tuple[Planned, Document]]:
        """Makes what was drawn so in every coding, and returns what was not. It takes five times as long to pack."""
        fresh = [
            (Planned(path, self._fixed[path].fingerprint), found)
            for path, found in self._prepared.items()
            if isinstance(found, Document) and not found.is_packed
        ]
        with ThreadPoolExecutor(_PACKERS) as pool:
            tasks = [pool.submit(task) for _, document in fresh for task in document.preparations()]
        for task in tasks:
            task.result()
        return fresh

    @cached_property
    def news(self) -> tuple[tuple[str, str], ...]:
        """The topics, each with what tells its state: as long as this stays, a hub need not be told anything."""
        with self._edition.index.reading():
            drawings = ((path, self._drawing(path)) for path in self.topics)
            return tuple((path, drawing.fingerprint) for path, drawing in drawings if drawing)

    @property
    def not_found(self) -> Document:
        """What is told where nothing stands."""
        return cast("Document", self[NOT_FOUND])

    def find(self, path: str) -> Resource | None:
        """What stands at the path, or where it stands with single slashes, and with or without its last one; None where
        nothing does.
        """
        if found := self.get(path):
            return found
        single = urls.single_slashes(path)
        other = single.rstrip("/") if single.endswith("/") else f"{single}/"
        for place in (single, other):
            if place not in (path, NOT_FOUND) and (found := self.get(place)):
                return self._pages.moved(place) if isinstance(found, Document | File) else found
        return None

    def _drawing(self, path: str) -> _Drawing | None:
        if fixed := self._fixed.get(path):
            return fixed
        if number := urls.archive_number(path):
            page = paging.archive_page(number, self._edition.count)
            return self._listing(page, self._edition.stretch(page.first, page.size)) if page else None
        if row := self._edition.at(path):
            if path != row.path:
                return self._moved(path, row.path, row.source)
            return self._article(row, self._edition.newer(row), self._edition.older(row))
        medium = self._media.get(path)
        return self._of_medium(path, medium) if medium else None

    def _of_feeds(self, links: list[FeedLink]) -> Iterator[tuple[str, _Drawing]]:
        """The feeds, and what leads to them."""
        digests = [row.digest for row in self._window]
        for form, link in zip(FEED_FORMATS, links, strict=True):
            yield link.path, _Drawing(_mark(self._ground, form.suffix, *digests), partial(self._press.feed, form, link))
            for former in form.former:
                yield former, self._moved(former, link.path)

    def _of_every_site(self) -> Iterator[tuple[str, _Drawing]]:
        front = paging.front_page(self._edition.count)
        yield urls.HOME, self._listing(front, self._edition.stretch(front.first, front.size))
        for path, static in templates.static().items():
            yield path, _Drawing(static.digest, partial(_as_it_is, static))
        yield NOT_FOUND, _Drawing(_mark(self._ground, NOT_FOUND), self._pages.not_found)

    def _of_articles(self) -> Iterator[Planned]:
        """The articles with their aliases, and the archive pages, which are cut from the same list."""
        left = count = self._edition.count
        archive: list[Row] = []
        for newer, row, older in _with_neighbours(self._edition.all()):
            yield Planned(row.path, self._article(row, newer, older).fingerprint, row.source)
            for alias in row.aliases:
                yield Planned(alias, self._moved(alias, row.path).fingerprint, row.source)
            left -= 1
            number, is_last = divmod(left, paging.PAGE_SIZE)
            if page := paging.archive_page(number + 1, count):
                archive.append(row)
                if not is_last:
                    yield Planned(page.path, self._listing(page, archive).fingerprint)
                    archive = []

    def _article(self, row: Row, newer: Row | None, older: Row | None) -> _Drawing:
        faces = [other.face if other else b"" for other in (newer, older)]
        told = "topic" if row.path in self._topics else ""
        fingerprint = _mark(self._ground, row.digest, *faces, told)
        return _Drawing(fingerprint, partial(self._press.article, row, newer, older), row.source)

    def _listing(self, page: ListPage, rows: list[Row]) -> _Drawing:
        ends = (page.path, page.newer or "", page.older or "")
        return _Drawing(
            _mark(self._ground, *ends, *(row.face for row in rows)), partial(self._press.listing, page, rows)
        )

    def _moved(self, path: str, target: str, source: str = "") -> _Drawing:
        return _Drawing(_mark(self._ground, "moved", path, target), partial(self._pages.moved, target), source)

    def _of_medium(self, path: str, medium: Medium) -> _Drawing:
        return _Drawing(_mark(medium.mark), medium.draw, path.removeprefix("/"))

    def _taken_over(self, path: str, fingerprint: str) -> Document | None:
        content = self._edition.index.drawn(path, fingerprint)
        return from_bytes(content) if content else None


class _Press:
    """Draws one edition. It knows no Site, for a Site holds drawings, and what holds its holder stays in memory."""

    def __init__(self, edition: Edition, settings: Settings, pages: Pages, window: list[Row]) -> None:
        self._edition = edition
        self._settings = settings
        self._pages = pages
        self._window = window

    def feed(self, form: FeedFormat, link: FeedLink) -> Document:
        cut = form.render(self._newest, self._settings.urls)
        links = self._pages.links(link.path)
        page = self._pages.feed(self._newest, link)
        return Document(bytes(cut), form.media_type, links, cut, page)

    def article(self, row: Row, newer: Row | None, older: Row | None) -> Resource:
        entry, *neighbours = (self._edition.entry(one) if one else None for one in (row, newer, older))
        return self._pages.entry(cast("Entry", entry), *neighbours)

    def listing(self, page: ListPage, rows: list[Row]) -> Document:
        return self._pages.listing(page, tuple(map(self._edition.entry, rows)))

    @cached_property
    def _newest(self) -> Feed:
        return feeds.newest(tuple(map(self._edition.entry, self._window)), self._settings)


def _with_neighbours(rows: Iterable[Row]) -> Iterator[tuple[Row | None, Row, Row | None]]:
    """Each row between its newer and its older one."""
    newer: Row | None = None
    row: Row | None = None
    for older in rows:
        if row:
            yield newer, row, older
        newer, row = row, older
    if row:
        yield newer, row, None


def _is_packed(resource: Resource) -> bool:
    return isinstance(resource, Document) and resource.is_packed


def _as_it_is(found: Document) -> Document:
    return found


def _mark(*ingredients: str | bytes) -> str:
    """A hash of ingredients, which their quotation marks keep apart."""
    return digest_of(repr(ingredients).encode(), 12)
