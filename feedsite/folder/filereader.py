"""Reads entry files: a few of them here, many in as many processes as there are processors."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from ..errors import Fault, is_passing, reason
from ..index.readresult import ReadResult, Signature, content_hash, result_of
from ..parsing import entryfile
from ..processes import Ended, Pool, cores
from ..settings import Settings
from .opening import Unreadable, content, found, is_written_to

_MANY = 300  # files, whose reading takes longer than to start processes for it
_AT_ONCE = 50  # files that are sent to a process at once
SETTLED = 100_000_000  # ns: a file changed later than this before it was read may change again within the same mtime
SAVING = 300_000_000  # ns that a program may take to save a file: while it is away, or ends in the middle of a line
_OPEN = 5_000_000_000  # ns since its last change that a file which some program still writes to is waited for
_QUIET = 500_000_000  # the same for a file of another user, of which nobody tells whether one does


@dataclass(frozen=True, slots=True)
class Job:
    """A file to read. `known` is the hash of what it said before, where that need not be read again."""

    path: str
    signature: Signature
    known: bytes | None = None


@dataclass(frozen=True, slots=True)
class Same:
    """The file says what it said before."""

    path: str
    signature: Signature | None


@dataclass(frozen=True, slots=True)
class BeingSaved:
    """The file seems to be being saved: it should soon be looked at again. `read` is what to say of it till then."""

    path: str
    read: ReadResult | None = None


Outcome = ReadResult | Same | BeingSaved
Progress = Callable[[int, int], None]  # called with the numbers of files read and of files to read


def read(
    jobs: Sequence[Job], folder: Path, settings: Settings, *, is_patient: bool, progress: Progress | None = None
) -> Iterator[Outcome]:
    """What reading each file gave, in any order."""
    reading = partial(_read, folder=folder, settings=settings, is_patient=is_patient)
    outcomes = map(reading, jobs) if len(jobs) < _MANY or cores() == 1 else _read_together(jobs, reading)
    for number, outcome in enumerate(outcomes, 1):
        if progress:
            progress(number, len(jobs))
        yield outcome


def _read_together(jobs: Sequence[Job], reading: "partial[Outcome]") -> Iterator[Outcome]:
    done: set[str] = set()
    with suppress(Ended, OSError), Pool(cores(), partial(_same, reading), chunk=_AT_ONCE) as pool:
        for outcome in pool.each(jobs):
            done.add(outcome.path)
            yield outcome
        return
    yield from (reading(job) for job in jobs if job.path not in done)


def _same(reading: "partial[Outcome]") -> "partial[Outcome]":
    return reading


def is_being_saved(folder: Path, path: str, text: bytes) -> bool:
    """Whether what was read of the file seems to be a part of what some program is writing. Raises OSError."""
    now = found(folder, path)
    age = time.time_ns() - max(now.st_mtime_ns, now.st_ctime_ns)
    return _is_open(folder, path, age) or _is_cut(text, age)


def _is_open(folder: Path, path: str, age: int) -> bool:
    if not 0 <= age < _OPEN:
        return False
    is_written = is_written_to(folder, path)
    return age < _QUIET if is_written is None else is_written


def _is_cut(text: bytes, age: int) -> bool:
    return 0 <= age < SAVING and not text.endswith((b"\n", b"\r"))


def _state(folder: Path, path: str) -> tuple[int, int]:
    now = found(folder, path)
    return now.st_size, now.st_mtime_ns


def _read(job: Job, *, folder: Path, settings: Settings, is_patient: bool) -> Outcome:
    _, mtime, ctime, _ = job.signature
    age = time.time_ns() - max(mtime, ctime)
    signature = job.signature if age > SETTLED else None
    try:
        before = _state(folder, job.path) if is_patient else None
        is_open = is_patient and _is_open(folder, job.path, age)
        text = content(folder, job.path)
        is_open |= is_patient and before != _state(folder, job.path)  # somebody has written while it was read
    except FileNotFoundError:
        return BeingSaved(job.path)  # taken away since it was looked at, perhaps for a new one
    except (OSError, Unreadable) as error:
        faults = (Fault(job.path, 0, 0, reason(error)),)
        passing = is_passing(error)
        refused = ReadResult(path=job.path, signature=None if passing else signature, hash=None, faults=faults)
        return BeingSaved(job.path, refused) if passing else refused
    mark = content_hash(text)
    if mark == job.known:
        return Same(job.path, signature)
    if is_open or (is_patient and _is_cut(text, age)):
        return BeingSaved(job.path)
    file = entryfile.read(text, job.path, settings)
    beside: dict[str, Any] = {
        "signature": signature,
        "hash": mark,
        "faults": file.faults,
        "derived_id": file.derived_id,
        "first_line": file.first_line,
    }
    return result_of(file.entry, **beside) if file.entry else ReadResult(path=job.path, **beside)
