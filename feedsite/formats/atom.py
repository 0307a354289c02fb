"""Atom 1.0 (RFC 4287), with deleted-entry elements (RFC 6721), called tombstones, for withdrawn articles.

A withdrawn entry stays as a notice beside its tombstone. A reader that implements tombstones ignores an entry that is
not newer than its tombstone (RFC 6721 3); any other shows the notice in the article's place.
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
    related = _feedgen.relations(feed, base, SUFFIX, "application/atom+xml")
    links = [
        *(element("link", {"rel": name, "type": kind, "href": href}) for name, kind, href in related),
        element("link", {"rel": "alternate", "type": "text/html", "href": base.absolute(feed.place.folder)}),
    ]
    if feed.hub:
        links.append(element("link", {"rel": "hub", "href": feed.hub}))  # WebSub 4
    prefixes = (*("at",) * bool(feed.tombstones), "sy", *("fh",) * bool(feed.history))
    added = [*links, *_feedgen.history(feed), *_feedgen.pace(feed.cadence)]
    generator = _feedgen.generator(prefixes, feed.updated, __version__, added)
    generator.id(feed.id)
    generator.title(feed.title)
    generator.subtitle(feed.description)
    generator.language(feed.language)
    generator.author(_person(feed.author))
    generator.icon(feed.icon)
    generator.logo(feed.logo)
    generator.rights(feed.rights)
    frame = _feedgen.frame(generator.atom_str(pretty=True), base.href(urls.FEED_STYLE), "feed")
    tombstones = {tombstone.ref: tombstone for tombstone in feed.tombstones}
    parts = (_parts(entry, tombstones.get(entry.id), feed.zone, base) for entry in feed.entries)
    return replace(frame, entries=tuple(parts))


@lru_cache(article.CACHE_SIZE)
def _parts(entry: Entry, tombstone: Tombstone | None, zone: tzinfo, base: Urls) -> bytes:
    """The entry after its tombstone, if it has one: a delta has both of them, or neither."""
    deleted = [_deleted(tombstone)] if tombstone else []
    generator = _feedgen.generator(("at", "sy") if tombstone else ("sy",), entry.updated, __version__, deleted)
    generator.id(entry.id)
    generator.title("-")
    atom_entry = _feedgen.entry(
        generator, entry.updated, entry.published, _links(entry, base), {"xml:lang": entry.language}
    )
    atom_entry.id(entry.id)
    atom_entry.title(entry.title)
    atom_entry.summary(entry.summary)
    atom_entry.content(article.content(entry, zone), type="html")
    for author in entry.authors:
        atom_entry.author(_person(author))
    for contributor in entry.contributors:
        atom_entry.contributor(_person(contributor))
    for category in entry.categories:
        atom_entry.category({"term": category.term, "scheme": base.scheme(category.scheme), "label": category.label})
    atom_entry.rights(entry.rights)
    return _feedgen.elements(generator.atom_str(pretty=True), "at:deleted-entry", "entry")


def _deleted(tombstone: Tombstone) -> Any:
    """RFC 6721 3."""
    comment = element("at:comment", {"xml:lang": tombstone.language}, tombstone.comment)
    return element("at:deleted-entry", {"ref": tombstone.ref, "when": tombstone.when.isoformat()}, children=[comment])


def _links(entry: Entry, base: Urls) -> list[Any]:
    """RFC 4287 4.2.7, which has no attribute for an enclosure's duration."""
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
