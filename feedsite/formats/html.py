"""HTML: pages for people, and the article as every feed carries it. The only door to Jinja.

Every value is escaped where it is printed; only an article's body, sanitised in markup.py, goes in as it is.
"""

import json
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any
from urllib.parse import quote, urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from .. import urls
from ..document import Document, Gone, Moved, Resource
from ..model import Cadence, Entry, Feed, Person
from ..paging import ListPage
from ..settings import Publisher, Settings
from ..wording import day_in_words

MEDIA_TYPE = "text/html; charset=utf-8"
KEPT = 400  # printed entries of each kind: more than a feed has as a rule
LISTED = 10  # articles on the page at a feed's address
# Readers on the web that take an address in a link, as their makers document it.
_READERS = (
    ("Feedly", "https://feedly.com/i/subscription/feed%2F{}"),
    ("Inoreader", "https://www.inoreader.com/?add_feed={}"),
    ("NewsBlur", "https://www.newsblur.com/?url={}"),
    ("Feedbin", "https://feedbin.com/?subscribe={}"),
    ("The Old Reader", "https://theoldreader.com/feeds/subscribe?url={}"),
)
_EACH = {"hourly": "an hour", "daily": "a day", "weekly": "a week", "monthly": "a month", "yearly": "a year"}
_STATIC = {urls.STYLE: "text/css", urls.FEED_STYLE: "text/css", urls.SCRIPT: "text/javascript"}
_RIGHT_TO_LEFT = frozenset(["ar", "ckb", "dv", "fa", "he", "ks", "ps", "sd", "ug", "ur", "yi"])

