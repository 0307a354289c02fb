"""OPML 2.0: the feeds of a site in one file, which feed readers import.

Each outline leads to the feed in RSS: every program that reads OPML takes that, and some podcast applications take
nothing else. The type of an outline is "rss" whatever format its feed has (OPML 2.0, Subscription lists).
"""

from collections.abc import Iterable, Iterator
from html import escape

from .. import places
from ..collection import EVERYTHING, Collection
from ..settings import Settings
from . import rss

MEDIA_TYPE = "text/x-opml; charset=utf-8"


def render(groups: Iterable[tuple[str, Iterable[Collection]]], settings: Settings) -> bytes:
    """The collections by their groups, each with its heading."""
    return "\n".join(_lines(groups, settings)).encode()


def _lines(groups: Iterable[tuple[str, Iterable[Collection]]], settings: Settings) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield '<opml version="2.0">'
    yield "<head>"
    yield f"<title>{escape(settings.title)}</title>"
    yield f"<ownerName>{escape(settings.publisher.name)}</ownerName>"
    yield "<docs>https://opml.org/spec2.opml</docs>"
    yield "</head>"
    yield "<body>"
    for heading, collections in groups:
        words = settings.words.text(heading)
        yield f"<outline{_attributes(text=words, title=words)}>"
        for collection in collections:
            yield _outline(collection, settings)
        yield "</outline>"
    yield "</body>"
    yield "</opml>\n"


def _outline(collection: Collection, settings: Settings) -> str:
    base, is_whole = settings.urls, collection.key == EVERYTHING
    title = settings.title if is_whole else f"{collection.title} · {settings.title}"
    attributes = _attributes(
        type="rss",
        text=settings.title if is_whole else collection.title,
        title=title,
        xmlUrl=base.absolute(places.feed(collection.path, rss.SUFFIX)),
        htmlUrl=base.absolute(collection.path),
        language=collection.language,
    )
    return f"<outline{attributes}/>"


def _attributes(**values: str) -> str:
    return "".join(f' {name}="{escape(value)}"' for name, value in values.items())
