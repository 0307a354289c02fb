"""The article as one fragment of HTML, the same in every feed and on its page."""

from functools import lru_cache

from ..languages import direction
from ..model import Entry
from ..words import Words
from .templates import OURS

CACHE_SIZE = 800  # printed entries in the cache of each format: those of some weeks


@lru_cache(CACHE_SIZE)  # three formats and a page print the same article, one after the other
def content(entry: Entry, words: Words) -> str:
    """The whole article: its picture, text, where it points, its corrections."""
    return OURS.render("content.html", entry=entry, words=words, direction=direction(entry.language))
