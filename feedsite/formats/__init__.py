"""The feed formats, one row each. A new format is a module with a `render` and a row here."""

from collections.abc import Callable
from dataclasses import dataclass

from .. import places
from ..collection import Collection
from ..cut import Cut
from ..document import Document
from ..model import Feed
from ..urls import Urls
from . import atom, jsonfeed, rss
from .frames import FeedLink
from .pages import Pages


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedFormat:
    """`suffix` is the end of the feed's path, `title` what people call the format.

    Other software has such a feed at the `former` paths; they lead to ours.
    """

    suffix: str
    title: str
    media_type: str
    render: Callable[[Feed, Urls], Cut]
    former: tuple[str, ...] = ()

    def link(self, collection: Collection) -> FeedLink:
        """The link to a collection's feed in this format."""
        kind = self.media_type.partition(";")[0]
        path = places.feed(collection.path, self.suffix)
        return FeedLink(title=self.title, type=kind, path=path, query=collection.query)

    def document(self, feed: Feed, pages: Pages, collection: Collection) -> Document:
        """The feed in this format."""
        cut = self.render(feed, pages.urls)
        is_topic = collection.is_notified and feed.history != "archive"
        return Document(bytes(cut), self.media_type, pages.links(self.link(collection).path, is_topic=is_topic), cut)

    def page(self, feed: Feed, pages: Pages, collection: Collection) -> Document:
        """The page for people who open the feed's address in a browser."""
        return pages.feed(collection, feed, self.link(collection), feed_links(collection))


FEED_FORMATS = (
    FeedFormat(
        suffix=rss.SUFFIX,
        title="RSS",
        media_type="application/rss+xml; charset=utf-8",
        render=rss.render,
        former=("/feed", "/rss", "/rss.xml", "/feed.xml", "/index.xml"),
    ),
    FeedFormat(
        suffix=atom.SUFFIX,
        title="Atom",
        media_type="application/atom+xml; charset=utf-8",
        render=atom.render,
        former=("/atom", "/atom.xml"),
    ),
    FeedFormat(
        suffix=jsonfeed.SUFFIX,
        title="JSON Feed",
        media_type="application/feed+json; charset=utf-8",
        render=jsonfeed.render,
    ),
)
FORMATS = {form.suffix: form for form in FEED_FORMATS}


def feed_links(collection: Collection) -> tuple[FeedLink, ...]:
    """The links to a collection's feeds in all formats."""
    return tuple(form.link(collection) for form in FEED_FORMATS)
