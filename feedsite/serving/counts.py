"""How often what was answered: whole numbers, in memory that all workers of one server share.

Each worker has a row of its own there and counts where everybody can read: nothing is handed over, nobody waits, and a
worker that is killed takes no count with it. A worker that begins goes on in a row that another one has left: no number
ever falls while the server runs.
"""

import errno
import fcntl
import mmap
import os
import sys
from contextlib import suppress
from typing import Protocol

from .. import urls
from ..errors import FeedsiteError
from ..feeds import NEWEST
from ..formats import FEED_FORMATS

KINDS = (*(form.suffix for form in FEED_FORMATS), "page", "media", "static", "other")
STATUSES = ("2xx", "226", "3xx", "304", "4xx", "5xx")
_APART = (226, 304)  # statuses that are counted by themselves
_NOWHERE = (204, 400, 404, 405)  # statuses that tell of no address of the site; they are of the kind `other`
_FEEDS = {path: form.suffix for form in FEED_FORMATS for path in (urls.feed(NEWEST, form.suffix), *form.former)}
_FOLDERS = {"static": "static"} | dict.fromkeys(urls.MEDIA_FOLDERS, "media")
_OPERATORS = (urls.STATUS, urls.HEALTH)

# The numbers of a row: first for each kind and status how many answers, and the bytes of their bodies; then
DROPPED = 2 * len(KINDS) * len(STATUSES)  # lines that the access log had to leave out
BEAT = DROPPED + 1  # when its worker was seen alive: nanoseconds of the monotonic clock, which all processes share
DOCUMENTS = BEAT + 1  # drawn and held
TAKEN_IN = DOCUMENTS + 1  # when its site was taken in: milliseconds since 1970
DELAY = TAKEN_IN + 1  # why changes are not taken in: 0 if they are, else one more than the place in vitals.CAUSES
_ROW = 128  # numbers
_WIDTH = 8  # bytes of a number
_MEMORY = "_FEEDSITE_COUNTS"  # tells the workers where it is, and is for nobody else


class Counts(Protocol):
    """Numbers by their place. One thread of a process counts: `counts[cell] += 1` is two steps."""

    def __getitem__(self, cell: int, /) -> int: ...
    def __setitem__(self, cell: int, number: int, /) -> None: ...


def cell(path: str, status: int) -> int:
    """Where answers of that status to that path are counted; the bytes of their bodies one further."""
    return 2 * (KINDS.index(_kind(path, status)) * len(STATUSES) + STATUSES.index(_status(status)))


def add(counts: Counts, cell: int, size: int) -> None:
    """One answer more, with a body of `size` bytes."""
    counts[cell] += 1
    counts[cell + 1] += size


def share(workers: int) -> None:
    """Makes the memory and tells the workers that begin later; it is there as long as this process.

    There are rows for twice as many, for those that end late when new ones have begun.
    """
    if sys.platform != "linux":
        raise FeedsiteError("metrics are counted in a memory that only Linux has; leave out --metrics-port")
    file = os.memfd_create("feedsite-counts")
    os.truncate(file, 2 * workers * _ROW * _WIDTH)
    os.environ[_MEMORY] = f"/proc/{os.getpid()}/fd/{file}"


class Shared:
    """The memory as one worker sees it. `own` is its row, and its alone as long as it lives; OSError if all are taken.

    A row is had by a lock on its bytes, which the system takes back from whoever ends, however that ended (fcntl(2)).
    It also takes it back when the process closes the file after any opening of it, and a mapping is one: so the file
    is opened once, mapped once, and never closed.
    """

    def __init__(self) -> None:
        file = os.open(os.environ[_MEMORY], os.O_RDWR)
        numbers = memoryview(mmap.mmap(file, 0)).cast("Q")
        self._rows = [numbers[begin : begin + _ROW] for begin in range(0, len(numbers), _ROW)]
        self.own = self._rows[_won(file, len(self._rows))]

    def rows(self) -> list[list[int]]:
        """The numbers of each worker that there ever was, as they are now."""
        return [row.tolist() for row in self._rows]


def _won(file: int, rows: int) -> int:
    """The first row that nobody has, and this process from now on."""
    size = _ROW * _WIDTH
    for index in range(rows):
        with suppress(BlockingIOError):
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, size, index * size)
            return index
    raise OSError(errno.EAGAIN, "every row of the counts is taken")


def _kind(path: str, status: int) -> str:
    if status in _NOWHERE or path in _OPERATORS:
        return "other"
    path = urls.single_slashes(path)
    return _FEEDS.get(path.rstrip("/")) or _FOLDERS.get(path.lstrip("/").partition("/")[0], "page")


def _status(status: int) -> str:
    return str(status) if status in _APART else f"{status // 100}xx"
