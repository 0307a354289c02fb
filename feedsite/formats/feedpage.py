"""What the pages about feeds say: how often something appears, and which readers on the web take an address."""

from urllib.parse import quote

from ..model import Cadence
from ..words import Words, message, messages

# Readers on the web that take an address in a link, as their makers document it.
_READERS = (
    ("Feedly", "https://feedly.com/i/subscription/feed%2F{}"),
    ("Inoreader", "https://www.inoreader.com/?add_feed={}"),
    ("NewsBlur", "https://www.newsblur.com/?url={}"),
    ("Feedbin", "https://feedbin.com/?subscribe={}"),
    ("The Old Reader", "https://theoldreader.com/feeds/subscribe?url={}"),
)
# How often something appears, by feeds.cadence's periods: for each feed of a list, and as a sentence on its page.
_OFTEN = {
    "hourly": message("about {number} an hour"),
    "daily": message("about {number} a day"),
    "weekly": message("about {number} a week"),
    "monthly": message("about {number} a month"),
    "yearly": message("about {number} a year"),
}
_PACE = {
    "hourly": messages("About {number} article an hour.", "About {number} articles an hour."),
    "daily": messages("About {number} article a day.", "About {number} articles a day."),
    "weekly": messages("About {number} article a week.", "About {number} articles a week."),
    "monthly": messages("About {number} article a month.", "About {number} articles a month."),
    "yearly": messages("About {number} article a year.", "About {number} articles a year."),
}


def readers(address: str) -> list[tuple[str, str]]:
    """The names of readers on the web, and the links by which they subscribe to the feed at an address."""
    return [(name, pattern.format(quote(address, safe=""))) for name, pattern in _READERS]


def often(words: Words, cadence: Cadence) -> str:
    """about 3 a day"""
    return words.text(_OFTEN[cadence.period], number=words.number(cadence.frequency))


def pace(words: Words, cadence: Cadence) -> str:
    """About 3 articles a day."""
    return words.counted(*_PACE[cadence.period], cadence.frequency)
