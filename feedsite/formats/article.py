"""The article as one fragment of HTML, the same in every feed; on its page with addresses and pictures for there."""

from functools import lru_cache

from ..languages import direction
from ..model import Entry
from ..urls import Urls
from ..words import Words
from . import pictures
from .templates import OURS

CACHE_SIZE = 800  # printed entries in the cache of each format: those of some weeks


@lru_cache(CACHE_SIZE)  # three formats print the same article, one after the other
def content(entry: Entry, words: Words, base: Urls) -> str:
    """The whole article as feeds have it: its picture, text, where it points, its corrections."""
    return pictures.in_feed(_fragment(entry, words), entry, base)


def on_page(entry: Entry, words: Words, base: Urls) -> str:
    """The same as the article's page has it."""
    return pictures.on_page(_fragment(entry, words), entry, base)


@lru_cache(CACHE_SIZE)  # the page of an article is drawn with its feeds
def _fragment(entry: Entry, words: Words) -> str:
    return OURS.render("content.html", entry=entry, words=words, direction=direction(entry.language))
