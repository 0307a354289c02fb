"""What a subscriber reads out of a feed: each entry's id, and a mark of all that the entry says."""

import json
from collections.abc import Callable
from functools import cache
from xml.etree import ElementTree as ET

Entries = frozenset[tuple[str, int]]
UNREADABLE = (ET.ParseError, ValueError, KeyError)  # what `entries` raises where a document is no feed
_ATOM = "{http://www.w3.org/2005/Atom}"


@cache
def entries(document: bytes, suffix: str) -> Entries:
    return _READERS[suffix](document)


@cache
def merged(held: Entries, news: Entries) -> Entries:
    """As readers do it: what is known is replaced, what is new is added, nothing is lost."""
    return frozenset((dict(held) | dict(news)).items())


@cache
def lost(held: Entries, current: Entries) -> frozenset[str]:
    """The ids of what is in the current feed and not, or not in these words, among what is held."""
    return frozenset(id_ for id_, _ in current - held)


def _rss(document: bytes) -> Entries:
    return _xml(document, "item", "guid")


def _atom(document: bytes) -> Entries:
    return _xml(document, f"{_ATOM}entry", f"{_ATOM}id")


def _xml(document: bytes, entry: str, id_: str) -> Entries:
    return frozenset((found.findtext(id_, ""), _said(found)) for found in ET.fromstring(document).iter(entry))


def _said(element: ET.Element) -> int:
    return hash(
        tuple((part.tag, tuple(sorted(part.attrib.items())), (part.text or "").strip()) for part in element.iter())
    )


def _json(document: bytes) -> Entries:
    items = json.loads(document)["items"]
    return frozenset((item["id"], hash(json.dumps(item, sort_keys=True))) for item in items)


_READERS: dict[str, Callable[[bytes], Entries]] = {"rss": _rss, "atom": _atom, "json": _json}
SUFFIXES = tuple(_READERS)
