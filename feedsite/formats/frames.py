"""What the pages of a site have in common: head, masthead, the offer to subscribe, and foot."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from ..collection import Collection
from ..model import Navigation
from ..settings import Settings
from ..theme import palettes
from . import stylesheet, templates
from .templates import Templates

_MOST = 200  # that are kept: one for most pages, and one for each collection whose pages are drawn just now


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedLink:
    """A feed as pages link to it: the name of its format, its media type, its path; of a search also its query."""

    title: str
    type: str
    path: str
    query: str = ""


FeedLinks = Callable[[Collection], tuple[FeedLink, ...]]  # those of a collection, in all formats


@dataclass(frozen=True, slots=True)
class Frame:
    """HTML that pages have in common. It is printed once for all of them, for it takes half of the time of each."""

    top: str
    masthead: str
    subscribe: str
    foot: str


class Frames:
    """The frames of one site's pages. `feeds` are those of everything; see Pages."""

    def __init__(
        self,
        settings: Settings,
        drawn_by: Templates,
        feeds: tuple[FeedLink, ...],
        sections: tuple[Collection, ...],
        navigation: Navigation,
    ) -> None:
        self._settings = settings
        self._templates = drawn_by
        self._feeds = feeds
        self._sections = sections
        self._navigation = navigation
        self._frames: dict[tuple[str, tuple[FeedLink, ...]], Frame] = {}  # by the collection's path, and the feeds

    def of(self, where: str, feeds: tuple[FeedLink, ...]) -> Frame:
        """That of the pages of the collection at `where`, with the feeds to subscribe to."""
        if not (frame := self._frames.get((where, feeds))):
            if len(self._frames) >= _MOST:
                self._frames.clear()
            frame = self._frames[where, feeds] = self._printed(where, feeds)
        return frame

    def _printed(self, where: str, feeds: tuple[FeedLink, ...]) -> Frame:
        settings, looks, navigation = self._settings, self._settings.theme, self._navigation
        words = settings.words
        style, papers = stylesheet.address(looks, settings.urls), [palette.paper for palette in palettes(looks)]
        of_masthead = (
            settings,
            words,
            settings.urls,
            self._feeds,
            style,
            papers,
            self._sections,
            where,
            navigation.masthead,
        )
        printed = partial(self._templates.macro, "_frame.html")
        parts = (
            printed("top", settings),
            printed("masthead", *of_masthead),
            printed("subscribe", words, settings.urls, feeds),
            printed("foot", settings, words, settings.urls, navigation.footer, where),
        )
        return Frame(*(templates.safe(part.removesuffix("\n")) for part in parts))
