"""What lists cost: an archive with fifty tags beside the same one with thousands, and feeds of lists and mixes that
nobody asked for yet, and that are asked for again."""

import math
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

from . import archive, asking, corpus, figures, generators, processes
from .asking import Asked
from .corpus import TAGS
from .figures import Held, Started
from .processes import Cost
from .servers import Failed, Server
from .tables import Goal, goals, megabytes, middle_and_p95, table, times

PROGRAMS = ("wrk",)
ARTICLES, MANY = 100_000, 5_000
EDITS, FIRST, AGAIN = 40, 500, 1_000
ROUNDS, SECONDS = 5, 2
HOME = "/feed.rss"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """How much is done."""

    articles: int = ARTICLES
    many: int = MANY
    edits: int = EDITS
    first: int = FIRST
    again: int = AGAIN
    rounds: int = ROUNDS
    seconds: int = SECONDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """The figures of an archive with so many tags. `edits` are milliseconds."""

    tags: int
    cold: Cost
    written: int  # bytes
    warm: Started
    held: Held
    edits: Sequence[float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """`first`: feeds that nobody asked for before. `after_edit`: each of `again` asked for by its ETag, once, after an
    edit of another article. `rates`: 304s a second of the home feed, of many feeds, of many mixes.
    """

    first: Sequence[Asked]
    after_edit: Sequence[Asked]
    rates: Mapping[str, float]


_QUICK = Scope(articles=2_000, many=200, edits=5, first=50, again=100, rounds=1, seconds=1)
_ONE_FEED, _FEEDS, _MIXES = "the home feed", "feeds asked for before", "mixes asked for before"


def run(folder: Path, *, is_quick: bool = False) -> str:
    scope = _QUICK if is_quick else Scope()
    few, many = TAGS, _tags(scope.many)
    points = []
    for tags in (few, many):
        site = folder / f"site of {len(tags)} tags"
        corpus.write_site(site, [], archive.WINDOW)
        archive.write({site: "feedsite"}, range(scope.articles), tags=tags)
        points.append(_point(site, tags, scope, folder))
        print(_progress(points[-1]), file=sys.stderr, flush=True)  # the whole takes long, and may be ended before
    served = _served(site, many, scope, folder)
    parts = [
        _points_table(scope, *points),
        _first_table(served, scope),
        _rates_table(served, scope),
        goals(_goals(*points, served)),
    ]
    return "\n\n".join(parts)


def _tags(count: int) -> list[str]:
    """Different names of one or two words each."""
    return [f"{TAGS[number % len(TAGS)]} {number // len(TAGS):03}" for number in range(count)]


def _point(site: Path, tags: Sequence[str], scope: Scope, folder: Path) -> Point:
    own = generators.feedsite(site, folder / f"output of {len(tags)} tags")
    cold = processes.cost(own.command, own.folder, folder / "build.log", own.environment)
    if (found := sum(1 for _ in own.output.glob("tag/*/feed.rss"))) != len(tags):
        raise Failed(f"feedsite built feeds of {found} tags where there are {len(tags)}")
    newest = archive.newest(tags=tags)
    warm = figures.warm_start(site)
    with figures.serve(site) as server:
        figures.started(server)
        held = figures.held(server, 1, archive.spread(scope.articles, figures.PAGES))
        edits = figures.edits(server, site, newest, scope.edits)
    return Point(tags=len(tags), cold=cold, written=generators.size(own.output), warm=warm, held=held, edits=edits)


def _served(site: Path, tags: Sequence[str], scope: Scope, folder: Path) -> Served:
    with figures.serve(site) as server:
        figures.started(server)  # files are looked at no more
        first = asking.first(server, asking.feeds(tags, scope.first))
    with figures.serve(site) as server:
        figures.started(server)
        known = {
            _ONE_FEED: asking.first(server, [HOME]),
            _FEEDS: asking.first(server, asking.feeds(tags, scope.again * 4 // 3)[: scope.again]),
            _MIXES: asking.first(server, asking.mixed(tags, scope.again, "again")),
        }
        rates = _rates(server, known, scope, folder)
        figures.edits(server, site, archive.newest(tags=tags), 1)
        everything = asking.again(server, known[_FEEDS], (200, 304))
        after_edit = [each for each in everything if each.status == 304]
    return Served(first=first, after_edit=after_edit, rates=rates)


def _rates(server: Server, known: Mapping[str, Sequence[Asked]], scope: Scope, folder: Path) -> dict[str, float]:
    """Medians of rounds in which each has its turn, after each was asked for by its ETag once."""
    for each in known.values():
        asking.again(server, each)
    found: dict[str, list[float]] = {name: [] for name in known}
    for _ in range(scope.rounds):
        for name, each in known.items():
            found[name].append(asking.load(server, each, folder / "asked", scope.seconds).per_second)
    for each in known.values():
        asking.again(server, each)
    return {name: median(rates) for name, rates in found.items()}


def _progress(point: Point) -> str:
    return f"{point.tags:,} tags: " + "; ".join(f"{name} {said}" for name, said in _figures(point).items())


def _figures(point: Point) -> dict[str, str]:
    middle, p95 = middle_and_p95(point.edits)
    return {
        "cold build, CPU": f"{point.cold.cpu:.1f} s",
        "cold build, time": f"{point.cold.wall:.1f} s",
        "cold build, memory": f"{megabytes(point.cold.memory)} MB",
        "written": f"{megabytes(point.written)} MB",
        "warm start": f"{point.warm.first_answer:.2f} s",
        "edit to served, median": f"{middle:.0f} ms",
        "edit to served, p95": f"{p95:.0f} ms",
        "memory of a worker, PSS": f"{megabytes(point.held.largest.pss)} MB",
    }


def _points_table(scope: Scope, few: Point, many: Point) -> str:
    head = (f"{scope.articles:,} articles", *(f"{point.tags:,} tags" for point in (few, many)))
    both = _figures(few), _figures(many)
    return table(head, [(name, *(each[name] for each in both)) for name in both[0]])


def _first_table(served: Served, scope: Scope) -> str:
    """By kinds of lists, then all of them, then what the same feeds cost after an edit that changes none of them."""
    kinds = sorted({asking.kind(each.path) for each in served.first})
    rows = [(f"feeds: {kind}", [each for each in served.first if asking.kind(each.path) == kind]) for kind in kinds]
    rows += [("all", served.first), ("304 of a feed known before, first after an edit", served.after_edit)]
    head = (f"first 200 of a feed, {scope.articles:,} articles", "feeds", "median", "p95", "p99", "worst")
    return table(head, [_times_row(name, [each.took for each in found]) for name, found in rows if found])


def _times_row(name: str, took: Sequence[float]) -> tuple[str, ...]:
    middle, p95 = middle_and_p95(took)
    return name, str(len(took)), *(f"{each:.1f} ms" for each in (middle, p95, _p99(took), max(took)))


def _rates_table(served: Served, scope: Scope) -> str:
    home = served.rates[_ONE_FEED]
    counts = {_ONE_FEED: 1, _FEEDS: scope.again, _MIXES: scope.again}
    rows = [(name, f"{counts[name]:,}", f"{rate:,.0f}", times(rate / home)) for name, rate in served.rates.items()]
    return table(("304s", "feeds", "a second", "of the home feed's"), rows)


def _p99(took: Sequence[float]) -> float:
    return quantiles(took, n=100, method="inclusive")[-1] if len(took) > 1 else math.nan


def _goals(few: Point, many: Point, served: Served) -> list[Goal]:
    def added(name: str, wanted: float, measured: float, unit: str) -> Goal:
        return Goal(
            name=f"added by {many.tags:,} tags: {name}", wanted=wanted, measured=measured, is_at_least=False, unit=unit
        )

    def at_most(name: str, wanted: float, measured: float) -> Goal:
        return Goal(name=name, wanted=wanted, measured=measured, is_at_least=False, unit=" ms")

    (middle_few, _), (middle, p95) = middle_and_p95(few.edits), middle_and_p95(many.edits)
    rates = served.rates
    return [
        added("cold build, CPU", 30, 100 * (many.cold.cpu / few.cold.cpu - 1), " %"),
        added("edit to served", 20, middle - middle_few, " ms"),
        added("memory of a worker", 30, (many.held.largest.pss - few.held.largest.pss) / 1e6, " MB"),
        added("warm start", 0.3, many.warm.first_answer - few.warm.first_answer, " s"),
        *(
            Goal(
                name=f"304s, {name}, of the home feed's",
                wanted=0.9,
                measured=rates[name] / rates[_ONE_FEED],
                is_at_least=True,
            )
            for name in (_FEEDS, _MIXES)
        ),
        at_most("first 200 of a feed, p99", 30, _p99([each.took for each in served.first])),
        at_most("edit to served, median", 50, middle),
        at_most("edit to served, p95", 100, p95),
    ]
