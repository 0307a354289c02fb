"""The feed formats, one row each. A new format is a module with a `render` and a row here."""

from collections.abc import Callable
from dataclasses import dataclass

from .. import urls
from ..cut import Cut
from ..document import Document
from ..model import Feed
from ..urls import Urls
from . import atom, jsonfeed, rss
from .pages import FeedLink, Pages


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

    def link(self, path: str) -> FeedLink:
        """The link to the feed that has this path without a suffix."""
        kind = self.media_type.partition(";")[0]
        return FeedLink(title=self.title, type=kind, path=urls.feed(path, self.suffix))

    def document(self, feed: Feed, pages: Pages, base: Urls) -> Document:
        """The feed in this format, with the page for people who open its address in a browser."""
        link = self.link(feed.path)
        cut = self.render(feed, base)
        return Document(bytes(cut), self.media_type, pages.links(link.path), cut, pages.feed(feed, link))


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
