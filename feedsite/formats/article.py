"""The article as one fragment of HTML, the same in every feed; on its page with addresses and pictures for there."""

from functools import lru_cache
from unicodedata import east_asian_width

from ..languages import direction
from ..model import Entry
from ..parsing import figures
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


def lengths(entry: Entry) -> str:
    """How much is written above the text, in letters, as a style attribute: by it the style sheet sizes the picture, so
    that the first words are seen at once; "" without a picture. A letter of Chinese or Japanese is as wide as two.
    """
    if (image := entry.image) is None:
        return ""
    written = {
        "title": entry.title,
        "standfirst": entry.summary if entry.is_summary_written else "",
        "caption": f"{image.caption or ''}{image.credit or ''}",
        "corrections": "".join(correction.note for correction in entry.corrections),
    }
    return ";".join(f"--{name}:{_breadth(text)}" for name, text in written.items() if text)


def _breadth(text: str) -> int:
    return len(text) if text.isascii() else sum(1 + (east_asian_width(letter) in "WF") for letter in text)


@lru_cache(CACHE_SIZE)  # the page of an article is drawn with its feeds
def _fragment(entry: Entry, words: Words) -> str:
    joint = figures.joint(entry.image.caption) if entry.image and entry.image.caption else ""
    return OURS.render("content.html", entry=entry, words=words, direction=direction(entry.language), joint=joint)
