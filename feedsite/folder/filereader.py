"""Reads entry files: a few in this process, many in as many processes as there are processors."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from .. import filelinks
from ..codes import Code
from ..errors import Fault, is_passing, reason
from ..index.entryjson import row_of, written
from ..index.readresult import ReadResult, Signature, content_hash
from ..model import Entry
from ..parsing import entryfile, pagefile
from ..parsing.entryfile import EntryFile
from ..processes import Ended, Pool, cores
from ..settings import Settings
from . import ownfacts, picturefacts, recordings
from .opening import PAGES, Unreadable, content_and_change, is_open
from .ownfacts import Completed
from .saves import is_cut

_MANY = 300  # files: to read so many takes longer than to start processes
_AT_ONCE = 50  # files that are read step by step, and sent to a process at once
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
    reading = partial(_read_all, folder=folder, settings=settings, waits_for_saves=waits_for_saves)
    batches = [jobs[start : start + _AT_ONCE] for start in range(0, len(jobs), _AT_ONCE)]
    results = map(reading, batches) if len(jobs) < _MANY or cores() == 1 else _read_together(batches, reading)
    for number, result in enumerate(chain.from_iterable(results), 1):
        if progress:
            progress(number, len(jobs))
        yield result


def _read_together(
    batches: Sequence[Sequence[Job]], reading: "partial[list[ReadResult]]"
) -> Iterator[list[ReadResult]]:
    done = 0
    with suppress(Ended, OSError), Pool(cores(), partial(_same, reading), chunk=1) as pool:
        for results in pool.each(batches):
            done += 1
            yield results
        return
    yield from map(reading, batches[done:])


def _same(reading: "partial[list[ReadResult]]") -> "partial[list[ReadResult]]":
    return reading


class _Text(NamedTuple):
    """The text of a file that is to be parsed, and what the index is to have of it."""

    path: str
    signature: Signature | None
    hash: bytes
    content: bytes


def _read_all(jobs: Sequence[Job], *, folder: Path, settings: Settings, waits_for_saves: bool) -> list[ReadResult]:
    """Reads files step by step (entryfile.read_all)."""
    found = [_text(job, folder, waits_for_saves=waits_for_saves) for job in jobs]
    texts = [one for one in found if isinstance(one, _Text)]
    files = _files(texts, settings)
    completed = [
        _completed(file.entry, folder, settings, waits_for_saves=waits_for_saves) if file.entry else None
        for file in files
    ]
    read = [_result(*one, settings) for one in zip(texts, files, completed, strict=True)]
    return [*(one for one in found if isinstance(one, ReadResult)), *read]


def _text(job: Job, folder: Path, *, waits_for_saves: bool) -> _Text | ReadResult:
    """The text of a file; or what the index is to have of one that is not to be parsed."""
    _, mtime, ctime, _ = job.signature
    age = time.time_ns() - max(mtime, ctime)
    signature = job.signature if age > SETTLED else None
    try:
        is_written = waits_for_saves and is_open(folder, job.path, age)
        text, was_changed = content_and_change(folder, job.path)
    except FileNotFoundError:  # deleted since the scan, perhaps to be replaced
        return ReadResult(job.path, is_passing=True)
    except (OSError, Unreadable) as error:
        faults = (Fault(job.path, 0, 0, Code.UNREADABLE, reason(error)),)
        may_pass = is_passing(error)
        return ReadResult(job.path, None if may_pass else signature, faults=faults, is_passing=may_pass)
    now = content_hash(text)
    if now == job.hash:
        return ReadResult(job.path, signature, now)
    if waits_for_saves and (is_written or was_changed or is_cut(text, age)):
        return ReadResult(job.path, is_passing=True)
    return _Text(job.path, signature, now, text)


def _files(texts: Sequence[_Text], settings: Settings) -> list[EntryFile]:
    """What the texts of articles and standing pages give, in their order."""
    are_pages = [text.path.startswith(f"{PAGES}/") for text in texts]
    articles = [(text.content, text.path) for text, is_page in zip(texts, are_pages, strict=True) if not is_page]
    read = iter(entryfile.read_all(articles, settings))
    return [
        pagefile.read(text.content, text.path, settings) if is_page else next(read)
        for text, is_page in zip(texts, are_pages, strict=True)
    ]


def _result(text: _Text, file: EntryFile, found: Completed | None, settings: Settings) -> ReadResult:
    if found is None and file.entry:  # one of its own files cannot be read just now
        return ReadResult(text.path, is_passing=True)
    row = row_of(found.entry) if found else None
    places = written(file.places)
    result = ReadResult(
        text.path, text.signature, text.hash, row, file.faults, file.derived_id, file.first_line, places
    )
    if not found:
        return result
    if found.is_passing:  # published as it is, and read again soon
        result = result._replace(signature=None, hash=None, is_passing=True)
    return result._replace(asked=found.asked, linked=filelinks.linked(found.entry.body, settings.urls))


def _completed(entry: Entry, folder: Path, settings: Settings, *, waits_for_saves: bool) -> Completed | None:
    """The entry with what its own files say; None where one of them cannot be read just now."""
    done = Completed(entry)
    with suppress(OSError):
        for one in (recordings, picturefacts):
            further = one.completed(done.entry, folder, settings.urls, waits_for_saves=waits_for_saves)
            done = ownfacts.joined(done, further)
        return done
    return None
