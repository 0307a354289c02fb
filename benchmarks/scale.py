"""What an archive costs while it grows from a thousand articles to a hundred thousand."""

import math
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path

from . import archive, corpus, edit, figures, generators, picture, processes, servers
from .figures import Held, Started
from .picture import Panel, Series
from .processes import Cost
from .tables import Goal, goals, megabytes, middle_and_p95, table, times
from .wire import Line

PROGRAMS = ("hugo",)
SIZES = (1_000, 3_000, 10_000, 30_000, 100_000)
EDITS, EDITS_OF_SMALLER, EDITS_OF_HUGO = 40, 15, 10
HUGO_SIZE = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """The figures at one size. `edits` are milliseconds."""

    size: int
    cold: Started
    warm: Started
    held: Held
    edits: Sequence[float]
    held_later: Held  # when the edits have been served
    rebuilt: Cost


@dataclass(frozen=True, slots=True, kw_only=True)
class HugoServer:
    """`hugo server` over as many articles: seconds to its first answer, bytes held, milliseconds of each edit."""

    size: int
    first_answer: float
    held: int
    edits: Sequence[float]


# What grows, and how it is told: name, unit, the figure of a point.
CURVES: tuple[tuple[str, str, Callable[[Point], float]], ...] = (
    ("cold start", "s", lambda point: point.cold.first_answer),
    ("warm start", "s", lambda point: point.warm.first_answer),
    ("built again after one edit", "s", lambda point: point.rebuilt.wall),
    ("edit to served", "s", lambda point: middle_and_p95(point.edits)[0] / 1000),
    ("memory of a worker", "MB", lambda point: point.held.largest.pss / 1e6),
)


def run(folder: Path, *, is_quick: bool = False, picture_file: Path | None = None) -> str:
    sizes = (100, 300) if is_quick else SIZES
    hugo_size = sizes[0] if is_quick else HUGO_SIZE
    site = folder / "site"
    corpus.write_site(site, [], archive.WINDOW)
    points: list[Point] = []
    for smaller, size in pairwise((0, *sizes)):
        archive.write({site: "feedsite"}, range(smaller, size))
        edits = 5 if is_quick else EDITS if size == sizes[-1] else EDITS_OF_SMALLER
        points.append(_point(site, size, folder, edits))
        print(_progress(points[-1]), file=sys.stderr, flush=True)  # the whole takes long, and may be ended before
    with figures.serve(site, "--workers", "2") as server:
        pair = figures.held(server, 2, archive.spread(sizes[-1], figures.PAGES))
    hugo = _hugo(folder / "hugo", hugo_size, 3 if is_quick else EDITS_OF_HUGO)
    if picture_file:
        picture_file.write_text(picture.drawn(sizes, _panels(points)), encoding="utf-8")
    last = points[-1]
    parts = [
        _growth(points),
        _starts(last),
        _memory(last, pair),
        _edits(points, hugo),
        goals(_goals(points[0], last)),
    ]
    return "\n\n".join(parts)


def _progress(point: Point) -> str:
    told = "; ".join(f"{name} {figure(point):.3g} {unit}" for name, unit, figure in CURVES)
    return f"{point.size:,} articles: {told}"


def _point(site: Path, size: int, folder: Path, edits: int) -> Point:
    newest, spread = archive.newest(), archive.spread(size, figures.PAGES)
    own = generators.feedsite(site, folder / "output")
    own.forget()
    with figures.serve(site) as server:
        cold = figures.started(server)
    warm = figures.warm_start(site)
    with figures.serve(site) as server:
        held = figures.held(server, 1, spread)
        served = figures.edits(server, site, newest, edits)
        held_later = figures.held(server, 1, spread)
    return Point(
        size=size,
        cold=cold,
        warm=warm,
        held=held,
        edits=served,
        held_later=held_later,
        rebuilt=figures.rebuilt(site, newest[3], folder),
    )


def _hugo(folder: Path, size: int, count: int) -> HugoServer:
    generators.hugo(folder, folder.with_name("hugo-output"))
    archive.write({folder: "hugo"}, range(size))
    with servers.hugo(folder) as server, Line(server.port) as line:
        editor = edit.Editor(partial(archive.save, "hugo", folder), archive.newest(), line, pause=0.01)
        served = list(edit.calm_edits(editor, count))
        return HugoServer(
            size=size,
            first_answer=server.ready_after,
            held=processes.held(server.process.pid),
            edits=served,
        )


