"""What each format says of one article, read from the very bytes that it prints."""

import json
from collections.abc import Callable, Iterable, Iterator
from html.parser import HTMLParser
from typing import NamedTuple
from xml.etree import ElementTree as ET

from .. import feeds
from ..collection import Collection
from ..cut import Cut
from ..formats import FORMATS, atom, jsonfeed, rss
from ..model import Entry
from ..settings import Settings

PAGE = "html"
NAMES = {rss.SUFFIX: "RSS", atom.SUFFIX: "Atom", jsonfeed.SUFFIX: "JSON Feed", PAGE: "page"}
WORDS = ("title", "summary", "picture", "files")
_Values = dict[str, str]
_ATOM, _MEDIA = "{http://www.w3.org/2005/Atom}", "{http://search.yahoo.com/mrss/}"


class Saying(NamedTuple):
    """What some formats say alike of an article: a word of WORDS, its value, and their names."""

    word: str
    value: str
    formats: tuple[str, ...]


def feed_of(entry: Entry, suffix: str, everything: Collection, settings: Settings) -> Cut:
    """A feed of this format that has the article alone, as every feed of this format has it."""
    return FORMATS[suffix].render(feeds.feed(everything, (entry,), settings), settings.urls)


def sayings(entry: Entry, page: bytes, everything: Collection, settings: Settings) -> Iterator[Saying]:
    """All that is said, in the order of WORDS; formats that agree are named together, all of them not at all."""
    said = {suffix: read(bytes(feed_of(entry, suffix, everything, settings))) for suffix, read in _READERS.items()}
    said[PAGE] = _of_page(page)
    for word in WORDS:
        values: dict[str, list[str]] = {}
        for suffix, found in said.items():
            if found.get(word):
                values.setdefault(found[word], []).append(NAMES[suffix])
        for value, names in values.items():
            yield Saying(word, value, () if len(names) == len(said) else tuple(names))


def _of_rss(feed: bytes) -> _Values:
    item = ET.fromstring(feed).find("channel/item")  # noqa: S314  # what we printed ourselves
    if item is None:
        return {}
    picture = item.find(f"{_MEDIA}thumbnail")
    return {
        "title": item.findtext("title", ""),
        "summary": item.findtext("description", ""),
        "picture": "" if picture is None else picture.get("url", ""),
        "files": _listed((one.get("url"), one.get("type"), one.get("length")) for one in item.iter("enclosure")),
    }


def _of_atom(feed: bytes) -> _Values:
    """Atom has no element for a picture; it stands in the text."""
    entry = ET.fromstring(feed).find(f"{_ATOM}entry")  # noqa: S314  # what we printed ourselves
    if entry is None:
        return {}
    links = entry.findall(f"{_ATOM}link[@rel='enclosure']")
    return {
        "title": entry.findtext(f"{_ATOM}title", ""),
        "summary": entry.findtext(f"{_ATOM}summary", ""),
        "files": _listed((one.get("href"), one.get("type"), one.get("length")) for one in links),
    }


def _of_json(feed: bytes) -> _Values:
    (item,) = json.loads(feed)["items"]
    attached = item.get("attachments", ())
    return {
        "title": item.get("title", ""),
        "summary": item.get("summary", ""),
        "picture": item.get("image", ""),
        "files": _listed((one["url"], one["mime_type"], one.get("size_in_bytes")) for one in attached),
    }


_READERS: dict[str, Callable[[bytes], _Values]] = {
    rss.SUFFIX: _of_rss,
    atom.SUFFIX: _of_atom,
    jsonfeed.SUFFIX: _of_json,
}


class _Head(HTMLParser):
    """The `meta` elements of a page, by their names."""

    def __init__(self) -> None:
        super().__init__()
        self.found: _Values = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "meta" and (name := given.get("property") or given.get("name")):
            self.found.setdefault(name, given.get("content", ""))


def _of_page(page: bytes) -> _Values:
    """What search engines, and places where a link is shared, are told. The text of the page has more."""
    head = _Head()
    head.feed(page.decode())
    found = head.found
    return {
        "title": found.get("og:title", ""),
        "summary": found.get("description", ""),
        "picture": found.get("og:image", ""),
    }


def _listed(files: Iterable[tuple[object, object, object]]) -> str:
    """Addresses, each with its type and its size in bytes."""
    sizes = ((url, kind, f", {size} bytes" if size not in (None, "0") else "") for url, kind, size in files)
    return " ".join(f"{url} ({kind}{size})" for url, kind, size in sizes)
