"""What a search costs in an archive of 100,000 articles: how long a query takes, how much room it takes, and what an
edit and a first start take with it."""

import os
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from statistics import median
from urllib.parse import quote

from feedsite import searchwords
from feedsite.folder.library import Library
from feedsite.index.index import Index

from . import archive, corpus, figures
from .servers import Failed, Server
from .tables import Goal, goals, megabytes, table
from .wire import Line, request

PROGRAMS = ()
ARTICLES, QUERIES, EDITS = 100_000, 100, 60
_PATIENCE = 1_800  # seconds until the search is filled


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """How much is done; so many queries of each kind."""

    articles: int = ARTICLES
    queries: int = QUERIES
    edits: int = EDITS


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Seconds of the processor, bytes, and milliseconds of an edit's commit, without a search and with it."""

    read: float
    fill: float
    texts: int
    before: int
    after: int
    edits: tuple[Sequence[float], Sequence[float]]


_QUICK = Scope(articles=2_000, queries=10, edits=10)


def run(folder: Path, *, is_quick: bool = False) -> str:
    scope = _QUICK if is_quick else Scope()
    site = folder / "site"
    corpus.write_site(site, [], archive.WINDOW)
    archive.write({site: "feedsite"}, range(scope.articles))
    with figures.serve(site) as server:
        figures.started(server)
        filled = _filled(server)
        asked = {kind: _asked(server, queries) for kind, queries in _queries(scope).items()}
        edits = figures.edits(server, site, archive.newest(), scope.edits)
    kept = _kept(site, folder, scope)
    every = [took for each in asked.values() for took, _ in each]
    rows = [_row(kind, each) for kind, each in asked.items()]
    rows.append(_row("all", [pair for each in asked.values() for pair in each]))
    head = (f"a page of what is found, {scope.articles:,} articles", "queries", "median", "p99", "worst", "too wide")
    share = (kept.after - kept.before) / kept.texts
    without, with_it = (median(each) for each in kept.edits)
    facts = [
        ("a server's first start: until it can be searched", f"{filled:.0f} s"),
        ("processor's time to read all files", f"{kept.read:.0f} s"),
        ("processor's time to fill the search", f"{kept.fill:.0f} s"),
        ("texts in the index", f"{megabytes(kept.texts)} MB"),
        ("what the search adds to the index", f"{megabytes(kept.after - kept.before)} MB"),
        ("an edit's commit without a search, median", f"{without:.2f} ms"),
        ("the same with one", f"{with_it:.2f} ms"),
        ("edit to served, with one, median", f"{median(edits):.1f} ms"),
    ]
    wanted = [
        Goal(name="a query, p99", wanted=10, measured=_p99(every), is_at_least=False, unit=" ms"),
        Goal(name="room, of the texts'", wanted=0.7, measured=share, is_at_least=False),
        Goal(name="added to an edit", wanted=5, measured=with_it - without, is_at_least=False, unit=" ms"),
    ]
    return "\n\n".join((table(head, rows), table(("what it takes", ""), facts), goals(wanted)))


def _filled(server: Server) -> float:
    """Seconds from the start of the program until a search is answered."""
    with Line(server.port) as line:
        while time.perf_counter() < server.begun + _PATIENCE:
            if line.get(_request("harbour")).head.status == 200:
                return time.perf_counter() - server.begun
            time.sleep(0.2)
    raise Failed("the search was not filled")


def _asked(server: Server, queries: Sequence[str]) -> list[tuple[float, bool]]:
    """The milliseconds of each, and whether it was too wide."""
    found = []
    with Line(server.port) as line:
        for query in queries:
            begun = time.perf_counter()
            answer = line.get(_request(query))
            took = 1000 * (time.perf_counter() - begun)
            if answer.head.status != 200:
                raise Failed(f"{query} is answered with {answer.head.status}")
            found.append((took, b'role="status">So many' in answer.body))
    return found


def _request(query: str) -> bytes:
    return request(f"/search/?q={quote(query)}")


def _queries(scope: Scope) -> dict[str, list[str]]:
    """By kind; the words are those of articles of all ages."""
    chance = random.Random(corpus.SEED)
    texts = [searchwords.words(article.body) for article in archive.spread(scope.articles, 200)]
    any_word = sorted({word for text in texts for word in text if len(word) > 3})

    def word() -> str:
        return chance.choice(any_word)

    def phrase(count: int) -> str:
        text = chance.choice(texts)
        start = chance.randrange(len(text) - count)
        return f'"{" ".join(text[start : start + count])}"'

    def author() -> str:
        return f"author:{chance.choice(sorted(corpus.AUTHORS))} {word()}"

    kinds: dict[str, Callable[[], str]] = {
        "one word": word,
        "two words": lambda: f"{word()} {word()}",
        "three words": lambda: f"{word()} {word()} {word()}",
        "a phrase of two words": lambda: phrase(2),
        "a phrase of three words": lambda: phrase(3),
        "a beginning of two letters": lambda: f"{word()[:2]}*",
        "a beginning of three to five": lambda: f"{word()[: chance.randint(3, 5)]}* {word()}",
        "a word of a section": lambda: f"{word()} section:{chance.choice(corpus.SECTIONS)}",
        "a word of an author": author,
        "a word of a year": lambda: f"{word()} from:{(year := chance.randint(2014, 2025))} to:{year}",
        "a word that none has": lambda: f"{word()}xyz{chance.randrange(10**6)}",
    }
    return {kind: list(islice(_endless(made), scope.queries)) for kind, made in kinds.items()}


def _endless(made: Callable[[], str]) -> Iterator[str]:
    while True:
        yield made()


def _kept(site: Path, folder: Path, scope: Scope) -> Kept:
    """In this process: an index without a search, and then with one; commits of the same edits in each."""
    path = folder / "index.sqlite"
    index = Index(path)
    library = Library(site, {}, index)
    read = _processor(library.read)
    without = _edits(library, site, scope)
    index.database.checkpoint()
    before = path.stat().st_size
    fill = _processor(lambda: _fill(index))
    index.database.checkpoint()
    after = path.stat().st_size
    with index.reading() as view:
        asked = "SELECT sum(length(CAST(record AS BLOB)) + length(CAST(body AS BLOB))) FROM content"
        (texts,) = view.execute(asked).fetchone()
    with_it = _edits(library, site, scope)
    index.close()
    return Kept(read=read, fill=fill, texts=texts, before=before, after=after, edits=(without, with_it))


def _fill(index: Index) -> None:
    while index.tend_search(1):
        index.database.checkpoint()


def _edits(library: Library, site: Path, scope: Scope) -> list[float]:
    took = []
    for article in islice(archive.newest() * 10, scope.edits):
        edited = replace(article, title=f"Edition {time.time_ns()}")
        archive.save("feedsite", site, edited)
        change = library.scan([archive.FORMS["feedsite"].file(edited)])
        begun = time.perf_counter()
        with library.commit(change):
            library.index.add_to_search(1)
        took.append(1000 * (time.perf_counter() - begun))
    return took


def _processor(work: Callable[[], object]) -> float:
    """Seconds of all processors in this process and those that it started and that have ended."""
    before = os.times()
    work()
    return sum(os.times()[:4]) - sum(before[:4])


def _row(kind: str, asked: Sequence[tuple[float, bool]]) -> tuple[str, ...]:
    took = [each for each, _ in asked]
    times = (f"{each:.1f} ms" for each in (median(took), _p99(took), max(took)))
    return kind, str(len(took)), *times, str(sum(is_wide for _, is_wide in asked))


def _p99(took: Sequence[float]) -> float:
    return sorted(took)[int(len(took) * 0.99)]
