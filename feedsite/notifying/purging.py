"""Has the caches in front of the site drop what changed; each cache is notified of each change once.

The method is PURGE, which is in no standard; Varnish's users agree on it. The keys of what a cache is to drop stand in
Surrogate-Key; it answers 200, and has in Purged how many answers it dropped (deploy/varnish.vcl).

purged.json in the cache folder has the state of the site of which the caches were notified last (changes.State), and
the paths of which each cache is still to be notified: one of several may have been down. Of processes that have an
index of their own, each has a state there.
"""

import re
from collections.abc import Callable, Generator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from .. import surrogate
from ..changes import State, later, state_of
from ..site import Site
from ..wording import counted
from . import sent
from .client import USUAL, Client, RetryPolicy, Unreached

SENT = "purged.json"  # in the cache folder
EVERYTHING = "everything"  # in the place of a path
_TOGETHER = 500  # keys in a request, 6.5 kB: Varnish takes 8 kB in a field (http_req_hdr_len)
_MOST = 10_000  # paths that a cache drops one by one; where more changed it drops everything
_MOST_STATES = 8
_UNKNOWN = "it does not know PURGE; configure it as deploy/varnish.vcl does"
_MEANINGS = {
    200: "but it drops nothing by key; configure it as deploy/varnish.vcl does",
    403: "it takes no PURGE from this machine; add the machine to those that may (acl)",
    404: _UNKNOWN,
    405: _UNKNOWN,
    501: _UNKNOWN,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A site's id and state, and what returns the paths that changed since a state; None where it cannot be known."""

    site: str
    state: State | None
    changed: Callable[[State | None], tuple[str, ...] | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Purged:
    """What became of one cache. `paths` changed, and the cache dropped so many answers of them.

    `problem` is "" where it did.
    """

    cache: str
    paths: tuple[str, ...]
    dropped: int = 0
    problem: str = ""

    def __str__(self) -> str:
        what = EVERYTHING if EVERYTHING in self.paths else counted(len(self.paths), "path")
        done = f"{what} purged, {counted(self.dropped, 'answer')} dropped"
        return f"{self.cache}: {self.problem or done}"


def published(site: Site) -> Published:
    return Published(site=site.id, state=site.plan.state, changed=partial(site.changed_paths, most=_MOST + 1))


def outdated(now: Published, caches: Sequence[str], file: Path) -> dict[str, tuple[str, ...]]:
    """The paths that each of these caches is to drop. Raises FeedsiteError."""
    paths, _ = _outdated(now, caches, file)
    return {cache: paths[cache] for cache in caches}


def purge(
    now: Published, caches: Sequence[str], file: Path, policy: RetryPolicy = USUAL
) -> Generator[Purged, None, None]:
    """Has each cache drop what changed, and yields what became of it.

    What a cache did not drop it is to drop in the next run. A cache that the file does not name drops all that it has
    of this site. Raises FeedsiteError where the file cannot be written.
    """
    with sent.locked(file), Client(policy) as client:
        paths, states = _outdated(now, caches, file)
        for cache in dict.fromkeys(caches):
            if paths[cache]:
                purged = _purged(client, cache, paths[cache], now.site)
                if not purged.problem:
                    paths[cache] = ()
                    sent.write(file, [{"site": now.site, "states": list(map(asdict, states)), "lacks": paths}])
                yield purged


def _purged(client: Client, cache: str, paths: tuple[str, ...], site: str) -> Purged:
    keys = [surrogate.of_path(site, path) for path in paths]
    if EVERYTHING in paths:
        keys = [surrogate.of_site(site)]
    dropped = 0
    for start in range(0, len(keys), _TOGETHER):
        try:
            answer = client.send("PURGE", cache, {surrogate.FIELD: " ".join(keys[start : start + _TOGETHER])})
        except Unreached as error:
            return Purged(cache=cache, paths=paths, problem=str(error))
        count = answer.headers.get("Purged", "")
        if answer.status != 200 or not re.fullmatch("[0-9]{1,9}", count):
            meaning = _MEANINGS.get(answer.status)
            problem = f"it answered {answer.line}" + (f" and leads to {answer.target}" if answer.target else "")
            meaning = meaning or (answer.target and "if the cache has moved there, write that address into `purge`")
            return Purged(cache=cache, paths=paths, problem=f"{problem}: {meaning}" if meaning else problem)
        dropped += int(count)
    return Purged(cache=cache, paths=paths, dropped=dropped)


def _outdated(now: Published, caches: Sequence[str], file: Path) -> tuple[dict[str, tuple[str, ...]], list[State]]:
    """The paths that each cache is to drop which the file or the caller names; and the states up to which they were
    notified when that is done.
    """
    states, left = _sent(file, now.site)
    journal = now.state.journal if now.state else ""
    known = next((state for state in states if state.journal == journal), None)
    changed = now.changed(known)
    outdated = {
        cache: (EVERYTHING,) if changed is None else tuple(dict.fromkeys((*paths, *changed)))
        for cache, paths in left.items()
    }
    outdated |= {cache: (EVERYTHING,) for cache in caches if cache not in left}
    others = [state for state in states if state is not known]
    reached = [*others, later(now.state, known)][-_MOST_STATES:] if now.state else others
    return {cache: paths if _is_by_path(paths) else (EVERYTHING,) for cache, paths in outdated.items()}, reached


def _is_by_path(paths: tuple[str, ...]) -> bool:
    return EVERYTHING not in paths and len(paths) <= _MOST


def _sent(file: Path, site: str) -> tuple[list[State], dict[str, tuple[str, ...]]]:
    """States, and outdated paths by cache; nothing where the file is damaged, or another site's."""
    try:
        (value,) = sent.read(file)
        if value["site"] != site:
            return [], {}
        lacks = {cache: tuple(map(str, outdated)) for cache, outdated in value["lacks"].items()}
        return [state_of(members) for members in value["states"]], lacks
    except (LookupError, ValueError, TypeError, AttributeError):
        return [], {}
