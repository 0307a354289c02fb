"""Reads entry files: a few in this process, many in as many processes as there are processors."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import NamedTuple

from .. import filelinks
from ..codes import Code
from ..errors import Fault, is_passing, reason
from ..index.entryjson import row_of, written
from ..index.readresult import ReadResult, Signature, content_hash
from ..model import Entry
from ..parsing import entryfile, pagefile
from ..processes import Ended, Pool, cores
from ..settings import Settings
from . import ownfacts, picturefacts, recordings
from .opening import PAGES, Unreadable, content, is_open, status
from .ownfacts import Completed
from .saves import is_cut

_MANY = 300  # files: to read so many takes longer than to start processes
_AT_ONCE = 50  # files that are sent to a process at once
SETTLED = 100_000_000  # ns: a file that is younger when it is read may change again and keep its mtime


class Job(NamedTuple):
    """A file to read. `hash` is that of its bytes when it was last read: if they are the same, they are not parsed."""

    path: str
    signature: Signature
    hash: bytes | None = None


Progress = Callable[[int, int], None]  # called with the numbers of files read and of files to read


def read(
    jobs: Sequence[Job], folder: Path, settings: Settings, *, waits_for_saves: bool, progress: Progress | None = None
) -> Iterator[ReadResult]:
    """What reading each file gave, in any order. With `waits_for_saves` none is parsed that seems to be being saved."""
    reading = partial(_read, folder=folder, settings=settings, waits_for_saves=waits_for_saves)
    results = map(reading, jobs) if len(jobs) < _MANY or cores() == 1 else _read_together(jobs, reading)
    for number, result in enumerate(results, 1):
        if progress:
            progress(number, len(jobs))
        yield result


def _read_together(jobs: Sequence[Job], reading: "partial[ReadResult]") -> Iterator[ReadResult]:
    done: set[str] = set()
    with suppress(Ended, OSError), Pool(cores(), partial(_same, reading), chunk=_AT_ONCE) as pool:
        for result in pool.each(jobs):
            done.add(result.path)
            yield result
        return
    yield from (reading(job) for job in jobs if job.path not in done)


def _same(reading: "partial[ReadResult]") -> "partial[ReadResult]":
    return reading


def _state(folder: Path, path: str) -> tuple[int, int]:
    now = status(folder, path)
    return now.st_size, now.st_mtime_ns


def _read(job: Job, *, folder: Path, settings: Settings, waits_for_saves: bool) -> ReadResult:
    _, mtime, ctime, _ = job.signature
    age = time.time_ns() - max(mtime, ctime)
    signature = job.signature if age > SETTLED else None
    try:
        before = _state(folder, job.path) if waits_for_saves else None
        is_written = waits_for_saves and is_open(folder, job.path, age)
        text = content(folder, job.path)
        is_written |= waits_for_saves and before != _state(folder, job.path)  # it was written to while it was read
    except FileNotFoundError:  # deleted since the scan, perhaps to be replaced
        return ReadResult(job.path, is_passing=True)
    except (OSError, Unreadable) as error:
        faults = (Fault(job.path, 0, 0, Code.UNREADABLE, reason(error)),)
        may_pass = is_passing(error)
        return ReadResult(job.path, None if may_pass else signature, faults=faults, is_passing=may_pass)
    now = content_hash(text)
    if now == job.hash:
        return ReadResult(job.path, signature, now)
    if is_written or (waits_for_saves and is_cut(text, age)):
        return ReadResult(job.path, is_passing=True)
    kind = pagefile if job.path.startswith(f"{PAGES}/") else entryfile
    file = kind.read(text, job.path, settings)
    try:
        found = _completed(file.entry, folder, settings, waits_for_saves=waits_for_saves) if file.entry else None
    except OSError:
        return ReadResult(job.path, is_passing=True)
    row = row_of(found.entry) if found else None
    places = written(file.places)
    result = ReadResult(job.path, signature, now, row, file.faults, file.derived_id, file.first_line, places)
    if not found:
        return result
    if found.is_passing:  # published as it is, and read again soon
        result = result._replace(signature=None, hash=None, is_passing=True)
    return result._replace(asked=found.asked, linked=filelinks.linked(found.entry.body, settings.urls))


def _completed(entry: Entry, folder: Path, settings: Settings, *, waits_for_saves: bool) -> Completed:
    """The entry with what its own files say. Raises OSError where one cannot be read just now."""
    done = Completed(entry)
    for one in (recordings, picturefacts):
        further = one.completed(done.entry, folder, settings.urls, waits_for_saves=waits_for_saves)
        done = ownfacts.joined(done, further)
    return done
