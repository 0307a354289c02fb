"""How many polls a second: feedsite beside nginx, beside its own view in Flask, beside a naive Flask app."""

import gzip
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from . import apps, corpus, reading, servers, wrk
from .servers import Failed, Server
from .tables import Goal, goals, table, times
from .wire import Answer, Line, request

PROGRAMS = ("nginx", "wrk")
WINDOW, WORDS = 20, 190  # make a feed of some 60 kB
PATH = "/feed.rss"
ROUNDS, SECONDS = 5, 2
CASES = ("304", "gzip 200", "identity 200")


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """`is_exact`: it serves the very bytes of feedsite's feed, and not only the same articles."""

    name: str
    server: Server
    is_exact: bool = True


def run(folder: Path, *, is_quick: bool = False) -> str:
    rounds, seconds = (1, 1) if is_quick else (ROUNDS, SECONDS)
    with _peers(folder) as (peers, feed):
        sizes = f"The feed has {len(feed):,} bytes, {len(gzip.compress(feed, 6, mtime=0)):,} in gzip."
        measured = _measured(peers, feed, rounds, seconds)
    tables = "\n\n".join(_case_table(case, peers, measured) for case in CASES)
    return f"{sizes}\n\n{tables}\n\n{goals(_goals(measured))}"


@contextmanager
def _peers(folder: Path) -> Iterator[tuple[list[Peer], bytes]]:
    site = folder / "site"
    corpus.write_site(site, corpus.articles(WINDOW + 10, WORDS), WINDOW)
    servers.build(site, folder / "export")
    exported = folder / "export" / "feed.rss"
    feed = exported.read_bytes()
    root = folder / "nginx" / "root"
    root.mkdir(parents=True)
    (root / "feed.rss").write_bytes(feed)
    (root / "feed.rss.gz").write_bytes(gzip.compress(feed, 6, mtime=0))
    with ExitStack() as running:
        start = running.enter_context
        flask_view = servers.granian("benchmarks.apps:flask_view", folder / "flask.log", {apps.SITE: str(site)})
        naive = servers.granian("benchmarks.apps:naive", folder / "naive.log", {apps.FEED: str(exported)})
        yield (
            [
                Peer(name="nginx", server=start(servers.nginx(folder / "nginx"))),
                Peer(name="feedsite", server=start(servers.feedsite(site))),
                Peer(name="Flask view", server=start(flask_view)),
                Peer(name="naive", server=start(naive), is_exact=False),
            ],
            feed,
        )


def _measured(peers: list[Peer], feed: bytes, rounds: int, seconds: int) -> dict[tuple[str, str], wrk.Load]:
    """The medians over the rounds; every round asks every peer, so that a slow minute hits them all."""
    headers = {peer.name: _verified(peer, feed) for peer in peers}
    loads: dict[tuple[str, str], list[wrk.Load]] = {}
    for _ in range(rounds):
        for case in CASES:
            for peer in peers:
                load = wrk.run(peer.server.url(PATH), seconds, headers[peer.name][case])
                if load.errors:
                    raise Failed(f"{peer.name} failed in {load.errors} of {load.requests} answers ({case})")
                loads.setdefault((case, peer.name), []).append(load)
    for peer in peers:
        _verified(peer, feed)
    return {key: _median(found) for key, found in loads.items()}


def _verified(peer: Peer, feed: bytes) -> Mapping[str, Mapping[str, str]]:
    """The headers of each case, after one answer to each was found right."""
    with Line(peer.server.port) as line:
        plain = line.get(request(PATH))
        packed = line.get(request(PATH, {"Accept-Encoding": "gzip"}))
        known = {"Accept-Encoding": "gzip", "If-None-Match": packed.head.etag.decode()}
        fresh = line.get(request(PATH, known))
    said: list[tuple[Answer, int, str]] = [(plain, 200, ""), (packed, 200, "gzip"), (fresh, 304, "")]
    for answer, status, coding in said:
        if (answer.head.status, answer.head.coding) != (status, coding):
            raise Failed(f"{peer.name} answers {answer.head} where {status} {coding or 'identity'} is expected")
    for answer in (plain, packed):
        if answer.content != feed and (peer.is_exact or not _is_alike(answer.content, feed)):
            raise Failed(f"{peer.name} does not serve the same feed")
    return {"304": known, "gzip 200": {"Accept-Encoding": "gzip"}, "identity 200": {}}


def _is_alike(document: bytes, feed: bytes) -> bool:
    """The same articles, in as many bytes but for a twentieth."""
    ids = [{id_ for id_, _ in reading.entries(each, "rss")} for each in (document, feed)]
    return ids[0] == ids[1] and abs(len(document) - len(feed)) < len(feed) / 20


def _median(loads: list[wrk.Load]) -> wrk.Load:
    def middle(figure: Callable[[wrk.Load], float]) -> float:
        return median(map(figure, loads))

    return wrk.Load(
        per_second=middle(lambda load: load.per_second),
        p50=middle(lambda load: load.p50),
        p99=middle(lambda load: load.p99),
        requests=sum(load.requests for load in loads),
        errors=0,
    )


def _case_table(case: str, peers: list[Peer], measured: Mapping[tuple[str, str], wrk.Load]) -> str:
    own = measured[case, "feedsite"].per_second
    rows = []
    for peer in peers:
        load = measured[case, peer.name]
        rows.append(
            (
                peer.name,
                f"{load.per_second:,.0f}",
                times(own / load.per_second),
                f"{load.p50:.2f} ms",
                f"{load.p99:.2f} ms",
            )
        )
    return table((case, "a second", "feedsite does ... times as many", "p50", "p99"), rows)


def _goals(measured: Mapping[tuple[str, str], wrk.Load]) -> list[Goal]:
    def ratio(case: str, other: str) -> float:
        return measured[case, "feedsite"].per_second / measured[case, other].per_second

    def slower(case: str) -> float:
        return measured[case, "feedsite"].p99 / measured[case, "nginx"].p99

    return [
        Goal(name="304, of nginx's", wanted=0.5, measured=ratio("304", "nginx"), is_at_least=True),
        Goal(name="gzip 200, of nginx's", wanted=0.5, measured=ratio("gzip 200", "nginx"), is_at_least=True),
        *(
            Goal(name=f"{case}, of the Flask view's", wanted=6, measured=ratio(case, "Flask view"), is_at_least=True)
            for case in CASES[:2]
        ),
        *(
            Goal(name=f"{case}, of the naive app's", wanted=60, measured=ratio(case, "naive"), is_at_least=True)
            for case in CASES[:2]
        ),
        *(
            Goal(name=f"{case}, p99 of nginx's", wanted=3, measured=slower(case), is_at_least=False)
            for case in CASES[:2]
        ),
    ]
