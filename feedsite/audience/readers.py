"""The reader that a User-Agent names, and the number of subscribers that it claims.

A User-Agent can be any text. The name is shortened and made printable here; each output format escapes it.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote

NAMELESS = "(no User-Agent)"
BROWSERS = "Browsers"
_LONGEST_NAME = 40  # letters
_MOST_KNOWN = 10_000  # User-Agents whose identity is cached
# The name of a reader, and what its User-Agents contain, in lower case and at the beginning of a word. The first row
# that fits counts: services come first, then programs, last the libraries that both are made with.
_READERS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Feedly", ("feedly/", "feedlybot", "feedlyapp")),
    ("Inoreader", ("inoreader",)),
    ("NewsBlur", ("newsblur",)),
    ("Feedbin", ("feedbin",)),
    ("The Old Reader", ("theoldreader",)),
    ("BazQux", ("bazqux",)),
    ("Feedspot", ("feedspot",)),
    ("Feed Wrangler", ("feed wrangler",)),
    ("Netvibes", ("netvibes",)),
    ("Bloglovin", ("bloglovin",)),
    ("Blogtrottr", ("blogtrottr",)),
    ("Superfeedr", ("superfeedr",)),
    ("FeedBurner", ("feedburner",)),
    ("Flipboard", ("flipboard",)),
    ("Dreamwidth", ("dreamwidth",)),
    ("LiveJournal", ("livejournal",)),
    ("YandexBlogs", ("yandexblogs",)),
    ("WordPress", ("wordpress/", "wordpress.com")),
    ("Google Feedfetcher", ("feedfetcher-google",)),
    ("Slack", ("slackbot",)),
    ("Overcast", ("overcast/",)),
    ("Pocket Casts", ("pocketcasts", "pocket casts")),
    ("Apple Podcasts", ("itms", "podcasts/", "podcast/", "balados/", "podcaster/", "%e6%92%ad%e5%ae%a2/")),
    ("AntennaPod", ("antennapod",)),
    ("Podcast Addict", ("podcastaddict", "podcast addict")),
    ("gPodder", ("gpodder",)),
    ("FreshRSS", ("freshrss",)),
    ("Miniflux", ("miniflux",)),
    ("Tiny Tiny RSS", ("tiny tiny rss", "tt-rss")),
    ("Nextcloud News", ("nextcloud-news", "nextcloud news", "owncloud news")),
    ("CommaFeed", ("commafeed",)),
    ("selfoss", ("selfoss",)),
    ("yarr", ("yarr/",)),
    ("NetNewsWire", ("netnewswire",)),
    ("Reeder", ("reeder/",)),
    ("ReadKit", ("readkit",)),
    ("Unread", ("unread rss reader",)),
    ("Fiery Feeds", ("fiery%20feeds", "fiery feeds", "fieryfeeds")),
    ("lire", ("lire/",)),
    ("Vienna", ("vienna/",)),
    ("Feeder", ("spacecowboys",)),
    ("newsboat", ("newsboat", "newsbeuter")),
    ("Liferea", ("liferea",)),
    ("Akregator", ("akregator",)),
    ("RSS Guard", ("rssguard", "rss guard")),
    ("QuiteRSS", ("quiterss",)),
    ("RSSOwl", ("rssowl",)),
    ("Fluent Reader", ("fluent-reader", "fluentreader")),
    ("NewsFlash", ("newsflash", "news_flash")),
    ("Elfeed", ("elfeed",)),
    ("Gnus", ("gnus",)),
    ("rss2email", ("rss2email",)),
    ("rawdog", ("rawdog",)),
    ("Thunderbird", ("thunderbird/", "betterbird/")),
    ("SimplePie", ("simplepie",)),
    ("feedparser", ("feedparser",)),
    ("Python", ("python-requests", "python-urllib", "python-httpx", "aiohttp/", "python/")),
    ("Go", ("go-http-client",)),
    ("curl", ("curl/",)),
    ("Wget", ("wget/",)),
)
_BEGINS = r"(?<![\w/])"  # the beginning of a word that is no part of an address's path
_ANY = re.compile(_BEGINS + f"(?:{'|'.join(re.escape(mark) for _, marks in _READERS for mark in marks)})")
_LISTED = frozenset({NAMELESS, BROWSERS, *(name for name, _ in _READERS)})
# 42 subscribers, 1 subscriber, 15 subscriber(s), 3 readers, 1,234 subscribers; subscribers=42, Subscriber Count: 42.
# A number of ten digits is no claim.
_CLAIM = re.compile(
    r"(?<![\w.,-])([0-9]{1,3}(?:,[0-9]{3}){1,2}|[0-9]{1,9})[ +](?:subscriber|reader)(?:s\b|\(s\)|\b)"
    r"|\bsubscribers?(?: count)?\s?[=:]\s?([0-9]{1,9})(?![0-9])",
    re.IGNORECASE,
)
# Feedbin feed-id:17, Netvibes feedID: 17, The Old Reader feed-id=cead; the address of NewsBlur's page about the feed.
_FEED_ID = re.compile(r"\bfeed-?id\s?[=:]\s?([\w-]{1,40})|newsblur\.com/site/([0-9]{1,20})", re.IGNORECASE | re.ASCII)
_COMPATIBLE = re.compile(r"\bcompatible;? (?!MSIE)\+?([^\s;/()+,][^;/()+,]*)")
_ROBOT = re.compile(r"(?<![\w./@-])[\w.-]*(?:bot|crawler|spider|fetcher|preview|rss|feed)\b[\w.-]*", re.IGNORECASE)
_BROWSER = re.compile(
    r"\b(?:Firefox|Chrome|Chromium|CriOS|FxiOS|Safari|Edge?|OPR|Opera|Trident|MSIE|AppleWebKit|Gecko)\b"
)
_PRODUCT = re.compile(r"([^/;:()]+?) ?(?:[/;:()]|[ -]v?[0-9]+\.[0-9]| - |\+?https?$|$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """`name` is printable. `is_listed` is whether the table has it; else it is a product token (RFC 9110 10.1.5).

    `subscribers` is the number that it claims, None if it claims none. `feed_id` is its own id of the feed, or "".
    """

    name: str
    is_listed: bool
    subscribers: int | None
    feed_id: str


@lru_cache(maxsize=_MOST_KNOWN)
def identify(agent: str) -> Identity:
    """The identity of a User-Agent. All versions of a reader have the same name."""
    claim, feed_id = _CLAIM.search(agent), _FEED_ID.search(agent)
    name = _listed(agent.casefold()) or _product(agent, claims=claim is not None)
    return Identity(
        name=name,
        is_listed=name in _LISTED,
        subscribers=int((claim[1] or claim[2]).replace(",", "")) if claim else None,
        feed_id=(feed_id[1] or feed_id[2]) if feed_id else "",
    )


def printable(text: str, longest: int) -> str:
    """The text in one line of at most `longest` letters, none of which moves a cursor or turns the writing around."""
    words = text[: 4 * longest]
    if not words.isprintable():
        words = "".join(letter if letter.isprintable() else "\ufffd" for letter in words)
    words = " ".join(words.split())
    return words if len(words) <= longest else f"{words[: longest - 1]}…"


def _listed(small: str) -> str | None:
    """The name of the first row of which a mark begins a word; None if there is none."""
    if not _ANY.search(small):  # one search for all marks: invented User-Agents cost no more
        return None
    return next(
        name
        for name, marks in _READERS
        for mark in marks
        if mark in small and re.search(_BEGINS + re.escape(mark), small)
    )


def _product(agent: str, *, claims: bool) -> str:
    """The name of a reader that is not in the table. It does not change with the numbers in the User-Agent."""
    agent = " ".join(_FEED_ID.sub("", _CLAIM.sub("", agent)).split())
    if not agent:
        return NAMELESS
    if agent.startswith(("Mozilla/", "Opera/")):
        if found := _COMPATIBLE.search(agent):
            return _named(found[1])
        if found := _ROBOT.search(agent):
            return _named(found[0])
        if _BROWSER.search(agent) and not claims:
            return BROWSERS
    found = _PRODUCT.match(agent)
    return _named(found[1] if found else agent)


def _named(words: str) -> str:
    return printable(unquote(words).strip(), _LONGEST_NAME) or NAMELESS
