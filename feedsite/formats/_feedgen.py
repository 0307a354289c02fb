"""The only door to feedgen 1.0.0, and to lxml, with which it builds. Its quirks, and what is done about each:

- It cannot write the attributes of Atom links, nor most elements that RSS needs. They are added by an extension, which
  is feedgen's own means of adding.
- In Atom its elements have a literal xmlns attribute and no namespace. So elements that are added have none either.
- Its dates for RSS switch the locale of the whole process while they are printed. That function is replaced below.
- It prints a document whole, and all entries anew each time. So a feed without entries, and the entries that are new,
  are printed, and taken out of what it printed by `frame`, `each` and `elements`. The formats cache the entries.
- It prints <, & and > in text as &lt;, &amp; and &gt;, which some RSS readers take for markup. `with_plain_text` puts
  other references in their place.
- A date that is not set it takes from the clock. So `generator` and `entry` take every date as an argument.
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
from ..model import Cadence, Feed
from ..places import path_of
from ..urls import Urls

feedgen.feed.formatRFC2822 = feedgen.entry.formatRFC2822 = format_datetime

GENERATOR = "feedsite"
NAMESPACES = {
    "at": "http://purl.org/atompub/tombstones/1.0",
    "atom": "http://www.w3.org/2005/Atom",
    "fh": "http://purl.org/syndication/history/1.0",
    "dc": "http://purl.org/dc/elements/1.1/",
    "media": "http://search.yahoo.com/mrss/",
    "sy": "http://purl.org/rss/1.0/modules/syndication/",
    "xml": "http://www.w3.org/XML/1998/namespace",
}
Attributes = Mapping[str, str | None]
_TEXT = re.compile(rb"<([\w:]++)(?: [^<>]*+)?+>([^<>]*+)</")  # an element without children, to its end tag
_REFERENCES = {b"&lt;": b"&#x3C;", b"&amp;": b"&#x26;", b"&gt;": b"&#x3E;"}


def element(
    name: str, attributes: Attributes | None = None, text: str | None = None, children: Sequence[Any] = ()
) -> Any:
    """An element. `media:credit` is a name in a namespace of NAMESPACES. Attributes that are None are left out."""
    made = etree.Element(_qualified(name))
    for key, value in (attributes or {}).items():
        if value is not None:
            made.set(_qualified(key), value)
    made.text = text
    made.extend(children)
    return made


class _Additions(BaseEntryExtension):  # type: ignore[misc]  # feedgen has no types
    """Adds elements and attributes for which feedgen has no method, and declares their namespaces in the document."""

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
        """`parent` is <rss> for the feed, whose first child is the channel, and <item> for an entry."""
        return self.extend_atom(parent[0] if parent.tag == "rss" else parent)


def pace(cadence: Cadence) -> list[Any]:
    """How often the feed changes (RDF Site Summary 1.0, module Syndication)."""
    return [
        element("sy:updatePeriod", text=cadence.period),
        element("sy:updateFrequency", text=str(cadence.frequency)),
    ]


def history(feed: Feed) -> list[Any]:
    """RFC 5005 2 and 4: a mark of a complete feed, or of an archive."""
    return [element(f"fh:{feed.history}")] if feed.history else []


def relations(feed: Feed, base: Urls, suffix: str, media_type: str) -> list[tuple[str, str, str]]:
    """The links of a feed to documents of its own format, itself first: each a relation, a type and an address."""
    places_ = (("self", feed.place), *feed.relations)
    return [(name, media_type, base.absolute(path_of(place.of(suffix)), place.query)) for name, place in places_]


def generator(prefixes: tuple[str, ...], updated: datetime, version: str, elements: Sequence[Any]) -> Any:
    """An empty feed with these additional elements; one for each format, for they have different self links."""
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
    """A new last entry of the feed with these additional elements and attributes."""
    added = feed.add_entry(order="append")
    added.register_extension("additions", _Additions)
    added.additions.elements = elements
    added.additions.attributes = attributes or {}
    added.updated(updated)
    added.published(published)
    return added


def frame(document: bytes, style: str, end: str) -> Cut:
    """A document without entries, cut where they belong: before the end tag `end`, which is the last of that name.

    `style` is the address of the style sheet with which a browser shows the feed (W3C xml-stylesheet).
    """
    declaration, _, rest = document.partition(b"\n")
    shown = f'<?xml-stylesheet type="text/css" href="{escape(style)}"?>'.encode()
    place = rest.rindex(b"\n", 0, rest.rindex(f"</{end}>".encode())) + 1
    return Cut(b"\n".join((declaration, shown, rest[:place])), (), rest[place:])


def elements(document: bytes, *names: str) -> bytes:
    """The part of the document from the first element of these names to the end of the last one.

    In what feedgen prints, each element begins a line, and no other < does, for it is escaped in text and attributes.
    """
    either = "|".join(names).encode()
    begin = re.search(rb"^ *<(?:%b)[ >]" % either, document, re.MULTILINE)
    *_, end = re.finditer(rb"^ *</(?:%b)>\n" % either, document, re.MULTILINE)
    return document[begin.start() if begin else 0 : end.end()]


def each(document: bytes, name: str) -> list[bytes]:
    """Each element of this name in the document; nothing stands between them."""
    end = document.rindex(b"</%b>\n" % name.encode()) + len(name) + 4
    begins = [found.start() for found in re.finditer(rb"^ *<%b[ >]" % name.encode(), document[:end], re.MULTILINE)]
    return [document[start:stop] for start, stop in zip(begins, [*begins[1:], end], strict=True)]


def with_plain_text(document: bytes, *html: str) -> bytes:
    """The document with hexadecimal references for <, & and >, as the RSS profile advises for text that is no markup.

    The elements named in `html` stay as they are: their text is HTML.
    """
    markup = {name.encode() for name in html}
    return _TEXT.sub(lambda found: found[0] if found[1] in markup else _in_hexadecimal(found[0]), document)


def _in_hexadecimal(element: bytes) -> bytes:
    """The element with references in its text; in its attributes they stay."""
    if b"&" not in element:
        return element
    tag, end, text = element.partition(b">")  # in an attribute it is written as &gt;
    return tag + end + re.sub(b"&(?:lt|amp|gt);", lambda found: _REFERENCES[found[0]], text)


def _qualified(name: str) -> str:
    prefix, _, local = name.rpartition(":")
    return f"{{{NAMESPACES[prefix]}}}{local}" if prefix else local
