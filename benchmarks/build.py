"""A large archive built cold, its feeds alone, and all of it again after one edit: feedsite beside Hugo and Pelican."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from . import archive, audit, corpus, generators, processes, servers
from .corpus import Article
from .generators import Generator
from .processes import Cost
from .reading import SUFFIXES
from .servers import Failed
from .tables import Goal, goals, megabytes, table, times
from .wire import Line, request

PROGRAMS = ("hugo",)
ARTICLES, ROUNDS = 10_000, 3
_EDITED = 3  # the fourth newest: its page, its neighbours' pages, the front page and the feeds change
_SERVED = "feedsite, until it serves"
_LISTS = "with lists of tags and sections"
_PATIENCE = 600  # seconds for feedsite to serve what it never read before


@dataclass(frozen=True, slots=True, kw_only=True)
class Peers:
    """Who builds. `often` is measured in each round, `cold` and `again` once, for they take minutes.

    `versions` says of which version they are, `left_out` who could not come, and why.
    """

    own: Generator
    often: tuple[Generator, ...]
    feeds_only: Generator
    cold: tuple[Generator, ...]
    again: tuple[Generator, ...]
    versions: tuple[str, ...]
    left_out: tuple[str, ...]


def run(folder: Path, *, is_quick: bool = False) -> str:
    count, rounds = (200, 1) if is_quick else (ARTICLES, ROUNDS)
    peers = _peers(folder)
    corpus.write_site(peers.own.folder, [], archive.WINDOW)
    archive.write({peer.form: peer.folder for peer in (*peers.often, *peers.cold)}, range(count))
    articles = [archive.article(age) for age in range(count)]
    cold = _cold(peers, articles, rounds, folder)
    written = {peer.name: megabytes(generators.size(peer.output)) for peer in (*peers.often, *peers.cold)}
    again = _again(peers, articles, rounds, folder)
    feeds_only = _feeds_only(peers, rounds, folder)
    own = peers.own.name
    sizes = ", ".join(f"{name} {size}" for name, size in written.items())
    parts = [
        _table(f"cold build, {count:,} articles", cold, cold[own]),
        f"Written, MB: {sizes}.",
        _table("its index and feeds only", feeds_only | {"Hugo": cold["Hugo"]}, feeds_only[_SERVED]),
        _table("built again after one edit", again, again[own]),
        f"The peers are {', '.join(peers.versions)}.",
        *peers.left_out,
        goals(_goals(cold | feeds_only, again)),
    ]
    return "\n\n".join(parts)


def _peers(folder: Path) -> Peers:
    def hugo(name: str, variant: str) -> Generator:
        return generators.hugo(folder / "hugo", folder / f"output of {name}", name=name, variant=variant)

    own = generators.feedsite(folder / "feedsite", folder / "output of feedsite")
    cold, again, left_out = [], [], []
    versions = [f"Hugo {generators.version('hugo', 'version')}"]
    try:
        program = generators.installed_pelican(folder / "pelican-environment")
        versions.append(f"Pelican {generators.version(str(program), '--version')}")
        home = folder / "pelican"
        cold.append(generators.pelican(program, home, folder / "output of pelican", name="Pelican"))
        cold.append(
            generators.pelican(
                program, home, folder / "output of pelican, lists", name=f"Pelican, {_LISTS}", has_lists=True
            )
        )
        again.append(
            generators.pelican(
                program, home, folder / "output of pelican, cached", name="Pelican, with its cache", is_cached=True
            )
        )
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
        often=(own, hugo("Hugo", ""), hugo(f"Hugo, {_LISTS}", "lists.toml")),
        feeds_only=hugo("Hugo, told to render no page", "feeds.toml"),
        cold=tuple(cold),
        again=tuple(again),
        versions=tuple(versions),
        left_out=tuple(left_out),
    )


def _cold(peers: Peers, articles: Sequence[Article], rounds: int, folder: Path) -> dict[str, Cost]:
    """Medians of builds that find nothing of earlier ones; every round asks every peer."""
    found: dict[str, list[Cost]] = {}
    for peer in peers.often * rounds + peers.cold:
        peer.forget()
        found.setdefault(peer.name, []).append(_build(peer, folder))
    for peer in (*peers.often, *peers.cold):
        _audit(peer, articles)
    return {name: processes.middle(costs) for name, costs in found.items()}


def _again(peers: Peers, articles: Sequence[Article], rounds: int, folder: Path) -> dict[str, Cost]:
    """Medians of builds over the last one, after one article was given a new title."""
    for peer in peers.again:
        if not peer.output.exists():
            _build(peer, folder)  # which fills its cache
    everybody = (*peers.often, *peers.again)
    found: dict[str, list[Cost]] = {}
    for number in range(rounds):
        edited = replace(articles[_EDITED], title=f"Edition {number}")
        for form, home in {peer.form: peer.folder for peer in everybody}.items():
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


def _audit(peer: Generator, articles: Sequence[Article]) -> None:
    audit.pages(peer.name, peer.output, articles)
    audit.feeds(peer.name, peer.output, articles)


def _table(title: str, costs: Mapping[str, Cost], own: Cost) -> str:
    head = (title, "seconds", "feedsite takes ... times as long", "CPU seconds", "memory, MB")
    rows = [
        (name, f"{each.wall:.2f}", times(own.wall / each.wall), f"{each.cpu:.2f}", megabytes(each.memory))
        for name, each in costs.items()
    ]
    return table(head, rows)


def _goals(cold: Mapping[str, Cost], again: Mapping[str, Cost]) -> list[Goal]:
    def goal(name: str, wanted: float, measured: float) -> Goal:
        return Goal(name=name, wanted=wanted, measured=measured, is_at_least=False)

    own, hugo = cold["feedsite"], cold["Hugo"]
    reached = [
        goal("cold build, of Hugo's time", 0.7, own.wall / hugo.wall),
        goal("cold build, of Hugo's memory", 0.1, own.memory / hugo.memory),
        goal("index and feeds only, of Hugo's time", 0.5, cold[_SERVED].wall / hugo.wall),
        goal("after one edit, of Hugo's time", 0.05, again["feedsite"].wall / again["Hugo"].wall),
    ]
    if pelican := cold.get("Pelican"):
        reached.insert(1, goal("cold build, of Pelican's time", 0.1, own.wall / pelican.wall))
    return reached
