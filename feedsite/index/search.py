"""What a search finds among the public articles: the newest first, and no more of them than are ever shown."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from ..queries import Phrase
from .index import Index
from .rows import COLUMNS, OUTSIDE_TIME, Row, row_of
from .searchtext import SHORT, collection_word
from .unusable import strange

MOST = 1000  # articles that a search finds; of further ones it is known only that there are any
_LONGEST = 0.05  # seconds that a search may take
_MOST_YEARS = 300
_DAY = 86400  # seconds
_EPOCH = date(1970, 1, 1)
_FIRST_DAY, _LAST_DAY = ((day - _EPOCH).days for day in (date.min, date.max))


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
    """The numbers of the articles, the newest first, and whether there are more than MOST."""

    numbers: tuple[int, ...]
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
        if since >= until and has_time:
            return Found(())
        lists = [*(map(collection_word, keys) for keys in asked.lists)]
        if has_time:
            lists.append(map(collection_word, _dates(since, until)))
        begun = [phrase for phrase in asked.phrases if _is_short(phrase)]
        whole = [*map(_phrase, (phrase for phrase in asked.phrases if phrase not in begun)), *map(_any, lists)]
        matched = {"search": " AND ".join(whole), "begun": " AND ".join(f'"{phrase.words[0]}"' for phrase in begun)}
        undated = OUTSIDE_TIME if asked.has_pages and not has_time else None
        rows = view.execute(*_question(matched, since, until, undated)).fetchall()
    rows.sort(reverse=True)
    return Found(tuple(number for _, _, number in rows[:MOST]), is_more=len(rows) > MOST)


def rows(index: Index, numbers: Iterable[int]) -> list[Row]:
    """The articles with these numbers."""
    with index.reading() as view:
        try:
            question = f"SELECT {COLUMNS} FROM file f WHERE number = ?"  # noqa: S608  # a constant
            return [row_of(view.execute(question, (number,)).fetchone()) for number in numbers]
        except (TypeError, ValueError):
            raise strange() from None


def _question(matched: dict[str, str], since: int, until: int, undated: int | None) -> tuple[str, list[object]]:
    """The query for all that matches; the table that is read from its end comes first."""
    first, *others = [table for table, match in matched.items() if match]
    further = "".join(f" AND s.row IN (SELECT rowid FROM {other} WHERE {other} MATCH ?)" for other in others)  # noqa: S608
    question = (
        f"SELECT s.published, s.sort_name, s.number FROM {first} CROSS JOIN searched s ON s.row = {first}.rowid"  # noqa: S608
        f" WHERE {first} MATCH ? AND (s.published >= ? AND s.published < ? OR s.published = ?){further}"
        f" ORDER BY {first}.rowid DESC LIMIT ?"
    )
    return question, [matched[first], since, until, undated, *(matched[other] for other in others), MOST + 1]


def _is_short(phrase: Phrase) -> bool:
    """Whether the table `begun` has it."""
    return phrase.is_beginning and len(phrase.words) == 1 and len(phrase.words[0]) <= SHORT


def _phrase(phrase: Phrase) -> str:
    """A phrase in the language of FTS5. Words have no quotation marks (searchwords.py)."""
    return f'"{" ".join(phrase.words)}"{" *" if phrase.is_beginning else ""}'


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
