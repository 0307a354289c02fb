"""What a search finds among the public articles: the newest first, and no more of them than are ever shown."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from ..queries import Phrase
from . import searchwriter
from .connections import Connection
from .index import Index
from .rows import COLUMNS, OUTSIDE_TIME, Row, row_of
from .searchtext import SHORT, beginning_word, collection_word
from .unusable import strange

MOST = 1000  # articles that a search finds; of further ones it is known only that there are any
_LONGEST = 0.05  # seconds that a search may take
_MOST_YEARS = 300
_DAY = 86400  # seconds
_EPOCH = date(1970, 1, 1)
_FIRST_DAY, _LAST_DAY = ((day - _EPOCH).days for day in (date.min, date.max))
_OLDEST = "SELECT row FROM searched WHERE published >= ? ORDER BY published, sort_name LIMIT 1"
_NEWEST = "SELECT row FROM searched WHERE published < ? ORDER BY published DESC, sort_name DESC LIMIT 1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What must be true of an article: it has all phrases, it is of each of the `lists`, which is to be of any of the
    collections in it, by their keys, and its moment in seconds is in [since, until).

    With `has_pages` standing pages are found as well, before the articles, where no time is asked for.
    """

    phrases: tuple[Phrase, ...] = ()
    lists: tuple[tuple[str, ...], ...] = ()
    since: int | None = None
    until: int | None = None
    has_pages: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """The rows of the articles in the search, the newest first, and whether there are more than MOST."""

    places: tuple[int, ...]
    is_more: bool = False


def found(index: Index, asked: Asked, now: int) -> Found:
    """What is found at the second `now`. Raises TooLong (database.py) where it would take too long to find out."""
    with index.database.limited(_LONGEST) as view:
        (oldest,) = view.execute("SELECT min(published) FROM searched").fetchone()
        if oldest is None or not all(asked.lists):
            return Found(())
        has_time = asked.since is not None or asked.until is not None
        since = oldest if asked.since is None else max(oldest, asked.since)
        until = now + 1 if asked.until is None else min(now + 1, asked.until)
        times = [(since, until)] if since < until else []
        if asked.has_pages and not has_time:
            times.insert(0, (OUTSIDE_TIME, OUTSIDE_TIME + 1))
        is_ordered = searchwriter.is_ordered(view)
        lists = [[*map(collection_word, keys)] for keys in asked.lists]
        if has_time and times and not (is_ordered and (asked.phrases or lists)):
            lists.append([*map(collection_word, _dates(since, until))])
        matching = _in_order if is_ordered else _sorted
        places = [place for time in times for place in matching(view, _matched(asked.phrases, lists), *time)]
    return Found(tuple(places[:MOST]), is_more=len(places) > MOST)


def rows(index: Index, places: Iterable[int]) -> list[Row]:
    """The articles in these rows of the search."""
    question = f"SELECT {COLUMNS} FROM searched JOIN file f USING (number) WHERE row = ?"  # noqa: S608  # a constant
    with index.reading() as view:
        try:
            return [row_of(view.execute(question, (place,)).fetchone()) for place in places]
        except (TypeError, ValueError):
            raise strange() from None


def _in_order(view: Connection, matched: dict[str, str], since: int, until: int) -> list[int]:
    """The rows of that time, the newest first, and one more than MOST at most."""
    newest, oldest = (view.execute(*asked).fetchone() for asked in ((_NEWEST, (until,)), (_OLDEST, (since,))))
    if not newest or not oldest:
        return []
    table, *others = matched
    question = (
        f"SELECT rowid FROM {table} WHERE {table} MATCH ? AND rowid BETWEEN ? AND ?{_also(table, others)}"  # noqa: S608  # constants
        " ORDER BY rowid LIMIT ?"
    )
    match, *further = matched.values()
    return [row for (row,) in view.execute(question, (match, *newest, *oldest, *further, MOST + 1))]


def _sorted(view: Connection, matched: dict[str, str], since: int, until: int) -> list[int]:
    """The same where the order of the rows is only nearly that of the moments."""
    table, *others = matched
    question = (
        f"SELECT published, sort_name, row FROM {table} CROSS JOIN searched ON row = {table}.rowid"  # noqa: S608  # constants
        f" WHERE {table} MATCH ? AND published >= ? AND published < ?{_also(table, others)}"
        f" ORDER BY {table}.rowid LIMIT ?"
    )
    match, *further = matched.values()
    found = view.execute(question, (match, since, until, *further, MOST + 1)).fetchall()
    return [row for _, _, row in sorted(found, reverse=True)]


def _also(table: str, others: Iterable[str]) -> str:
    return "".join(f" AND {table}.rowid IN (SELECT rowid FROM {other} WHERE {other} MATCH ?)" for other in others)  # noqa: S608


def _matched(phrases: Sequence[Phrase], lists: Iterable[Sequence[str]]) -> dict[str, str]:
    """What is asked of which table, in the language of FTS5. The first one's rows are read in their order."""
    in_lists = [*map(_any, lists)]
    words = " AND ".join((*(word for phrase in phrases for word in _words(phrase)), *in_lists))
    if all(len(phrase.words) == 1 for phrase in phrases):
        return {"has_word": words}
    whole = " AND ".join((*(_phrase(phrase) for phrase in phrases if not _is_short(phrase)), *in_lists))
    return {"search": whole, "has_word": words} if any(map(_is_short, phrases)) else {"search": whole}


def _is_short(phrase: Phrase) -> bool:
    """Whether only the table `has_word` has it."""
    return phrase.is_beginning and len(phrase.words) == 1 and len(phrase.words[0]) <= SHORT


def _words(phrase: Phrase) -> Iterator[str]:
    """Each word of a phrase by itself."""
    *whole, last = phrase.words
    yield from map(_quoted, whole)
    if phrase.is_beginning and len(last) <= SHORT:
        yield _quoted(beginning_word(last))
    else:
        yield _quoted(last) + " *" * phrase.is_beginning


def _phrase(phrase: Phrase) -> str:
    return _quoted(" ".join(phrase.words)) + " *" * phrase.is_beginning


def _quoted(words: str) -> str:
    """Words have no quotation marks (searchwords.py)."""
    return f'"{words}"'


def _any(words: Iterable[str]) -> str:
    return f"({' OR '.join(words)})"


def _dates(since: int, until: int) -> list[str]:
    """The keys of the years and months that these moments can be of in any time zone: so articles of other years are
    not even looked at. Of a very long time the last years count.
    """
    first, last = _day(since - _DAY), _day(until + _DAY)
    years = range(max(first.year, last.year - _MOST_YEARS), last.year + 1)
    ends = {year: range(1, 13) for year in (years[0], years[-1])}
    ends[first.year] = range(first.month, ends.get(first.year, range(13)).stop)
    ends[last.year] = range(ends[last.year].start, last.month + 1)
    whole = [f"date/{year:04}" for year in years if year not in ends]
    return whole + [f"date/{year:04}/{month:02}" for year, months in ends.items() for month in months]


def _day(second: int) -> date:
    """The nearest one that a date can be."""
    return _EPOCH + timedelta(days=min(max(second // _DAY, _FIRST_DAY), _LAST_DAY))
