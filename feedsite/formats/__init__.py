"""The feed formats, one row each. A new format is a file with a `render` and a row here."""

from collections.abc import Callable
from dataclasses import dataclass

from ..cut import Cut
from ..model import Feed
from ..urls import Urls
from . import atom, jsonfeed, rss


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedFormat:
    """`suffix` is the end of the feed's path, `title` what people call the format.

    At the `former` addresses other software keeps such a feed: who comes from there is led to ours.
    """

    suffix: str
    title: str
    media_type: str
    render: Callable[[Feed, Urls], Cut]
    former: tuple[str, ...] = ()


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
