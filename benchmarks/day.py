"""A day of ten thousand subscribers, replayed against feedsite and against nginx with the same feeds as files.

The day's time is simulated: between two changes every poll that is due is really sent; at a change the file is really
written, and the replay goes on when the server serves it. Every subscriber keeps what it is told and is wronged if it
misses an entry: a replay that ends is a proof for its day.
"""

import gzip
import os
import time
from bisect import bisect_left
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from . import corpus, reading, servers
from .corpus import Article
from .reading import SUFFIXES, Entries
from .servers import Failed, Server
from .subscribers import BEHAVIOURS, DELTA, Behaviour, Subscriber, Tally, polls, subscribers
from .tables import Goal, goals, megabytes, percent, table, times
from .wire import Line, request

PROGRAMS = ("nginx",)
SUBSCRIBERS = 10_000
ARTICLES, WINDOW, WORDS = 120, 50, 400
MIDNIGHT = corpus.NEWEST.replace(hour=0) + timedelta(days=1)
NEW = "06:00 07:20 08:10 09:30 10:40 11:50 13:10 14:20 15:40 17:00 18:30 21:00".split()
MENDED = "10:05 16:20".split()  # an editor mends words in an article of the window, and changes no date
CONNECTIONS = 32
_PATIENCE = 10  # seconds until a change is served


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """What is published from a second of the day on: the article that changed, the feeds by suffix, what they hold."""

    second: int
    article: Article | None
    documents: Mapping[str, bytes]
    entries: Mapping[str, Entries]

    @property
    def moment(self) -> datetime:
        return MIDNIGHT + timedelta(seconds=self.second)


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """How a server did. `seconds` is how long it took, client included."""

    tallies: Mapping[Behaviour, Tally]
    cpu_seconds: float
    seconds: float

    @property
    def total(self) -> Tally:
        whole = Tally()
        for tally in self.tallies.values():
            whole.subscribers += tally.subscribers
            whole.statuses += tally.statuses
            whole.sent += tally.sent
        return whole


