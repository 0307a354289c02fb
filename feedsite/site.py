"""The plan: every path of the site, each drawn once, when it is first asked for.

A Site is a value and has two readers, the server and the export. Both ask for paths; neither knows how one is drawn.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import cast

from . import feeds, urls
from .catalogue import Edition
from .document import Document, Moved, Resource
from .formats import FEED_FORMATS, FeedFormat, html
from .model import Feed
from .settings import Settings
from .urls import NOT_FOUND, STYLE

Draw = Callable[[], Resource]


class Site(Mapping[str, Resource]):
    """Every path and what stands there. `until` is when the next scheduled article makes another Site of it.

    `sources` names the entry file that a path stands for, where it stands for one.
    """

    def __init__(
        self,
        plan: Mapping[str, Draw],
        until: datetime | None,
        moved: Callable[[str], Moved],
        sources: Mapping[str, str],
    ) -> None:
        self.until = until
        self.sources = sources
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
    links = []
    draws: dict[str, Draw] = {}
    sources: dict[str, str] = {}
    for form in FEED_FORMATS:
        path = urls.feed(newest.path, form.suffix)
        draws[path] = partial(_drawn, form, newest, settings)
        links.append(html.FeedLink(title=form.title, type=form.media_type.partition(";")[0], path=path))
    pages = html.Pages(settings, tuple(links))
    for home in pages.home_pages(entries):
        draws[home.path] = partial(pages.home, home)
    for number, entry in enumerate(entries):
        newer = entries[number - 1] if number else None
        older = entries[number + 1] if number + 1 < len(entries) else None
        draws[entry.path] = partial(pages.entry, entry, newer, older)
        sources[entry.path] = entry.source
    draws[STYLE] = pages.style
    draws[NOT_FOUND] = pages.not_found
    draws.update(media)
    sources.update((path, path.lstrip("/")) for path in media)
    for entry in entries:
        for alias in entry.aliases:
            draws.setdefault(alias, partial(pages.moved, entry.path))
            sources.setdefault(alias, entry.source)
    return Site(draws, edition.until, pages.moved, sources)


def _drawn(form: FeedFormat, feed: Feed, settings: Settings) -> Document:
    return Document(form.render(feed, settings.urls), form.media_type, feed.updated)
