"""Minutes of load with an edit each second: whether an answer is wrong, an edit late, or a process grows."""

import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from . import servers, stories, wrk
from .crowd import Crowd, reading
from .servers import Failed, Server
from .tables import Goal, goals, megabytes, table

PROGRAMS = ("wrk",)
ARTICLES, WINDOW = 1_000, 50
MINUTES = 10.0
_WORKERS = 2
_WARM = 0.2  # of the time: what is held by then has been asked for, and from then on nothing may grow
_GROWTH = 10  # percent that a process may grow afterwards
_PATIENCE = 10  # seconds until an edit is served


@dataclass(slots=True)
class _Course:
    """What was seen on the way: how late each edit was, and what each process held, by its id, as time went by."""

    late: list[float] = field(default_factory=list)
    held: dict[int, list[int]] = field(default_factory=dict)


def run(folder: Path, *, is_quick: bool = False, minutes: float = MINUTES) -> str:
    seconds = 20 if is_quick else int(60 * minutes)
    site = folder / "site"
    stories.write_site(site, ARTICLES)
    newest = range(ARTICLES - WINDOW, ARTICLES)
    course = _Course()
    with (
        servers.feedsite(site, "--workers", str(_WORKERS)) as server,
        reading(server.port, always=newest, pages=range(ARTICLES)) as crowd,
        _under_load(server, seconds),
    ):
        _edit_each_second(site, server, crowd, seconds, course)
    return _told(crowd, course, seconds)


@contextmanager
def _under_load(server: Server, seconds: int) -> Iterator[None]:
    """Raises Failed where anything but a good answer came to wrk."""
    command = wrk.command(server.url("/feed.rss"), seconds, {"Accept-Encoding": "gzip"})
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        try:
            yield
            said, _ = process.communicate(timeout=seconds + 30)
        finally:
            process.kill()
    if errors := wrk.read(said).errors:
        raise Failed(f"wrk met {errors} errors")


def _edit_each_second(site: Path, server: Server, crowd: Crowd, seconds: int, course: _Course) -> None:
    begun = time.monotonic()
    for second in range(seconds):
        time.sleep(max(0.0, begun + second - time.monotonic()))
        number, version = ARTICLES - 1 - second % WINDOW, 2 + second
        saved = time.monotonic()
        stories.save(site, number, version)
        while crowd.version(number) != version:
            if time.monotonic() > saved + _PATIENCE:
                raise Failed(f"an edit was not served within {_PATIENCE} seconds; {crowd.complaints[:3]}")
            time.sleep(0.002)
        course.late.append(1000 * (time.monotonic() - saved))
        for process in _processes(server):
            course.held.setdefault(process, []).append(_memory(process))


def _told(crowd: Crowd, course: _Course, seconds: int) -> str:
    rows, grown = [], []
    for process, held in course.held.items():
        warm = held[int(len(held) * _WARM)]
        grown.append(100 * (max(held) - warm) / warm)
        figures = (held[0], warm, held[len(held) // 2], held[-1], max(held))
        rows.append((f"process {process}", *(megabytes(figure) for figure in figures), f"{grown[-1]:.1f} %"))
    late = sorted(course.late)
    heading = (
        f"{seconds} seconds, {ARTICLES:,} articles, {_WORKERS} workers, an edit each second, wrk with "
        f"{wrk.CONNECTIONS} connections: {crowd.total:,} answers were checked, the slowest took {crowd.slowest:.2f} s."
    )
    memory = table(("megabytes held", "first", "warm", "half-way", "last", "most", "growth after warm"), rows)
    reached = [
        Goal(name="wrong answers", wanted=0, measured=len(crowd.complaints), is_at_least=False),
        Goal(name="broken connections", wanted=0, measured=crowd.broken, is_at_least=False),
        Goal(name="processes", wanted=1 + _WORKERS, measured=len(course.held), is_at_least=False),
        Goal(name="growth after warm", wanted=_GROWTH, measured=max(grown), is_at_least=False, unit=" %"),
        Goal(name="edit to served, median", wanted=500, measured=late[len(late) // 2], is_at_least=False, unit=" ms"),
        Goal(name="edit to served, worst", wanted=1000, measured=late[-1], is_at_least=False, unit=" ms"),
    ]
    return "\n\n".join([heading, memory, *crowd.complaints[:5], goals(reached)])


def _processes(server: Server) -> list[int]:
    pid = server.process.pid
    return [pid, *map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())]


def _memory(process: int) -> int:
    """Bytes that it holds in memory (VmRSS of proc(5))."""
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{process}/status").read_text())
    return int(found[1]) * 1024 if found else 0
