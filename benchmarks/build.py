"""A large archive with all its lists built cold, its feeds alone, and all of it again after one edit: feedsite beside
Hugo, Pelican and Eleventy."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from . import archive, audit, auditlists, corpus, generators, processes, servers
from .auditlists import Counted
from .corpus import Article
from .generators import Generator
from .processes import Cost
from .reading import SUFFIXES
from .servers import Failed
from .tables import Goal, goals, megabytes, table, times
from .wire import Line, request

PROGRAMS = ()
ARTICLES, ROUNDS = 10_000, 3
_EDITED = 3  # the fourth newest: its page, its neighbours' pages, the front page and the feeds change
_SERVED = "feedsite, until it serves"
_BARE = "feedsite, archives: none"
_PATIENCE = 600  # seconds for feedsite to serve what it never read before


@dataclass(frozen=True, slots=True, kw_only=True)
class Peers:
    """Who builds. `often` is measured in each round, `cold` and `again` once, for they take minutes.

    `own` and `bare` are feedsite with its defaults and without archives; `rival` is the newest Hugo.
    `versions` says of which version they are, `left_out` who could not come, and why.
    """

    own: Generator
    bare: Generator
    rival: Generator
    often: tuple[Generator, ...]
    feeds_only: Generator
    cold: tuple[Generator, ...]
    again: tuple[Generator, ...]
    versions: tuple[str, ...]
    left_out: tuple[str, ...]


def run(folder: Path, *, is_quick: bool = False) -> str:
    count, rounds = (200, 1) if is_quick else (ARTICLES, ROUNDS)
    peers = _peers(folder)
    for site in (peers.own.folder, peers.bare.folder):
        corpus.write_site(site, [], archive.WINDOW)
    with (peers.bare.folder / "site.yaml").open("a", encoding="utf-8") as settings:
        settings.write("archives: none\n")
    archive.write({peer.folder: peer.form for peer in (*peers.often, *peers.cold)}, range(count))
    articles = [archive.article(age) for age in range(count)]
    cold, lists = _cold(peers, articles, rounds, folder)
    written = {peer.name: megabytes(generators.size(peer.output)) for peer in (*peers.often, *peers.cold)}
    again = _again(peers, articles, rounds, folder)
    feeds_only = _feeds_only(peers, rounds, folder)
    own, rival = peers.own.name, peers.rival.name
    sizes = ", ".join(f"{name} {size}" for name, size in written.items())
    parts = [
        _table(f"cold build, {count:,} articles", cold, cold[own]),
        f"Written, MB: {sizes}.",
        _lists_table(lists[own], lists[rival]),
        _table("its index and feeds only", feeds_only | {rival: cold[rival]}, feeds_only[_SERVED]),
        _table("built again after one edit", again, again[own]),
        *([f"Beside them are {', '.join(peers.versions)}."] if peers.versions else []),
        *peers.left_out,
        goals(_goals(peers, cold | feeds_only, again)),
    ]
    return "\n\n".join(parts)


def _peers(folder: Path) -> Peers:
    left_out: list[str] = []
    versions: list[str] = []
    newest = str(generators.installed_hugo(folder / "hugo-environment"))
    rival = _hugo(folder, newest)
    feeds_only = _hugo(folder, newest, "told to render no page", "feeds.toml")
    own = generators.feedsite(folder / "site", folder / "output of feedsite")
    bare = generators.feedsite(folder / "site without archives", folder / "output of feedsite, bare", name=_BARE)
    often, cold, again = [own, bare, rival], [], []
    if installed := shutil.which("hugo"):
        often.append(_hugo(folder, installed))
    else:
        left_out.append("Left out: Debian's Hugo, which is not installed here.")
    try:
        program = generators.installed_pelican(folder / "pelican-environment")
        versions.append(f"Pelican {generators.version(str(program), '--version')}")
        home = folder / "pelican"
        name = "Pelican, with lists of tags and sections only"
        cold.append(generators.pelican(program, home, folder / "output of pelican", name=name, has_lists=True))
        name, output = "Pelican, with its cache, without lists", folder / "output of pelican, cached"
        again.append(generators.pelican(program, home, output, name=name, is_cached=True))
    except Failed as error:
        left_out.append(f"Left out: {error}.")
    try:
        program = generators.installed_eleventy(folder / "eleventy-environment")
        versions.append(f"Eleventy {generators.version('node', str(program), '--version')}")
        eleventy = generators.eleventy(program, folder / "eleventy", folder / "output of eleventy")
        cold.append(eleventy)
        again.append(eleventy)
    except Failed as error:
        left_out.append(f"Left out: {error}.")
    return Peers(
        own=own,
        bare=bare,
        rival=rival,
        often=tuple(often),
        feeds_only=feeds_only,
        cold=tuple(cold),
        again=tuple(again),
        versions=tuple(versions),
        left_out=tuple(left_out),
    )


def _hugo(folder: Path, program: str, told: str = "", variant: str = "") -> Generator:
    name = ", ".join(filter(None, (f"Hugo {generators.version(program, 'version')}", told)))
    output = folder / f"output of {name}"
    return generators.hugo(folder / "hugo", output, program=program, name=name, variant=variant)


def _cold(
    peers: Peers, articles: Sequence[Article], rounds: int, folder: Path
) -> tuple[dict[str, Cost], dict[str, Mapping[str, Counted]]]:
    """Medians of builds that find nothing of earlier ones; every round asks every peer. And their lists."""
    found: dict[str, list[Cost]] = {}
    for peer in peers.often * rounds + peers.cold:
        peer.forget()
        found.setdefault(peer.name, []).append(_build(peer, folder))
    lists = {peer.name: _audit(peer, articles) for peer in (*peers.often, *peers.cold)}
    return {name: processes.middle(costs) for name, costs in found.items()}, lists


def _again(peers: Peers, articles: Sequence[Article], rounds: int, folder: Path) -> dict[str, Cost]:
    """Medians of builds over the last one, after one article was given a new title."""
    for peer in peers.again:
        if not peer.output.exists():
            _build(peer, folder)  # which fills its cache
    everybody = (*peers.often, *peers.again)
    found: dict[str, list[Cost]] = {}
    for number in range(rounds):
        edited = replace(articles[_EDITED], title=f"Edition {number}")
        for home, form in {peer.folder: peer.form for peer in everybody}.items():
            archive.save(form, home, edited)
        for peer in everybody if number == 0 else peers.often:
            found.setdefault(peer.name, []).append(_build(peer, folder))
            _audit(peer, [*articles[:_EDITED], edited, *articles[_EDITED + 1 :]])
    return {name: processes.middle(costs) for name, costs in found.items()}


def _feeds_only(peers: Peers, rounds: int, folder: Path) -> dict[str, Cost]:
    """feedsite reads everything and draws the feeds before a server answers first; Hugo is told to render no page."""
    built = {suffix: (peers.own.output / f"feed.{suffix}").read_bytes() for suffix in SUFFIXES}
    own, others = [], []
    for _ in range(rounds):
        peers.own.forget()
        with servers.feedsite(peers.own.folder, patience=_PATIENCE) as server:
            held = processes.held(server.process.pid)
            own.append(Cost(wall=server.ready_after, cpu=server.cpu_seconds(), memory=held))
            with Line(server.port) as line:
                if any(line.get(request(f"/feed.{suffix}")).content != feed for suffix, feed in built.items()):
                    raise Failed("feedsite serves other feeds than it builds")
        peers.feeds_only.forget()
        others.append(_build(peers.feeds_only, folder))
    return {_SERVED: processes.middle(own), peers.feeds_only.name: processes.middle(others)}


def _build(peer: Generator, folder: Path) -> Cost:
    return processes.cost(peer.command, peer.folder, folder / "log", peer.environment)


def _audit(peer: Generator, articles: Sequence[Article]) -> Mapping[str, Counted]:
    """The lists that it has, by kind; of a peer that has not the same as feedsite none."""
    audit.pages(peer.name, peer.output, articles)
    audit.feeds(peer.name, peer.output, articles)
    return auditlists.lists(peer.name, peer.output, peer.lists, articles) if peer.lists else {}


def _lists_table(own: Mapping[str, Counted], rival: Mapping[str, Counted]) -> str:
    head = ("lists that both have", "lists", "pages, feedsite", "pages, Hugo", "feeds")
    rows = [(kind, *map(str, (each.lists, each.pages, rival[kind].pages, each.feeds))) for kind, each in own.items()]
    return table(head, rows)


def _table(title: str, costs: Mapping[str, Cost], own: Cost) -> str:
    head = (title, "seconds", "feedsite takes ... times as long", "CPU seconds", "memory, MB")
    rows = [
        (name, f"{each.wall:.2f}", times(own.wall / each.wall), f"{each.cpu:.2f}", megabytes(each.memory))
        for name, each in costs.items()
    ]
    return table(head, rows)


def _goals(peers: Peers, cold: Mapping[str, Cost], again: Mapping[str, Cost]) -> list[Goal]:
    def goal(name: str, wanted: float, measured: float) -> Goal:
        return Goal(name=f"{name}, of Hugo's", wanted=wanted, measured=measured, is_at_least=False)

    def builds(name: str, of: Generator) -> list[Goal]:
        own, hugo = cold[of.name], cold[peers.rival.name]
        return [
            goal(f"{name}, CPU", 1.5, own.cpu / hugo.cpu),
            goal(f"{name}, time", 1.5, own.wall / hugo.wall),
            goal(f"{name}, memory", 0.1, own.memory / hugo.memory),
        ]

    own, hugo = again[peers.own.name], again[peers.rival.name]
    return [
        *builds("cold build", peers.own),
        *builds("without archives", peers.bare),
        goal("after one edit, time", 0.08, own.wall / hugo.wall),
        goal("after one edit, CPU", 0.08, own.cpu / hugo.cpu),
        goal("index and feeds only, time", 0.5, cold[_SERVED].wall / cold[peers.rival.name].wall),
    ]
