"""The Site written into a folder: the same bytes that are served, only what changed, each file whole or not at all.

.feedsite/written.json in the folder is the memory of what was written (manifest.py), so that a later build draws, reads
and removes only what it must. .feedsite/begun.json names what is about to be written: whenever a build is killed, no
file is forgotten.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from functools import partial
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from ..plan import Planned
from ..site import Site
from . import drawing, manifest, names
from .builds import Builds
from .files import Folder, Stat
from .manifest import UNKNOWN, Change, Foreign, Refused, Row


class _Task(NamedTuple):
    """A file to draw. `digest` is that of the bytes it is known to hold, "" where nothing is known.

    A foreign one stands there already, and feedsite did not write it.
    """

    name: str
    path: str
    digest: str
    is_foreign: bool = False


class _Drawn(NamedTuple):
    """A file that was drawn; `stat` is None where nothing stood at the path any more, and where there is a `problem`.

    `fingerprint` is that of what was drawn, which may be newer than the plan.
    """

    name: str
    fingerprint: str = ""
    digest: str = ""
    stat: Stat | None = None
    is_written: bool = False
    problem: Refused | None = None
    is_redirect: bool = False


def write(
    site: Site,
    output: Path,
    faulty: AbstractSet[str] = frozenset(),
    again: Callable[[], Site] | None = None,
    *,
    items: Mapping[str, Planned] | None = None,
    builds: Builds | None = None,
    is_dry: bool = False,
) -> Iterator[Change]:
    """Writes what differs from the site, removes what only an earlier build wrote, tells what became of each file.

    `items` are the site's, by name, if somebody planned them already. `faulty` are the files, and folders, that cannot
    be read now: what they have published stays as it was. `again` is called in each process that draws a share of the
    site, and gives the same site there; without it a forked process goes on with this one. `builds` know whether the
    folder's manifest is one of this user's builds, and refuse any other; without them it is believed. A dry run tells
    the same and touches nothing. One file that cannot be written stops no other.
    """
    folder = Folder(output, builds, is_dry=is_dry)
    with folder.alone():
        rows = folder.remembered()
        items = names.planned(site) if items is None else items
        work = manifest.work(rows, items, faulty, folder.intact)
        foreign = {name for name in work.tasks if name not in rows and folder.stands(name)}
        now = work.kept | work.unchanged
        yield from (Change(name, "unchanged") for name in work.unchanged)
        if work.tasks:
            folder.begin(manifest.begun(work, rows, items, foreign))
        for name in sorted(_in_the_way(work.stale, items.keys())):
            _removed(folder, name)
        with drawing.drawers(len(work.tasks), partial(_begin, again or (lambda: site), folder)) as pool:
            for stage in names.staged(work.tasks, items):
                tasks = [
                    _Task(name, items[name].path, _digest(folder, name, rows.get(name)), name in foreign)
                    for name in stage
                ]
                for drawn in drawing.outcomes(pool, tasks):
                    if row := _row(drawn, items[drawn.name].source, rows.get(drawn.name)):
                        now[drawn.name] = row
                    if drawn.stat or drawn.problem:
                        yield _change(drawn, items[drawn.name])
        for name in work.stale:
            change = _removed(folder, name)
            if change.action == "failed":
                now[name] = rows[name]._replace(fingerprint=UNKNOWN)
            yield change
        folder.remember(now, rows)


def _begin(again: Callable[[], Site], folder: Folder) -> Callable[[_Task], _Drawn]:
    return partial(_draw, again(), folder)


def _draw(site: Site, folder: Folder, task: _Task) -> _Drawn:
    is_redirect = False
    try:
        if (found := names.held(site, task.path)) is None:
            return _Drawn(task.name)  # a picture, or an article, that was taken away meanwhile
        document, is_redirect = found.document, bool(found.location)
        is_there = task.digest == document.digest or folder.holds(task.name, document)
        if task.is_foreign and not is_there:
            raise Foreign("a file that feedsite did not write stands there")
        stat = folder.stat(task.name) if is_there else folder.put(task.name, names.pieces(document))
    except Refused as problem:
        return _Drawn(task.name, problem=problem, is_redirect=is_redirect)
    return _Drawn(task.name, found.fingerprint, document.digest, stat, is_written=not is_there)


def _change(drawn: _Drawn, item: Planned) -> Change:
    """Whoever asks for a former address where a stranger's file stands must not keep the site from being published."""
    if drawn.problem:
        is_kept = isinstance(drawn.problem, Foreign) and drawn.is_redirect and bool(item.source)
        return Change(drawn.name, "kept" if is_kept else "failed", str(drawn.problem))
    return Change(drawn.name, "written" if drawn.is_written else "unchanged")


def _removed(folder: Folder, name: str) -> Change:
    try:
        folder.remove(name)
    except Refused as problem:
        return Change(name, "failed", str(problem))
    return Change(name, "removed")


def _digest(folder: Folder, name: str, row: Row | None) -> str:
    return row.digest if row and folder.intact(name, row) else ""


def _row(drawn: _Drawn, source: str, earlier: Row | None) -> Row | None:
    """What is remembered of a file; of one whose picture is away now, or that failed, that it was written once."""
    if drawn.stat:
        return Row(drawn.fingerprint, drawn.digest, source, *drawn.stat)
    return earlier and earlier._replace(fingerprint=UNKNOWN)


def _in_the_way(stale: Iterable[str], names: AbstractSet[str]) -> set[str]:
    """Stale files that stand where a folder must be now, or in a folder that must be a file."""
    gone = set(stale)
    if not gone:
        return gone
    folders = {str(folder) for name in names for folder in PurePosixPath(name).parents}
    return {name for name in gone if name in folders or names & {str(above) for above in PurePosixPath(name).parents}}
