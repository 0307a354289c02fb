"""The article as one fragment of HTML, the same in every feed and on its page."""

from datetime import tzinfo
from functools import lru_cache

from ..languages import direction
from ..model import Entry
from .templates import render

CACHE_SIZE = 800  # printed entries in the cache of each format: those of some weeks


@lru_cache(CACHE_SIZE)  # three formats and a page print the same article, one after the other
def content(entry: Entry, zone: tzinfo) -> str:
    """The whole article: its picture, text, where it points, its corrections. Days are those of `zone`."""
    return render("content.html", entry=entry, zone=zone, direction=direction(entry.language))
