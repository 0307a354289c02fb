"""Atom 1.0 (RFC 4287), with deleted-entry elements (RFC 6721) for what was withdrawn.

Beside its tombstone a withdrawn entry stays as a notice: readers that know tombstones pass over an entry that is not
newer than its tombstone (RFC 6721 3), the others show the notice in the article's place.
"""

from dataclasses import replace
from datetime import tzinfo
from functools import lru_cache
from typing import Any

from .. import __version__, urls
from ..cut import Cut
from ..model import Entry, Feed, Person, Tombstone
from ..urls import Urls
from . import _feedgen, article
from ._feedgen import element
from .members import without_empty

SUFFIX = "atom"


def render(feed: Feed, base: Urls) -> Cut:
    links = [
        element(
            "link", {"rel": "self", "type": "application/atom+xml", "href": base.absolute(urls.feed(feed.path, SUFFIX))}
        ),
        element("link", {"rel": "alternate", "type": "text/html", "href": base.absolute(urls.HOME)}),
    ]
    if feed.hub:
        links.append(element("link", {"rel": "hub", "href": feed.hub}))  # WebSub 4
    prefixes = ("at", "sy") if feed.tombstones else ("sy",)
    made = _feedgen.generator(prefixes, feed.updated, __version__, [*links, *_feedgen.pace(feed.cadence)])
    made.id(feed.id)
    made.title(feed.title)
    made.subtitle(feed.description)
    made.language(feed.language)
    made.author(_person(feed.author))
    made.icon(feed.icon)
    made.logo(feed.logo)
    made.rights(feed.rights)
    frame = _feedgen.frame(made.atom_str(pretty=True), base.href(urls.FEED_STYLE), "feed")
    tombstones = {tombstone.ref: tombstone for tombstone in feed.tombstones}
    parts = (_parts(entry, tombstones.get(entry.id), feed.zone, base) for entry in feed.entries)
    return replace(frame, entries=tuple(parts))


@lru_cache(article.CACHE_SIZE)
def _parts(entry: Entry, tombstone: Tombstone | None, zone: tzinfo, base: Urls) -> bytes:
    """The entry behind its own tombstone: they are told together, or not at all."""
    deleted = [_deleted(tombstone)] if tombstone else []
    made = _feedgen.generator(("at", "sy") if tombstone else ("sy",), entry.updated, __version__, deleted)
    made.id(entry.id)
    made.title("-")
    added = _feedgen.entry(made, entry.updated, entry.published, _links(entry, base), {"xml:lang": entry.language})
    added.id(entry.id)
    added.title(entry.title)
    added.summary(entry.summary)
    added.content(article.content(entry, zone), type="html")
    for author in entry.authors:
        added.author(_person(author))
    for contributor in entry.contributors:
        added.contributor(_person(contributor))
    for category in entry.categories:
        added.category({"term": category.term, "scheme": base.scheme(category.scheme), "label": category.label})
    added.rights(entry.rights)
    return _feedgen.elements(made.atom_str(pretty=True), "at:deleted-entry", "entry")


def _deleted(tombstone: Tombstone) -> Any:
    """RFC 6721 3."""
    comment = element("at:comment", {"xml:lang": tombstone.language}, tombstone.comment)
    return element("at:deleted-entry", {"ref": tombstone.ref, "when": tombstone.when.isoformat()}, children=[comment])


def _links(entry: Entry, base: Urls) -> list[Any]:
    """RFC 4287 4.2.7. An enclosure's duration has no attribute there."""
    links = [
        element(
            "link",
            {"rel": "alternate", "type": "text/html", "hreflang": entry.language, "href": base.absolute(entry.path)},
        )
    ]
    if entry.link:
        links.append(element("link", {"rel": "related", "href": entry.link}))
    for enclosure in entry.enclosures:
        links.append(
            element(
                "link",
                {
                    "rel": "enclosure",
                    "type": enclosure.type,
                    "length": str(enclosure.length),
                    "title": enclosure.title,
                    "href": enclosure.url,
                },
            )
        )
    return links


def _person(person: Person) -> dict[str, str]:
    return without_empty({"name": person.name, "email": person.email, "uri": person.url})
