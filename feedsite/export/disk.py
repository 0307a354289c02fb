"""The Site written into a folder: the same bytes that are served, only what changed, each file whole or not at all.

.feedsite/written.json in the folder is the manifest of what was written (manifest.py): by it a later build draws, reads
and removes only what it must. .feedsite/begun.json names what is about to be written, so that no file is forgotten when
a build is killed.
"""

from collections.abc import Callable, Iterable, Iterator
from collections.abc import Set as AbstractSet
from functools import partial
from pathlib import Path, PurePosixPath

from ..planned import Planned
from ..site import Site
from . import drawing, manifest, names
from .builds import Builds
from .drawing import Content, Outcome, Task
from .files import Files
from .manifest import UNKNOWN, Change, Foreign, Manifest, Refused, Row
from .output import locked


def write(
    site: Site,
    output: Path,
    faulty: AbstractSet[str] = frozenset(),
    reopen: Callable[[], Site] | None = None,
    *,
    builds: Builds | None = None,
    is_dry: bool = False,
    counted: Callable[[int], object] = lambda _: None,
) -> Iterator[Change]:
    """Writes what differs from the site, removes what only an earlier build wrote, and reports each file.

    `faulty` are the files, and folders, that cannot be read now: what they have published stays as it was. `reopen` is
    called in each process that draws a share of the site, and returns the same site there; without it a forked process
    uses this one. `builds` tell whether this user's builds wrote the folder's manifest, and any other is refused;
    without them it is believed. A dry run reports the same and touches nothing. One file that cannot be written stops
    no other. `counted` is called with the number of the site's files before the first one is reported.
    """
    with locked(output, builds, is_dry=is_dry) as folder:
        files = folder.files
        written = folder.written()
        rows = written.rows
        items = names.planned_since(site, written)
        counted(len(items))
        work = manifest.work(rows, items, faulty, files.intact)
        foreign = {name for name in work.tasks if name not in rows and files.exists(name)} if folder.is_full else set()
        now = work.untouched | work.unchanged
        yield from (Change(name, "unchanged") for name in work.unchanged)
        if work.tasks:
            folder.note_pending(manifest.pending(work, rows, items, foreign))
        for name in sorted(_in_the_way(work.stale, items.keys())):
            _removed(files, name)
        with drawing.drawers(len(work.tasks), reopen or (lambda: site), partial(_put, files)) as pool:
            for stage in names.staged(work.tasks, items):
                tasks = [_task(files, name, items[name], rows.get(name), name in foreign) for name in stage]
                for outcome in drawing.outcomes(pool, tasks):
                    if row := outcome.row or _unknown(rows.get(outcome.name)):
                        now[outcome.name] = row
                    if change := drawing.change(outcome, items[outcome.name].source):
                        yield change
        for name in work.stale:
            change = _removed(files, name)
            if change.action == "failed":
                now[name] = rows[name]._replace(fingerprint=UNKNOWN)
            yield change
        is_whole = not work.untouched and now.keys() >= items.keys() - names.LEFT_ALONE
        folder.note_written(Manifest(now, site.plan.state if is_whole else None), rows)


def _task(files: Files, name: str, item: Planned, row: Row | None, is_foreign: bool) -> Task:
    digest = row.digest if row and files.intact(name, row) else ""
    is_new = row is None and not is_foreign
    return Task(name, item.path, item.source, digest, is_foreign=is_foreign, is_new=is_new)


def _put(files: Files, task: Task, found: Content) -> Outcome[None]:
    document = found.document
    is_there = not task.is_new and (task.digest == document.digest or files.has(task.name, document))
    if task.is_foreign and not is_there:
        raise Foreign("a file that feedsite did not write stands there")
    stat = files.stat(task.name) if is_there else files.put(task.name, drawing.pieces(document))
    row = Row(found.fingerprint, document.digest, task.source, *stat, names.unusual_path(task.path))
    return Outcome(task.name, row, is_written=not is_there, is_redirect=bool(found.location))


def _unknown(row: Row | None) -> Row | None:
    """The row of a file that was written once, and that failed now or whose picture is away."""
    return row and row._replace(fingerprint=UNKNOWN)


def _removed(files: Files, name: str) -> Change:
    try:
        files.remove(name)
    except Refused as problem:
        return Change(name, "failed", str(problem))
    return Change(name, "removed")


def _in_the_way(stale: Iterable[str], names: AbstractSet[str]) -> set[str]:
    """Stale files that stand where a folder must be now, or in a folder that must be a file."""
    gone = set(stale)
    if not gone:
        return gone
    folders = {str(folder) for name in names for folder in PurePosixPath(name).parents}
    return {name for name in gone if name in folders or names & {str(above) for above in PurePosixPath(name).parents}}