def _growth(points: Sequence[Point]) -> str:
    """The last row: 1 is as many times the cost as there are articles more, less is better."""
    first, last = points[0], points[-1]
    head = ("articles", *(f"{name}, {unit}" for name, unit, _ in CURVES))
    rows = [(f"{point.size:,}", *(f"{figure(point):.3g}" for _, _, figure in CURVES)) for point in points]
    shares = [_of_linear(figure, first, last) for _, _, figure in CURVES]
    return table(head, [*rows, ("growth, of linear", *map(times, shares))])


def _of_linear(figure: Callable[[Point], float], first: Point, last: Point) -> float:
    return figure(last) / figure(first) / (last.size / first.size)


def _starts(point: Point) -> str:
    rows = [
        (name, f"{each.first_answer:.2f} s", "not logged" if each.verified is None else f"{each.verified:.2f} s")
        for name, each in (("without an index", point.cold), ("after a clean end", point.warm))
    ]
    return table((f"from start, {point.size:,} articles", "first 200", "verified"), rows)


def _memory(point: Point, pair: Held) -> str:
    rows = [
        (name, *(", ".join(megabytes(size) for size in sizes) for sizes in _columns(each)), megabytes(each.all))
        for name, each in (
            ("1 worker", point.held),
            (f"1 worker, after {len(point.edits)} edits", point.held_later),
            ("2 workers", pair),
        )
    ]
    head = (f"memory, {point.size:,} articles, MB", "PSS of each worker", "RSS of each worker", "PSS of all processes")
    return table(head, rows)


def _columns(held: Held) -> tuple[list[int], list[int]]:
    return [worker.pss for worker in held.workers], [worker.rss for worker in held.workers]


def _edits(points: Sequence[Point], hugo: HugoServer) -> str:
    rows = [_edit_row("feedsite", point.size, point.edits) for point in points if point.size >= hugo.size]
    head = ("edit to served", "articles", "edits", "median", "p95", "worst")
    own = next(point for point in points if point.size == hugo.size)
    ratio = middle_and_p95(own.edits)[0] / middle_and_p95(hugo.edits)[0]
    told = (
        f"`hugo server` first answered after {hugo.first_answer:.1f} s and held {megabytes(hugo.held)} MB; at as many "
        f"articles an edit took feedsite {times(ratio)} of its time, and a start without an index "
        f"{times(own.cold.first_answer / hugo.first_answer)} of it."
    )
    return table(head, [*rows, _edit_row("hugo server", hugo.size, hugo.edits)]) + f"\n\n{told}"


def _edit_row(name: str, size: int, edits: Sequence[float]) -> tuple[str, ...]:
    middle, p95 = middle_and_p95(edits)
    return name, f"{size:,}", str(len(edits)), f"{middle:.0f} ms", f"{p95:.0f} ms", f"{max(edits):.0f} ms"


def _panels(points: Sequence[Point]) -> list[Panel]:
    by_unit: dict[str, list[Series]] = {}
    for name, unit, figure in CURVES:
        by_unit.setdefault(unit, []).append(Series(name=name, values=tuple(map(figure, points))))
    titles = {"s": "Seconds", "MB": "Memory, MB"}
    return [Panel(title=titles[unit], series=tuple(series)) for unit, series in by_unit.items()]


def _goals(first: Point, last: Point) -> list[Goal]:
    middle, p95 = middle_and_p95(last.edits)

    def goal(name: str, wanted: float, measured: float, unit: str = "") -> Goal:
        return Goal(name=name, wanted=wanted, measured=measured, is_at_least=False, unit=unit)

    return [
        goal("first 200, warm", 1.0, last.warm.first_answer, " s"),
        goal("verified, warm", 1.5, last.warm.verified or math.inf, " s"),
        goal("memory of a worker, PSS", 150, last.held.largest.pss / 1e6, " MB"),
        goal("the same after the edits", 150, last.held_later.largest.pss / 1e6, " MB"),
        goal("edit to served, median", 50, middle, " ms"),
        goal("edit to served, p95", 100, p95, " ms"),
        *(goal(f"{name}, growth of linear", 1, _of_linear(figure, first, last)) for name, _, figure in CURVES),
    ]
