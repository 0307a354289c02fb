"""What somebody searches for, as a value: `rail "night trains" tr* section:world author:"Ann Lee" from:2021-07`.

Every word and phrase must be found, and every named list must have the article. A query has one normal form, by which
the same query has one id as a feed.
"""

import re
import unicodedata
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal
from urllib.parse import parse_qs, quote

from . import searchwords
from .model import FORBIDDEN

FOLDER = "/search/"
LONGEST = 200  # letters of a query
MOST = 12  # words, phrases and lists
NAMES = ("section", "tag", "author", "language")  # of lists
_DATES = ("from", "to")
_MOST_FIELDS = 20  # of a form
_MOST_PAGES = 10000
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂「」『』", '"') | {"：": ":", "＊": "*"})
_PIECE = re.compile(rf'(?:(?P<name>{"|".join((*NAMES, *_DATES))}):)?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')
_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{1,2}))?(?:-([0-9]{1,2}))?")

Why = Literal["empty", "long", "words", "date"]


class NoQueryError(Exception):
    """Why a text is no query: it has no words, is too long, has too many words, or no date where one belongs."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why: Why = why


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that follow each other in the order of `searchwords.words`; of the last one a beginning, `is_beginning`."""

    words: tuple[str, ...]
    is_beginning: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """`text` is its normal form. `lists` are the kinds and the names of lists as they were typed.

    `since` is the first day of those that are meant, and `until` the first one after them.
    """

    text: str
    phrases: tuple[Phrase, ...] = ()
    lists: tuple[tuple[str, str], ...] = ()
    since: date | None = None
    until: date | None = None

    @property
    def field(self) -> str:
        """The query part of its addresses (RFC 3986 3.4)."""
        return f"q={quote(self.text, safe='')}"


def typed(query: str) -> tuple[str, int]:
    """What stands in the fields `q` and `page` of a form; "" for no query, and 1 for no number."""
    try:
        fields = parse_qs(query, max_num_fields=_MOST_FIELDS)
    except ValueError:
        return "", 1
    page = fields.get("page", ["1"])[-1]
    is_number = page.isascii() and page.isdecimal() and len(page) < 6
    return fields.get("q", [""])[-1], max(1, min(int(page), _MOST_PAGES)) if is_number else 1


def read(text: str) -> Query:
    """The query that somebody typed. Raises NoQueryError."""
    if len(text) > 4 * LONGEST:
        raise NoQueryError("long")
    text = FORBIDDEN.sub(" ", unicodedata.normalize("NFC", text.casefold())).translate(_QUOTES)
    text = " ".join(text.split())
    pieces: dict[str, None] = {}
    phrases: list[Phrase] = []
    lists: list[tuple[str, str]] = []
    since = until = None
    for found in _PIECE.finditer(text):
        name, value = found["name"] or "", found["phrase"] if found["word"] is None else found["word"]
        if name in _DATES and value:
            first, after = _days(value)
            since, until = (first, until) if name == "from" else (since, after)
            pieces[f"{name}:{value}"] = None
        elif name and value:
            lists.append((name, value))
            pieces[f"{name}:{_written(value)}"] = None
        elif words := searchwords.words(value or name):
            is_beginning = bool(found["word"]) and value.endswith("*")
            phrases.append(Phrase(words, is_beginning))
            pieces[_written(value or name, is_phrase=found["word"] is None and bool(value))] = None
    if not pieces:
        raise NoQueryError("empty")
    if len(phrases) + len(lists) > MOST:
        raise NoQueryError("words")
    if len(normal := " ".join(pieces)) > LONGEST:
        raise NoQueryError("long")
    return Query(
        text=normal,
        phrases=tuple(dict.fromkeys(phrases)),
        lists=tuple(dict.fromkeys(lists)),
        since=since,
        until=until,
    )


def _written(value: str, *, is_phrase: bool = False) -> str:
    return f'"{value}"' if is_phrase or " " in value else value


def _days(text: str) -> tuple[date, date]:
    """The first day of a year, a month or a day, and the first one after it. Raises NoQueryError."""
    if not (found := _DATE.fullmatch(text)):
        raise NoQueryError("date")
    year, month, day = (int(part) if part else 0 for part in found.groups())
    try:
        first = date(year, month or 1, day or 1)
        last = date(year, month or 12, day or monthrange(year, month or 12)[1])
        return first, last + timedelta(days=1)
    except (ValueError, OverflowError):
        raise NoQueryError("date") from None
