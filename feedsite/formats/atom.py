"""Atom 1.0 (RFC 4287), with deleted-entry elements (RFC 6721), called tombstones, for withdrawn articles.

A withdrawn entry stays as a notice beside its tombstone. A reader that implements tombstones ignores an entry that is
not newer than its tombstone (RFC 6721 3); any other shows the notice in the article's place.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from .. import __version__, urls
from ..cut import Cut
from ..model import LONG_AGO, Entry, Feed, Person, Tombstone
from ..urls import Urls
from ..words import Words
from . import _feedgen, article
from ._feedgen import element
from .members import without_empty
from .printed import PrintedItems

SUFFIX = "atom"


def render(feed: Feed, base: Urls) -> Cut:
    home = base.absolute(feed.place.folder, feed.place.query)
    related = _feedgen.relations(feed, base, SUFFIX, "application/atom+xml")
    links = [
        *(element("link", {"rel": name, "type": kind, "href": href}) for name, kind, href in related),
        element(
            "link",
            {"rel": "alternate", "type": "text/html", "href": home},
        ),
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
    keys = [_Key(entry, tombstones.get(entry.iri), feed.words, base) for entry in feed.entries]
    return replace(frame, entries=_items.each(keys, _printed))


class _Key(NamedTuple):
    """What an entry is printed from."""

    entry: Entry
    tombstone: Tombstone | None
    words: Words
    base: Urls


_items: PrintedItems[_Key] = PrintedItems(article.CACHE_SIZE)


def _printed(keys: Sequence[_Key]) -> list[bytes]:
    """Each entry, after its tombstone if it has one: a delta has both of them, or neither."""
    others = [key for key in keys if not key.tombstone]
    printed = iter(_feedgen.each(_document(others, []), "entry") if others else [])
    return [_with_tombstone(key, key.tombstone) if key.tombstone else next(printed) for key in keys]


def _with_tombstone(key: _Key, tombstone: Tombstone) -> bytes:
    return _feedgen.elements(_document([key], [_deleted(tombstone)]), "at:deleted-entry", "entry")


def _document(keys: Sequence[_Key], added: list[Any]) -> bytes:
    generator = _feedgen.generator(("at", "sy") if added else ("sy",), LONG_AGO, __version__, added)
    generator.id("-")
    generator.title("-")
    for entry, _, words, base in keys:
        _add(generator, entry, words, base)
    return bytes(generator.atom_str(pretty=True))


def _add(generator: Any, entry: Entry, words: Words, base: Urls) -> None:
    atom_entry = _feedgen.entry(
        generator, entry.updated, entry.published, _links(entry, base), {"xml:lang": entry.language}
    )
    atom_entry.id(entry.iri)
    atom_entry.title(entry.title)
    atom_entry.summary(entry.summary)
    atom_entry.content(article.content(entry, words, base), type="html")
    for author in entry.authors:
        atom_entry.author(_person(author))
    for contributor in entry.other_contributors:
        atom_entry.contributor(_person(contributor))
    for category in entry.categories:
        atom_entry.category({"term": category.term, "scheme": base.scheme(category.scheme), "label": category.label})
    atom_entry.rights(entry.rights)


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
                    "length": str(enclosure.length) if enclosure.length else None,
                    "title": enclosure.title,
                    "href": enclosure.url,
                },
            )
        )
    return links


def _person(person: Person) -> dict[str, str]:
    return without_empty({"name": person.name, "email": person.email, "uri": person.url})