_JSON = json.JSONEncoder(ensure_ascii=False)
_environment = Environment(
    loader=PackageLoader("feedsite"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,  # else each page asks eight times whether a template has changed since
)


@lru_cache(KEPT)  # for three formats and a page, one after the other
def content(entry: Entry, zone: tzinfo) -> str:
    """The whole article as one fragment, as every feed carries it: its picture, text, corrections, where it points."""
    return _environment.get_template("content.html").render(
        entry=entry, zone=zone, direction=_direction(entry.language)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedLink:
    """A feed as pages tell of it: what its format is called, its media type, where it stands."""

    title: str
    type: str
    path: str


@dataclass(frozen=True, slots=True)
class _Frame:
    """What all pages of a site have in common, drawn once: half of what each would cost."""

    top: Markup
    masthead: Markup
    subscribe: Markup
    foot: Markup


class Pages:
    """Draws the pages of one site. `topics` are the paths of whose changes a hub is told."""

    def __init__(self, settings: Settings, feeds: tuple[FeedLink, ...], topics: AbstractSet[str]) -> None:
        self._settings = settings
        self._feeds = feeds
        self._topics = topics
        self._urls = settings.urls
        parts: Any = _environment.get_template("_frame.html").module
        drawn = (
            parts.top(settings),
            parts.masthead(settings, self._urls, feeds, urls.STYLE),
            parts.subscribe(self._urls, feeds),
            parts.foot(settings),
        )
        self._frame = _Frame(*(Markup(part.removesuffix("\n")) for part in drawn))  # noqa: S704  # each value in it was escaped

    def links(self, path: str) -> tuple[tuple[str, str], ...]:
        """Where changes of what stands there are told (WebSub 4, Discovery)."""
        hub = self._settings.hub
        return (("hub", hub), ("self", self._urls.absolute(path))) if hub and path in self._topics else ()

    def listing(self, page: ListPage, entries: tuple[Entry, ...]) -> Document:
        """The front page, or a page of the archive; newest articles first."""
        return self._document("home.html", page=page, entries=entries, path=page.path)

    def entry(self, entry: Entry, newer: Entry | None, older: Entry | None) -> Resource:
        told = {"entry": entry, "newer": newer, "older": older, "path": entry.path}
        if entry.withdrawal:
            return Gone(self._document("gone.html", **told))
        article = Markup(content(entry, self._settings.timezone))  # noqa: S704  # each value in it was escaped
        linked = Markup(_json_in_html(self._json_ld(entry)))  # noqa: S704
        return self._document("entry.html", content=article, json_ld=linked, **told)

    def feed(self, feed: Feed, link: FeedLink) -> Document:
        """What a person is shown who opens the feed's address in a browser: what it is, and how to subscribe."""
        address = self._urls.absolute(link.path)
        readers = [(name, pattern.format(quote(address, safe=""))) for name, pattern in _READERS]
        listed = feed.entries[:LISTED]
        shown = self._document(
            "feed.html",
            path=link.path,
            link=link,
            address=address,
            readers=readers,
            listed=listed,
            pace=_pace(feed.cadence),
            script=urls.SCRIPT,
        )
        return replace(shown, is_scripted=True)

    def not_found(self) -> Document:
        return self._document("not_found.html", path=urls.NOT_FOUND)

    def moved(self, path: str) -> Moved:
        """A notice that the resource stands at `path`; in an export, where no server answers 301, it leads there."""
        return Moved(path, self._urls.href(path), self._document("moved.html", path=path))

    def _document(self, template: str, **told: Any) -> Document:
        text = _environment.get_template(template).render(
            site=self._settings,
            urls=self._urls,
            zone=self._settings.timezone,
            feeds=self._feeds,
            frame=self._frame,
            **told,
        )
        return Document(text.encode(), MEDIA_TYPE, self.links(told["path"]))

    def _json_ld(self, entry: Entry) -> dict[str, Any]:
        """schema.org's NewsArticle."""
        address = self._urls.absolute(entry.path)
        publisher = self._settings.publisher
        members = {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "@id": address,
            "mainEntityOfPage": address,
            "headline": entry.title,
            "description": entry.summary,
            "image": [entry.image.src] if entry.image else None,
            "datePublished": entry.published.isoformat(),
            "dateModified": entry.updated.isoformat(),
            "inLanguage": entry.language,
            "articleSection": entry.section and entry.section.label,
            "keywords": [tag.label for tag in entry.tags],
            "author": [
                said({"@type": _kind_of(author, publisher), "name": author.name, "url": author.url})
                for author in entry.authors
            ],
            "publisher": said(
                {"@type": "NewsMediaOrganization", "name": publisher.name, "url": publisher.url, "logo": publisher.logo}
            ),
            "correction": [correction.note for correction in entry.corrections],
        }
        return said(members)


@cache
def static() -> dict[str, Document]:
    """Style and script of every site, by path."""
    folder = files("feedsite") / "static"
    return {
        path: Document((folder / path.rpartition("/")[2]).read_bytes(), f"{kind}; charset=utf-8")
        for path, kind in _STATIC.items()
    }


def _pace(cadence: Cadence) -> str:
    """About 3 articles a day"""
    return f"About {cadence.frequency} {'article' if cadence.frequency == 1 else 'articles'} {_EACH[cadence.period]}"


def _kind_of(author: Person, publisher: Publisher) -> str:
    return "NewsMediaOrganization" if author.name == publisher.name else "Person"


def said(members: dict[str, Any]) -> dict[str, Any]:
    """The members that hold anything."""
    return {name: value for name, value in members.items() if value not in (None, "", [])}


def _json_in_html(members: dict[str, Any]) -> str:
    """JSON that cannot end the script element it stands in."""
    text = _JSON.encode(members)
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _absolute(path: str, site: urls.Urls) -> str:
    return site.absolute(path)


def _href(path: str, site: urls.Urls) -> str:
    return site.href(path)


def _direction(language: str) -> str:
    return "rtl" if language.partition("-")[0] in _RIGHT_TO_LEFT else "ltr"


def _day(moment: datetime, zone: tzinfo) -> str:
    return day_in_words(moment.astimezone(zone).date())


def _span(first: datetime, last: datetime, zone: tzinfo) -> str:
    """5 July 2021 to 9 July 2021"""
    days = _day(first, zone), _day(last, zone)
    return days[0] if days[0] == days[1] else " to ".join(days)


def _minute(moment: datetime, zone: tzinfo) -> str:
    """5 July 2021, 09:30 (UTC+8)"""
    local = moment.astimezone(zone)
    offset = local.utcoffset() or timedelta()
    minutes = abs(int(offset.total_seconds())) // 60
    sign = "−" if offset < timedelta() else "+"
    name = f"UTC{sign}{minutes // 60}" + (f":{minutes % 60:02}" if minutes % 60 else "") if minutes else "UTC"
    return f"{_day(moment, zone)}, {local:%H:%M} ({name})"


def _host(address: str) -> str:
    return (urlsplit(address).hostname or address).removeprefix("www.")


# Filters, also where a method would do: a template calls them several times as fast.
_environment.filters.update(
    absolute=_absolute,
    day=_day,
    direction=_direction,
    host=_host,
    href=_href,
    iso=datetime.isoformat,
    minute=_minute,
    span=_span,
)