def run(folder: Path, *, is_quick: bool = False) -> str:
    everybody = subscribers(SUBSCRIBERS // (20 if is_quick else 1))
    first = list(corpus.articles(ARTICLES, WORDS))
    versions = _versions(folder, first)
    site = folder / "site"
    corpus.write_site(site, first, WINDOW)
    with servers.feedsite(site) as server:
        own = _replayed(server, everybody, versions, lambda version: _save(site, version))
    root = folder / "nginx" / "root"
    root.mkdir(parents=True)
    _lay_out(root, versions[0])
    with servers.nginx(folder / "nginx") as server:
        peer = _replayed(server, everybody, versions, lambda version: _lay_out(root, version))
    goal = Goal(name="bytes, of nginx's", wanted=0.2, measured=own.total.bytes / peer.total.bytes, is_at_least=False)
    return "\n\n".join(
        [
            _sizes(versions[-1].documents),
            _summary(own, peer),
            _by_behaviour(own, peer),
            _by_share(own, peer),
            goals([goal]),
        ]
    )


def _versions(folder: Path, first: Sequence[Article]) -> list[Version]:
    """The day as it will be published: `feedsite build` tells the feeds after each change."""
    site, output = folder / "draft", folder / "export"
    corpus.write_site(site, first, WINDOW)
    versions = []
    for second, article in [(0, None), *_changes(first)]:
        if article:
            corpus.write_article(site, article)
        servers.build(site, output)
        documents = {suffix: (output / f"feed.{suffix}").read_bytes() for suffix in SUFFIXES}
        entries = {suffix: reading.entries(document, suffix) for suffix, document in documents.items()}
        versions.append(Version(second=second, article=article, documents=documents, entries=entries))
    return versions


def _changes(first: Sequence[Article]) -> list[tuple[int, Article]]:
    changes = []
    for place, clock in enumerate(NEW):
        second = _second(clock)
        changes.append((second, corpus.article(len(first) + place, MIDNIGHT + timedelta(seconds=second), WORDS)))
    for place, clock in enumerate(MENDED):
        old = first[-3 - 5 * place]
        changes.append((_second(clock), replace(old, body=f"{old.body}\n\nA comma was set.")))
    return sorted(changes, key=lambda change: change[0])


def _second(clock: str) -> int:
    hours, minutes = clock.split(":")
    return 3600 * int(hours) + 60 * int(minutes)


def _save(site: Path, version: Version) -> None:
    if version.article:
        corpus.write_article(site, version.article)


def _lay_out(root: Path, version: Version) -> None:
    """Each file replaced whole, packed beside it, dated as the day has it."""
    moment = version.moment.timestamp()
    for suffix, document in version.documents.items():
        for name, content in (
            (f"feed.{suffix}", document),
            (f"feed.{suffix}.gz", gzip.compress(document, 6, mtime=0)),
        ):
            part = root / "part"
            part.write_bytes(content)
            os.utime(part, (moment, moment))
            os.replace(part, root / name)


def _replayed(
    server: Server, everybody: Sequence[Subscriber], versions: Sequence[Version], publish: Callable[[Version], None]
) -> Replay:
    due = polls(everybody)
    bounds = [0, *(bisect_left(due, (version.second, 0)) for version in versions[1:]), len(due)]
    with ExitStack() as open_lines:
        lines = [open_lines.enter_context(Line(server.port)) for _ in range(CONNECTIONS)]
        for subscriber in everybody:
            subscriber.forget()
        _await(lines[0], versions[0])
        _poll(lines, everybody, versions[0])  # they subscribed yesterday; that is not counted
        tallies = {behaviour: Tally() for behaviour, _ in BEHAVIOURS}
        for subscriber in everybody:
            subscriber.tally = tallies[subscriber.behaviour]
            subscriber.tally.subscribers += 1
        cpu, begun = server.cpu_seconds(), time.perf_counter()
        for number, version in enumerate(versions):
            if number:
                publish(version)
                _await(lines[0], version)
            _poll(lines, (everybody[who] for _, who in due[bounds[number] : bounds[number + 1]]), version)
        replay = Replay(tallies=tallies, cpu_seconds=server.cpu_seconds() - cpu, seconds=time.perf_counter() - begun)
    for subscriber in everybody:
        if lost := reading.lost(subscriber.held, versions[-1].entries[subscriber.suffix]):
            raise Failed(f"a subscriber ({subscriber.behaviour.name}) ends the day without {min(lost)} as it is")
    return replay


def _poll(lines: Sequence[Line], due: Iterable[Subscriber], version: Version) -> None:
    """One poll of each, in their order, as many at a time as there are lines."""
    idle = list(lines)
    asked: deque[tuple[Line, Subscriber]] = deque()

    def take() -> Line:
        line, subscriber = asked.popleft()
        subscriber.take(line.answer(), version.entries[subscriber.suffix])
        return line

    for subscriber in due:
        line = idle.pop() if idle else take()
        line.ask(subscriber.request)
        asked.append((line, subscriber))
    while asked:
        take()


def _await(line: Line, version: Version) -> None:
    """Until every feed is the new one, byte for byte, and has its date: feedsite tells that two seconds later."""
    until = time.monotonic() + _PATIENCE
    for suffix, document in version.documents.items():
        while (answer := line.get(request(f"/feed.{suffix}"))).content != document or not answer.head.modified:
            if time.monotonic() > until:
                raise Failed(f"feed.{suffix} is not, {_PATIENCE} seconds after a change, what feedsite build wrote")
            time.sleep(0.02)


def _sizes(documents: Mapping[str, bytes]) -> str:
    told = (
        f"{suffix} {len(document):,} bytes ({len(gzip.compress(document, 6, mtime=0)):,} in gzip)"
        for suffix, document in documents.items()
    )
    return f"The feeds at the end of the day: {', '.join(told)}."


def _summary(own: Replay, peer: Replay) -> str:
    def row(name: str, figure: Callable[[Replay], float], form: str) -> tuple[str, ...]:
        mine, others = figure(own), figure(peer)
        return name, format(mine, form), format(others, form), times(mine / others) if others else "-"

    def status(code: int) -> tuple[str, ...]:
        totals = [replay.total for replay in (own, peer)]
        return f"answers {code}", *(percent(total.statuses[code], total.requests) for total in totals), ""

    def size(code: int) -> tuple[str, ...]:
        totals = [replay.total for replay in (own, peer)]
        each = [total.sent[code] / total.statuses[code] if total.statuses[code] else 0 for total in totals]
        return f"bytes of a {code}", *(f"{size:,.0f}" if size else "-" for size in each), ""

    return table(
        ("", "feedsite", "nginx", "ratio"),
        [
            row("requests", lambda replay: replay.total.requests, ",.0f"),
            *(status(code) for code in (200, 226, 304)),
            *(size(code) for code in (200, 226, 304)),
            row("megabytes sent", lambda replay: replay.total.bytes / 1e6, ",.1f"),
            row("bytes a subscriber", lambda replay: replay.total.bytes / replay.total.subscribers, ",.0f"),
            row("CPU seconds of the server", lambda replay: replay.cpu_seconds, ",.1f"),
            row("CPU microseconds an answer", lambda replay: 1e6 * replay.cpu_seconds / replay.total.requests, ",.0f"),
            row("seconds of the replay", lambda replay: replay.seconds, ",.0f"),
        ],
    )


def _by_behaviour(own: Replay, peer: Replay) -> str:
    rows = []
    for behaviour, tally in own.tallies.items():
        others = peer.tallies[behaviour]
        rows.append(
            (
                behaviour.name,
                percent(tally.subscribers, own.total.subscribers),
                *(percent(tally.statuses[code], tally.requests) for code in (200, 226, 304)),
                megabytes(tally.bytes),
                percent(tally.bytes, own.total.bytes),
                megabytes(others.bytes),
                times(tally.bytes / others.bytes),
            )
        )
    head = ("who sends", "subscribers", "200", "226", "304", "feedsite MB", "of its bytes", "nginx MB", "ratio")
    return table(head, rows)


def _by_share(own: Replay, peer: Replay) -> str:
    """The same day with more or fewer readers that take deltas, the others in the same proportions."""

    def each(replay: Replay, share: float) -> float:
        """Bytes a subscriber."""
        rest = [tally for behaviour, tally in replay.tallies.items() if behaviour is not DELTA]
        delta = replay.tallies[DELTA]
        others = sum(tally.bytes for tally in rest) / sum(tally.subscribers for tally in rest)
        return share * delta.bytes / delta.subscribers + (1 - share) * others

    shares = (0.0, 0.25, 0.5, 0.75, 0.9, 1.0)
    return table(
        ("share of A-IM: feed", *(f"{share:.0%}" for share in shares)),
        [("bytes, of nginx's", *(times(each(own, share) / each(peer, share)) for share in shares))],
    )
