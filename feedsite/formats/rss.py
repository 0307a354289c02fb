"""RSS 2.0 by the RSS Advisory Board's best-practices profile, with elements of content, dc, media, sy and atom."""

from collections.abc import Sequence
from dataclasses import replace
from html import escape
from typing import Any, NamedTuple

from .. import __version__, media, urls
from ..cut import Cut
from ..model import LONG_AGO, Entry, Feed, Picture
from ..urls import Urls
from ..words import Words
from . import _feedgen, article, pictures
from ._feedgen import element
from .printed import PrintedItems

SUFFIX = "rss"
_PREFIXES = ("dc", "media", "sy")
_WIDEST = "144"  # pixels: the most that RSS 2.0 allows a channel's image
_CHANNEL_IMAGES = ("image/gif", "image/jpeg", "image/png")  # all that RSS 2.0 allows


def render(feed: Feed, base: Urls) -> Cut:
    home = base.absolute(feed.place.folder, feed.place.query)
    related = _feedgen.relations(feed, base, SUFFIX, "application/rss+xml")
    links = [element("atom:link", {"rel": name, "type": kind, "href": href}) for name, kind, href in related]
    if feed.hub:
        links.append(element("atom:link", {"rel": "hub", "href": feed.hub}))  # WebSub 4
    pace = _feedgen.pace(feed.cadence)
    prefixes = (*_PREFIXES, "fh") if feed.history else _PREFIXES
    generator = _feedgen.generator(prefixes, feed.updated, __version__, [*links, *_feedgen.history(feed), *pace])
    generator.title(feed.title)
    generator.link(href=home)
    generator.description(feed.description)
    generator.language(feed.language)
    generator.copyright(feed.rights)
    generator.generator(f"{_feedgen.GENERATOR} {__version__}")
    generator.ttl(feed.cadence.ttl)
    if feed.author.email:
        generator.managingEditor(f"{feed.author.email} ({feed.author.name})")
    if picture := next((url for url in (feed.icon, feed.logo) if url and media.type_of(url) in _CHANNEL_IMAGES), None):
        side = _WIDEST if picture == feed.icon else None  # an icon is square
        generator.image(url=picture, title=feed.title, link=home, width=side, height=side)
    printed = _feedgen.with_plain_text(generator.rss_str(pretty=True))
    frame = _feedgen.frame(printed, base.href(urls.FEED_STYLE), "channel")
    keys = [_Key(entry, feed.language, feed.words, base) for entry in feed.entries]
    return replace(frame, entries=_items.each(keys, _printed))


class _Key(NamedTuple):
    """What an item is printed from. `language` is the feed's."""

    entry: Entry
    language: str
    words: Words
    base: Urls


_items: PrintedItems[_Key] = PrintedItems(article.CACHE_SIZE)


def _printed(keys: Sequence[_Key]) -> list[bytes]:
    generator = _feedgen.generator(_PREFIXES, LONG_AGO, __version__, ())
    generator.title("-")
    generator.link(href="-")
    generator.description("-")
    for key in keys:
        _add(generator, *key)
    printed = _feedgen.with_plain_text(generator.rss_str(pretty=True), "description", "content:encoded")
    return _feedgen.each(printed, "item")


def _add(generator: Any, entry: Entry, language: str, words: Words, base: Urls) -> None:
    item = _feedgen.entry(generator, entry.updated, entry.published, _additions(entry, language, base))
    item.guid(entry.id, permalink=False)
    item.title(entry.title)
    item.link(href=base.absolute(entry.path))
    item.description(escape(entry.summary, quote=False))  # the profile: a description is read as HTML
    item.content(article.content(entry, words, base))
    for category in entry.categories:
        item.category({"term": category.label, "scheme": base.scheme(category.scheme)})
    if entry.enclosures:
        first = entry.enclosures[0]  # the profile: one enclosure an item; the others are media:content
        item.enclosure(first.url, str(first.length), first.type)  # and a length of 0 where it is not known


def _additions(entry: Entry, language: str, base: Urls) -> list[Any]:
    added = [element("dc:creator", text=author.name) for author in entry.authors]
    added += [element("dc:contributor", text=person.name) for person in entry.other_contributors]
    if entry.language != language:
        added.append(element("dc:language", text=entry.language))
    if entry.updated != entry.published:
        added.append(element("atom:updated", text=entry.updated.isoformat()))
    if image := entry.image:
        about = [element("media:description", {"type": "plain"}, image.alt)]
        if image.caption:
            about.insert(0, element("media:title", {"type": "plain"}, image.caption))
        if image.credit:
            about.append(element("media:credit", text=image.credit))
        url, size = _picture(entry, image.src, base)
        kind = {"medium": "image", "type": media.type_of(url)}
        added.append(element("media:content", {"url": url} | kind | size, children=about))
        sides = {name: value for name, value in size.items() if name != "fileSize"}
        added.append(element("media:thumbnail", {"url": url} | sides))
    for enclosure in entry.enclosures:
        attributes = {
            "url": enclosure.url,
            "type": enclosure.type,
            **_sides(entry.picture_at(enclosure.url)),
            "fileSize": str(enclosure.length) if enclosure.length else None,
            "duration": None if enclosure.duration is None else str(enclosure.duration),
        }
        added.append(element("media:content", attributes))
    return added


def _picture(entry: Entry, address: str, base: Urls) -> tuple[str, dict[str, str | None]]:
    """Where programs get a picture, and its size as attributes of Media RSS."""
    found = pictures.good(entry, address, base)
    length = str(found.length) if found and found.length else None
    return (found.url if found else address), _sides(found) | {"fileSize": length}


def _sides(picture: Picture | None) -> dict[str, str | None]:
    return {"width": str(picture.shape.width), "height": str(picture.shape.height)} if picture else {}
