"""Atom 1.0 (RFC 4287), with deleted-entry elements (RFC 6721) for what was withdrawn.

Beside its tombstone a withdrawn entry stays as a notice: readers that know tombstones pass over an entry that is not
newer than its tombstone (RFC 6721 3), the others show the notice in the article's place.
"""

from dataclasses import replace
from typing import Any

from .. import __version__, urls
from ..delta import Cut
from ..model import Entry, Feed, Person
from ..urls import Urls
from . import _feedgen, html
from ._feedgen import element

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
    tombstones = [
        element(
            "at:deleted-entry",
            {"ref": tombstone.ref, "when": tombstone.when.isoformat()},
            children=[element("at:comment", {"xml:lang": tombstone.language}, tombstone.comment)],
        )
        for tombstone in feed.tombstones
    ]
    prefixes = ("at", "sy") if tombstones else ("sy",)
    elements = [*links, *_feedgen.pace(feed.cadence), *tombstones]
    made = _feedgen.generator(prefixes, feed.updated, __version__, elements)
    made.id(feed.id)
    made.title(feed.title)
    made.subtitle(feed.description)
    made.language(feed.language)
    made.author(_person(feed.author))
    made.icon(feed.icon)
    made.logo(feed.logo)
    made.rights(feed.rights)
    for entry in feed.entries:
        _add(made, entry, feed, base)
    cut = _feedgen.cut(made.atom_str(pretty=True), base.href(urls.FEED_STYLE), "at:deleted-entry", "entry")
    return replace(cut, entries=_with_tombstones(cut.entries, feed))


def _with_tombstones(parts: tuple[bytes, ...], feed: Feed) -> tuple[bytes, ...]:
    """Each entry behind its own tombstone: they are told together, or not at all."""
    count = len(feed.tombstones)
    of_entry = dict(zip((tombstone.ref for tombstone in feed.tombstones), parts[:count], strict=True))
    return tuple(of_entry.get(entry.id, b"") + part for entry, part in zip(feed.entries, parts[count:], strict=True))


def _add(made: Any, entry: Entry, feed: Feed, base: Urls) -> None:
    added = _feedgen.entry(made, entry.updated, entry.published, _links(entry, base), {"xml:lang": entry.language})
    added.id(entry.id)
    added.title(entry.title)
    added.summary(entry.summary)
    added.content(html.content(entry, feed.zone), type="html")
    for author in entry.authors:
        added.author(_person(author))
    for contributor in entry.contributors:
        added.contributor(_person(contributor))
    for category in entry.categories:
        added.category({"term": category.term, "scheme": base.scheme(category.scheme), "label": category.label})
    added.rights(entry.rights)


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
    return html.said({"name": person.name, "email": person.email, "uri": person.url})
