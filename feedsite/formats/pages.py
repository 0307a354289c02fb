"""The pages for people, as HTML. Each has its template in templates/."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from .. import urls
from ..document import Document, Gone, Moved, Resource
from ..model import Cadence, Entry, Feed
from ..paging import ListPage
from ..settings import Settings
from ..wording import counted
from . import article, jsonld, templates

_MEDIA_TYPE = "text/html; charset=utf-8"
_LISTED = 10  # articles on the page at a feed's address
# Readers on the web that take an address in a link, as their makers document it.
_READERS = (
    ("Feedly", "https://feedly.com/i/subscription/feed%2F{}"),
    ("Inoreader", "https://www.inoreader.com/?add_feed={}"),
    ("NewsBlur", "https://www.newsblur.com/?url={}"),
    ("Feedbin", "https://feedbin.com/?subscribe={}"),
    ("The Old Reader", "https://theoldreader.com/feeds/subscribe?url={}"),
)
_EACH = {"hourly": "an hour", "daily": "a day", "weekly": "a week", "monthly": "a month", "yearly": "a year"}


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedLink:
    """A feed as pages link to it: the name of its format, its media type, its path."""

    title: str
    type: str
    path: str


@dataclass(frozen=True, slots=True)
class _Frame:
    """HTML that all pages of a site have in common. It is printed once, for it takes half of the time of each page."""

    top: str
    masthead: str
    subscribe: str
    foot: str


class Pages:
    """Draws the pages of one site. `topics` are the paths whose changes a hub is notified of."""

    def __init__(self, settings: Settings, feeds: tuple[FeedLink, ...], topics: AbstractSet[str]) -> None:
        self._settings = settings
        self._feeds = feeds
        self._topics = topics
        self._urls = settings.urls
        frame = templates.macros("_frame.html")
        parts = (
            frame.top(settings),
            frame.masthead(settings, self._urls, feeds, urls.STYLE),
            frame.subscribe(self._urls, feeds),
            frame.foot(settings),
        )
        self._frame = _Frame(*(templates.safe(part.removesuffix("\n")) for part in parts))

    def links(self, path: str) -> tuple[tuple[str, str], ...]:
        """The hub of a topic and the topic's address, for the Link header (WebSub 4, Discovery)."""
        hub = self._settings.hub
        return (("hub", hub), ("self", self._urls.absolute(path))) if hub and path in self._topics else ()

    def listing(self, page: ListPage, entries: tuple[Entry, ...]) -> Document:
        """The front page, or a page of the archive; newest articles first."""
        return self._document("home.html", page.path, page=page, entries=entries)

    def entry(self, entry: Entry, newer: Entry | None, older: Entry | None) -> Resource:
        """An article's page, with links to its neighbours; of a withdrawn one the notice."""
        if entry.withdrawal:
            return Gone(self._document("gone.html", entry.path, entry=entry))
        return self._document(
            "entry.html",
            entry.path,
            entry=entry,
            newer=newer,
            older=older,
            content=templates.safe(article.content(entry, self._settings.timezone)),
            json_ld=templates.safe(jsonld.news_article(entry, self._settings)),
        )

    def feed(self, feed: Feed, link: FeedLink) -> Document:
        """The page for people who open the feed's address in a browser: what a feed is, and how to subscribe."""
        address = self._urls.absolute(link.path)
        document = self._document(
            "feed.html",
            link.path,
            link=link,
            address=address,
            readers=[(name, pattern.format(quote(address, safe=""))) for name, pattern in _READERS],
            listed=feed.entries[:_LISTED],
            pace=_pace(feed.cadence),
            script=urls.SCRIPT,
        )
        return replace(document, is_scripted=True)

    def not_found(self) -> Document:
        return self._document("not_found.html", urls.NOT_FOUND)

    def moved(self, path: str) -> Moved:
        """A notice that the resource stands at `path`; in an export, where no server answers 301, it leads there."""
        return Moved(path, self._urls.href(path), self._document("moved.html", path))

    def _document(self, template: str, path: str, **values: Any) -> Document:
        text = templates.render(
            template,
            path=path,
            site=self._settings,
            urls=self._urls,
            zone=self._settings.timezone,
            feeds=self._feeds,
            frame=self._frame,
            **values,
        )
        return Document(text.encode(), _MEDIA_TYPE, self.links(path))


def _pace(cadence: Cadence) -> str:
    """About 3 articles a day"""
    return f"About {counted(cadence.frequency, 'article')} {_EACH[cadence.period]}"
