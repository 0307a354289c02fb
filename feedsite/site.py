"""The plan: every path of the site, each drawn once, when it is first asked for.

A Site is a value and has two readers, the server and the export. Both ask for paths; neither knows how one is drawn.
"""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from typing import cast

from . import feeds, urls
from .catalogue import Edition
from .document import Document, Moved, Resource
from .formats import FEED_FORMATS, FeedFormat, html
from .model import Feed
from .reading.settings import Settings
from .urls import NOT_FOUND

Draw = Callable[[], Resource]
_PACKERS = 2  # threads; each one more costs a worker several megabytes for ever


class Site(Mapping[str, Resource]):
    """Every path and what stands there. `until` is when the next scheduled article makes another Site of it.

    `sources` names the entry file that a path stands for, where it stands for one. `topics` are the paths whose changes
    a hub is told of (WebSub 2): the feeds, the front page, and the articles in the feeds. `polled` are those that
    programs ask for again and again.
    """

    def __init__(
        self,
        plan: Mapping[str, Draw],
        until: datetime | None,
        moved: Callable[[str], Moved],
        sources: Mapping[str, str],
        topics: tuple[str, ...] = (),
        polled: tuple[str, ...] = (),
    ) -> None:
        self.until = until
        self.sources = sources
        self.topics = topics
        self.polled = polled
        self._plan = plan
        self._moved = moved
        self._drawn: dict[str, Resource] = {}

    def __getitem__(self, path: str) -> Resource:
        """Two threads may draw the same path at once: both drawings are equal, the first is kept."""
        if (drawn := self._drawn.get(path)) is None:
            drawn = self._drawn.setdefault(path, self._plan[path]())
        return drawn

    def __iter__(self) -> Iterator[str]:
        return iter(self._plan)

    def __len__(self) -> int:
        return len(self._plan)

    def prepare(self) -> None:
        """Draws and packs now what pollers ask for, so that no request waits for it."""
        with ThreadPoolExecutor(_PACKERS) as pool:  # while one is drawn, the last is packed
            tasks = [
                pool.submit(task)
                for path in self.polled
                if isinstance(resource := self[path], Document)
                for task in resource.preparations()
            ]
        for task in tasks:
            task.result()

    @property
    def not_found(self) -> Document:
        """What is told where nothing stands."""
        return cast("Document", self[NOT_FOUND])

    def find(self, path: str) -> Resource | None:
        """What stands at the path, or where it stands with or without its last slash; None where nothing does."""
        if found := self.get(path):
            return found
        other = path.rstrip("/") if path.endswith("/") else f"{path}/"
        found = self.get(other)
        return self._moved(other) if isinstance(found, Document) else found


def plan(edition: Edition, settings: Settings, media: Mapping[str, Draw]) -> Site:
    """Everything that is public in this edition. `media` are the site's own pictures and recordings, by path."""
    entries = edition.entries
    newest = feeds.newest(edition, settings)
    links = [
        html.FeedLink(
            title=form.title, type=form.media_type.partition(";")[0], path=urls.feed(newest.path, form.suffix)
        )
        for form in FEED_FORMATS
    ]
    polled = (*(link.path for link in links), urls.HOME)
    topics = (
        *polled,
        *(entry.path for entry in newest.entries if not entry.withdrawal),
    )  # a hub takes 410 for an error
    pages = html.Pages(settings, tuple(links), frozenset(topics))
    draws: dict[str, Draw] = {}
    sources: dict[str, str] = {}
    for form, link in zip(FEED_FORMATS, links, strict=True):
        draws[link.path] = partial(_drawn, form, newest, link, pages, settings)
        for former in form.former:
            draws[former] = partial(pages.moved, link.path)
    for home in pages.home_pages(entries):
        draws[home.path] = partial(pages.home, home)
    for number, entry in enumerate(entries):
        newer = entries[number - 1] if number else None
        older = entries[number + 1] if number + 1 < len(entries) else None
        draws[entry.path] = partial(pages.entry, entry, newer, older)
        sources[entry.path] = entry.source
    for path, document in html.static().items():
        draws[path] = partial(_as_it_is, document)
    draws[NOT_FOUND] = pages.not_found
    draws.update(media)
    sources.update((path, path.lstrip("/")) for path in media)
    for entry in entries:
        for alias in entry.aliases:
            draws.setdefault(alias, partial(pages.moved, entry.path))
            sources.setdefault(alias, entry.source)
    return Site(draws, edition.until, pages.moved, sources, topics, (*polled, urls.STYLE, NOT_FOUND))


def _drawn(form: FeedFormat, feed: Feed, link: html.FeedLink, pages: html.Pages, settings: Settings) -> Document:
    cut = form.render(feed, settings.urls)
    links = pages.links(link.path)
    return Document(bytes(cut), form.media_type, feed.updated, links, cut, pages.feed(feed, link))


def _as_it_is(document: Document) -> Document:
    return document
