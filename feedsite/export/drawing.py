"""The documents of an export: each is drawn once, in several processes where it pays, and handed to its target.

A target is a folder or a bucket. It gives `put`, which runs in the process that drew the document.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Generic, NamedTuple, TypeVar

from ..document import Document, File, Moved, Representation
from ..errors import FeedsiteError
from ..processes import Ended, Pool, can_fork, cores
from ..site import Site
from .manifest import Change, Foreign, Refused, Row
from .names import COPIES, LEFT_ALONE

_CHUNK = 16  # tasks that are sent to a process at once
_WORTH_A_PROCESS = 200  # tasks: with fewer, the start of each process costs more than it saves
_MOST_PROCESSES = 16

Unsent = TypeVar("Unsent")


class Task(NamedTuple):
    """A file or an object to draw. `source` is the entry file or picture that is published there, or "".

    `digest` is that of what is known to stand there, "" where nothing is known. `is_foreign` where something stands
    there that feedsite did not write, `is_new` where nothing does.
    """

    name: str
    path: str
    source: str
    digest: str
    is_foreign: bool = False
    is_new: bool = False


class Content(NamedTuple):
    """What a file or an object contains, and the fingerprint of what it was drawn from (plan.Planned).

    `location` is where it leads, if it does nothing else; else "".
    """

    fingerprint: str
    document: Representation
    location: str = ""


class Outcome(NamedTuple, Generic[Unsent]):
    """What became of a task.

    `row` is None where nothing is published at the path any more, and where there is a `problem`. Its fingerprint is of
    what was drawn, and may be newer than the plan. `unsent` is what this process has still to send.
    """

    name: str
    row: Row | None = None
    is_written: bool = False
    is_redirect: bool = False
    problem: Refused | None = None
    unsent: Unsent | None = None


Put = Callable[[Task, Content], Outcome[Unsent]]
Drawers = Pool[Task, Outcome[Unsent]]


def drawers(count: int, reopen: Callable[[], Site], put: Put[Unsent]) -> Drawers[Unsent]:
    """Processes to draw so many tasks; where a fork is not safe, or not worth it, this process alone.

    `reopen` is called once in each process, and returns its Site.
    """
    processes = min(cores(), count // _WORTH_A_PROCESS, _MOST_PROCESSES) if can_fork() else 1
    return Pool(processes, partial(_begin, reopen, put), chunk=_CHUNK)


def outcomes(pool: Drawers[Unsent], tasks: Iterable[Task]) -> Iterator[Outcome[Unsent]]:
    """In the order of the tasks. Raises FeedsiteError."""
    try:
        yield from pool.each(tasks)
    except Ended:
        message = "a process that draws pages was ended from outside (is memory short?); build again"
        raise FeedsiteError(message) from None


def content(site: Site, path: str) -> Content | None:
    """None where nothing is published at the path.

    No file can answer 301: at a feed's former address stands a copy of the feed, or a page that leads there. Raises
    Refused where a picture cannot be read.
    """
    try:
        found = site.draw(path)
    except OSError as error:
        raise _unread(error) from None
    if found is None:
        return None
    fingerprint, resource = found
    if isinstance(resource, Document | File):
        return Content(fingerprint, resource)
    location = resource.location if isinstance(resource, Moved) else ""
    copied = site.draw(COPIES[path]) if path in COPIES else None
    if copied and isinstance(copied[1], Document):
        return Content(f"{fingerprint} {copied[0]}", copied[1], location)
    return Content(fingerprint, resource.document, location)


def pieces(document: Representation) -> Iterator[bytes]:
    """The document's bytes. Raises Refused where a recording is changed while it is copied."""
    try:
        yield from document.pieces()
    except OSError as error:
        raise _unread(error) from None


def change(outcome: Outcome[Unsent], source: str) -> Change | None:
    """What a build reports of a task; None where nothing is published at the path any more.

    An alias is left out where somebody else's file has its place. That is no failure, for an author must not be able to
    keep the site from being published by an alias. Nor is it one where an operator has a robots.txt or an icon.
    """
    if outcome.problem:
        is_alias = outcome.is_redirect and bool(source)
        is_kept = isinstance(outcome.problem, Foreign) and (is_alias or outcome.name in LEFT_ALONE)
        return Change(outcome.name, "kept" if is_kept else "failed", str(outcome.problem))
    return Change(outcome.name, "written" if outcome.is_written else "unchanged") if outcome.row else None


def _begin(reopen: Callable[[], Site], put: Put[Unsent]) -> Callable[[Task], Outcome[Unsent]]:
    return partial(_draw, reopen(), put)


def _draw(site: Site, put: Put[Unsent], task: Task) -> Outcome[Unsent]:
    is_redirect = False
    try:
        found = content(site, task.path)
        if found is None:
            return Outcome(task.name)  # a picture, or an article, that was taken away meanwhile
        is_redirect = bool(found.location)
        return put(task, found)
    except Refused as problem:
        return Outcome(task.name, problem=problem, is_redirect=is_redirect)


def _unread(error: OSError) -> Refused:
    return Refused(f"it cannot be read: {error.strerror}; build again")
