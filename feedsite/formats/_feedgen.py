"""The only door to feedgen 1.0.0 (and to lxml, in which it builds). Its quirks are met here:

- It writes neither the attributes of Atom links nor most of what RSS needs: what it lacks is a tuple of elements, added
  through an extension, which is feedgen's own way of adding.
- In Atom its elements have no namespace but a literal xmlns attribute, so that additions there go by their bare names.
- Its dates for RSS switch the process's locale while they are made, which no thread may see: replaced below.
- It prints a document whole, and all its entries anew: `frame` and `elements` take apart what it prints of a feed
  without entries, and of each entry alone, which is kept for as long as the entry stays as it is.
- Whatever is left unset it takes from the clock, so that `generator` and `entry` take every date as an argument.
- feedgen.util and feedgen.ext cannot be imported before feedgen.feed.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from email.utils import format_datetime
from html import escape
from typing import Any

import feedgen.entry
import feedgen.feed
from feedgen.ext.base import BaseEntryExtension
from lxml import etree

from ..cut import Cut
from ..model import Cadence

feedgen.feed.formatRFC2822 = feedgen.entry.formatRFC2822 = format_datetime

GENERATOR = "feedsite"
NAMESPACES = {
    "at": "http://purl.org/atompub/tombstones/1.0",
    "atom": "http://www.w3.org/2005/Atom",
    "dc": "http://purl.org/dc/elements/1.1/",
    "media": "http://search.yahoo.com/mrss/",
    "sy": "http://purl.org/rss/1.0/modules/syndication/",
    "xml": "http://www.w3.org/XML/1998/namespace",
}
Attributes = Mapping[str, str | None]


def element(
    name: str, attributes: Attributes | None = None, text: str | None = None, children: Sequence[Any] = ()
) -> Any:
    """An element; `media:credit` stands for the name in that namespace, attributes that are None are left out."""
    made = etree.Element(_qualified(name))
    for key, value in (attributes or {}).items():
        if value is not None:
            made.set(_qualified(key), value)
    made.text = text
    made.extend(children)
    return made


class _Additions(BaseEntryExtension):  # type: ignore[misc]  # feedgen has no types
    """Elements and attributes that feedgen has no method for, and the namespaces that the document declares."""

    def __init__(self) -> None:
        self.prefixes: tuple[str, ...] = ()
        self.elements: Sequence[Any] = ()
        self.attributes: Attributes = {}

    def extend_ns(self) -> dict[str, str]:
        return {prefix: NAMESPACES[prefix] for prefix in self.prefixes}

    def extend_atom(self, parent: Any) -> Any:
        for key, value in self.attributes.items():
            parent.set(_qualified(key), value)
        parent.extend(self.elements)
        return parent

    def extend_rss(self, parent: Any) -> Any:
        """feedgen hands over <rss> for the feed and <item> for an entry."""
        return self.extend_atom(parent[0] if parent.tag == "rss" else parent)


def pace(cadence: Cadence) -> list[Any]:
    """How often it pays to ask (RDF Site Summary 1.0, module Syndication)."""
    return [
        element("sy:updatePeriod", text=cadence.period),
        element("sy:updateFrequency", text=str(cadence.frequency)),
    ]


def generator(prefixes: tuple[str, ...], updated: datetime, version: str, elements: Sequence[Any]) -> Any:
    """An empty feed with these additions. One for each format: their self links would mix otherwise."""
    feed = feedgen.feed.FeedGenerator()
    feed.register_extension("additions", _Additions, None)
    feed.additions.prefixes = prefixes
    feed.additions.elements = elements
    feed.generator(generator=GENERATOR, version=version)
    feed.updated(updated)
    return feed


def entry(
    feed: Any, updated: datetime, published: datetime, elements: Sequence[Any], attributes: Attributes | None = None
) -> Any:
    """A new last entry of the feed with these additions."""
    added = feed.add_entry(order="append")
    added.register_extension("additions", _Additions)
    added.additions.elements = elements
    added.additions.attributes = attributes or {}
    added.updated(updated)
    added.published(published)
    return added


def frame(document: bytes, style: str, end: str) -> Cut:
    """A document without entries, cut where they will stand: before the end tag of this name, which is the last but
    the root's. `style` shows it in a browser (W3C xml-stylesheet).
    """
    declaration, _, rest = document.partition(b"\n")
    shown = f'<?xml-stylesheet type="text/css" href="{escape(style)}"?>'.encode()
    place = rest.rindex(b"\n", 0, rest.rindex(f"</{end}>".encode())) + 1
    return Cut(b"\n".join((declaration, shown, rest[:place])), (), rest[place:])


def elements(document: bytes, *names: str) -> bytes:
    """The outermost elements of these names, with what stands between them.

    In what feedgen prints an element begins a line, and no other < does: in text and attributes it is escaped.
    """
    either = "|".join(names).encode()
    begin = re.search(rb"^ *<(?:%b)[ >]" % either, document, re.MULTILINE)
    *_, end = re.finditer(rb"^ *</(?:%b)>\n" % either, document, re.MULTILINE)
    return document[begin.start() if begin else 0 : end.end()]


def _qualified(name: str) -> str:
    prefix, _, local = name.rpartition(":")
    return f"{{{NAMESPACES[prefix]}}}{local}" if prefix else local
