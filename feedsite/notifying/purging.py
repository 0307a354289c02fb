"""Tells caches in front of the site what changed, so that they drop it at once; each cache each change once.

A cache is asked by PURGE, a method that no standard knows and Varnish's users agree on. The keys of what it is to drop
stand in Surrogate-Key; it answers 200, and in Purged how many answers it held (deploy/varnish.vcl).

A memory, purged.json in the cache folder, holds the fingerprint of each path as caches were last told of
it, and the paths that each of them lacks still: of several one may have been down.
"""

import re
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from .. import surrogate
from ..site import Site
from ..wording import counted
from .client import USUAL, Client, RetryPolicy, Unreached
from .sent import alone, remember, remembered

MEMORY = "purged.json"  # in the cache folder
EVERYTHING = "everything"  # in the place of a path
_TOGETHER = 500  # keys in a request, 6.5 kB: Varnish takes 8 kB in a field (http_req_hdr_len)
_MOST = 10_000  # paths that a cache is told of one by one; where more changed it drops everything
_IN_A_LINE = 1000  # paths in a line of the memory
_UNKNOWN = "it does not know PURGE; configure it as deploy/varnish.vcl does"
_MEANINGS = {
    200: "but it drops nothing by key; configure it as deploy/varnish.vcl does",
    403: "it takes no PURGE from this machine; add the machine to those that may (acl)",
    404: _UNKNOWN,
    405: _UNKNOWN,
    501: _UNKNOWN,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A site's id, and the fingerprint of what stands at each of its paths."""

    site: str
    fingerprints: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Purged:
    """What became of one cache. `paths` changed, and `dropped` is the number of answers that it held of them.

    `problem` is "" where it dropped them.
    """

    cache: str
    paths: tuple[str, ...]
    dropped: int = 0
    problem: str = ""

    def __str__(self) -> str:
        what = EVERYTHING if EVERYTHING in self.paths else counted(len(self.paths), "path")
        told = f"{what} purged, {counted(self.dropped, 'answer')} dropped"
        return f"{self.cache}: {self.problem or told}"


def standing(site: Site) -> Standing:
    with site.view():
        fingerprints = {planned.path: planned.fingerprint for planned in site.plan}
    return Standing(site=site.id, fingerprints=fingerprints)


def lacking(now: Standing, caches: Sequence[str], memory: Path) -> dict[str, tuple[str, ...]]:
    """The paths that each of these caches would be told of now. Raises FeedsiteError."""
    lacks = _lacks(now, caches, memory)
    return {cache: lacks[cache] for cache in caches}


def purge(
    now: Standing, caches: Sequence[str], memory: Path, patience: RetryPolicy = USUAL
) -> Generator[Purged, None, None]:
    """Tells each cache that lacks anything what changed, and the caller what became of it.

    What a cache did not take it is told in the next run. A cache of which nothing is remembered drops all that it has
    of this site. Raises FeedsiteError where nothing can be remembered.
    """
    with alone(memory), Client(patience) as agent:
        lacks = _lacks(now, caches, memory)
        for cache in dict.fromkeys(caches):
            if lacks[cache]:
                purged = _purged(agent, cache, lacks[cache], now.site)
                if not purged.problem:
                    lacks[cache] = ()
                    remember(memory, [{"site": now.site, "lacks": lacks}, *_in_lines(now.fingerprints)])
                yield purged


def _purged(agent: Client, cache: str, paths: tuple[str, ...], site: str) -> Purged:
    keys = [surrogate.of_path(site, path) for path in paths]
    if EVERYTHING in paths:
        keys = [surrogate.of_site(site)]
    dropped = 0
    for start in range(0, len(keys), _TOGETHER):
        try:
            answer = agent.send("PURGE", cache, {surrogate.FIELD: " ".join(keys[start : start + _TOGETHER])})
        except Unreached as error:
            return Purged(cache=cache, paths=paths, problem=str(error))
        count = answer.headers.get("Purged", "")
        if answer.status != 200 or not re.fullmatch("[0-9]{1,9}", count):
            meaning = _MEANINGS.get(answer.status)
            told = f"it answered {answer.line}" + (f" and leads to {answer.target}" if answer.target else "")
            meaning = meaning or (answer.target and "if the cache has moved there, write that address into `purge`")
            return Purged(cache=cache, paths=paths, problem=f"{told}: {meaning}" if meaning else told)
        dropped += int(count)
    return Purged(cache=cache, paths=paths, dropped=dropped)


def _lacks(now: Standing, caches: Sequence[str], memory: Path) -> dict[str, tuple[str, ...]]:
    """What every cache lacks that is remembered or named."""
    known, former = _known(memory, now.site)
    changed = [path for path, fingerprint in now.fingerprints.items() if known.get(path) != fingerprint]
    changed += [path for path in known if path not in now.fingerprints]
    lacks = {cache: tuple(dict.fromkeys((*paths, *changed))) for cache, paths in former.items()}
    lacks |= {cache: (EVERYTHING,) for cache in caches if cache not in former}
    return {cache: paths if _is_told_singly(paths) else (EVERYTHING,) for cache, paths in lacks.items()}


def _is_told_singly(paths: tuple[str, ...]) -> bool:
    return EVERYTHING not in paths and len(paths) <= _MOST


def _known(memory: Path, site: str) -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    """Fingerprints by path, and paths by cache; nothing where the memory is damaged, or that of another site."""
    try:
        head, *lines = remembered(memory)
        if head["site"] != site:
            return {}, {}
        paths = {path: str(fingerprint) for line in lines for path, fingerprint in line.items()}
        return paths, {cache: tuple(map(str, lacked)) for cache, lacked in head["lacks"].items()}
    except (LookupError, ValueError, TypeError, AttributeError):
        return {}, {}


def _in_lines(fingerprints: Mapping[str, str]) -> Iterator[dict[str, str]]:
    left = iter(fingerprints.items())
    while line := dict(islice(left, _IN_A_LINE)):
        yield line
