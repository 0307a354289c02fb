"""The figures of one archive under feedsite: how it starts, what it holds in memory, when it serves an edit, and what
building it again takes."""

import re
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from statistics import median

from . import archive, edit, generators, processes, servers
from .corpus import Article
from .generators import Generator
from .processes import Memory
from .servers import Failed, Server
from .wire import DECODERS, Line, request

VERIFIED = re.compile(rb"verified [\d,]+ files? in ")  # what a server logs when it has looked at every file once
PAGES = 1_000  # that are asked for before the memory is read
_PATIENCE = 3_600  # seconds for a first answer, where a million articles are read
_LONGEST_CHECK = 10  # times as long as the first answer took; and seconds at the least
_CONNECTIONS = 16
_MOST_CONNECTIONS = 256
_ROUNDS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """Seconds from the start of the program; `verified` is None where the server did not say so."""

    first_answer: float
    verified: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Memory after every feed and many pages were asked for: of each worker, and of all processes of the server."""

    workers: tuple[Memory, ...]
    all: int

    @property
    def largest(self) -> Memory:
        return max(self.workers, key=lambda worker: worker.pss)


def serve(site: Path, *options: str) -> AbstractContextManager[Server]:
    return servers.feedsite(site, *options, patience=_PATIENCE)


def started(server: Server) -> Started:
    """Waits until the server says that it has verified its files."""
    until = server.begun + server.ready_after + max(_LONGEST_CHECK, _LONGEST_CHECK * server.ready_after)
    while time.perf_counter() < until:
        if VERIFIED.search(server.log.read_bytes()):
            return Started(first_answer=server.ready_after, verified=time.perf_counter() - server.begun)
        time.sleep(0.005)
    return Started(first_answer=server.ready_after, verified=None)


def warm_start(site: Path) -> Started:
    """Medians of starts, each after a clean end."""
    found: list[Started] = []
    for _ in range(_ROUNDS):
        with serve(site) as server:
            found.append(started(server))
    verified = [each.verified for each in found if each.verified is not None]
    return Started(
        first_answer=median(each.first_answer for each in found),
        verified=median(verified) if len(verified) == len(found) else None,
    )


def held(server: Server, workers: int, articles: Sequence[Article]) -> Held:
    """Asks for each feed in each coding and for those pages, over several connections, and reads the memory then."""
    with ExitStack() as opened:
        lines = [opened.enter_context(Line(server.port)) for _ in range(_CONNECTIONS)]
        feeds = [
            request(f"/feed.{suffix}", {"Accept-Encoding": coding} if coding else {})
            for suffix in ("rss", "atom", "json")
            for coding in DECODERS
        ]
        pages = [request(article.path) for article in articles]
        for number, asked in enumerate(feeds * _CONNECTIONS + pages):
            answer = lines[number % len(lines)].get(asked)
            if answer.head.status != 200:
                raise Failed(f"{answer.head.status} is the answer to {asked!r}")
        found = _answering(server, workers, lines, opened)
    return Held(
        workers=tuple(processes.memory(pid) for pid in sorted(found)),
        all=sum(processes.memory(pid).pss for pid in servers.family(server.process.pid)),
    )


def edits(server: Server, site: Path, newest: Sequence[Article], count: int) -> list[float]:
    """Milliseconds from the save of an article to its answer, one edit after the other, without load."""
    save = partial(archive.save, "feedsite", site)
    with Line(server.port) as line:
        return list(edit.calm_edits(edit.Editor(save, newest, line), count))


def rebuilt(site: Path, article: Article, folder: Path) -> processes.Cost:
    """Medians of builds after a new title for that article, each over a folder that holds the last build."""
    own = generators.feedsite(site, folder / "output")
    _build(own, folder)
    costs = []
    for number in range(_ROUNDS):
        archive.save("feedsite", site, replace(article, title=f"Built again {number}"))
        costs.append(_build(own, folder))
        page = own.output / article.path.strip("/") / "index.html"
        if f"Built again {number}" not in page.read_text(encoding="utf-8"):
            raise Failed("feedsite build left the page of an edited article as it was")
    return processes.middle(costs)


def _build(own: Generator, folder: Path) -> processes.Cost:
    return processes.cost(own.command, own.folder, folder / "build.log", own.environment)


def _answering(server: Server, workers: int, lines: list[Line], opened: ExitStack) -> set[int]:
    """The processes that hold the connections' other ends: the workers, whatever else the server runs."""
    while True:
        found = set(_owners(server, {line.own_port for line in lines}))
        if len(found) == workers:
            return found
        if len(lines) >= _MOST_CONNECTIONS:
            raise Failed(f"{len(found)} processes answer where {workers} workers were asked for")
        more = [opened.enter_context(Line(server.port)) for _ in lines]
        for line in more:
            line.get(request("/feed.rss"))
        lines.extend(more)


def _owners(server: Server, clients: set[int]) -> Iterator[int]:
    """proc(5) on /proc/net/tcp: local address, remote address in hexadecimal, and the socket's inode as tenth field."""
    sockets = set()
    for row in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        fields = row.split()
        local, remote = (int(fields[place].partition(":")[2], 16) for place in (1, 2))
        if local == server.port and remote in clients:
            sockets.add(f"socket:[{fields[9]}]")
    for pid in servers.family(server.process.pid):
        if any(_target(file) in sockets for file in Path(f"/proc/{pid}/fd").iterdir()):
            yield pid


def _target(file: Path) -> str:
    try:
        return str(file.readlink())
    except OSError:
        return ""
