"""Writes to the index what a scan has found in the folder."""

import stat
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from itertools import islice
from pathlib import Path

from ..index.index import Index
from ..index.readresult import ReadResult, Signature, content_hash
from ..index.writer import IndexWriter
from ..settings import FILE
from . import filereader, opening
from .filereader import Progress
from .opening import THEME, signature
from .scan import BEING_READ_WITH, READ_WITH, Change
from .walk import Place

SEAL, THEME_SEAL = f"hash of {FILE}", f"hash of {THEME}/"  # in the index
_AT_ONCE = 500  # files of a first scan that are committed together
_BACK = 3_000_000_000  # ns for which a file that was gone in the scan, and is there again, is left for the next one


@dataclass(frozen=True, slots=True)
class Committed:
    """What a commit did, and what a scan should do next.

    `has_news`: the index says anything else than before. `again` are paths to scan again soon, even without a file
    event; of these `outdated` changed while they were read. `links` and `count` are those of the scan.
    """

    has_news: bool = False
    again: frozenset[str] = frozenset()
    outdated: frozenset[str] = frozenset()
    links: Mapping[str, Place] = field(default_factory=dict)
    count: int = 0


@contextmanager
def commit(folder: Path, index: Index, change: Change, *, progress: Progress | None = None) -> Iterator[Committed]:
    """Writes a change to the index in one transaction, together with what the caller writes within the `with`.

    The files of a first scan are written in several, so that other processes can write between them; they become true
    with the last one.
    """
    reads = _reads(folder, change, progress)
    work = _Work(folder, change)
    if change.is_first:
        with index.writing() as writer:
            writer.set_meta(BEING_READ_WITH, change.read_with)
        while batch := list(islice(reads, _AT_ONCE)):
            with index.writing() as writer:
                work.put(writer, batch)
            work.touched.clear()  # every entry is settled at the end
            index.database.checkpoint()  # while others read on; at the end, all would wait for it
    if change.is_empty:
        yield work.committed(has_news=False)
        return
    with index.writing() as writer:
        if change.is_anew and not change.is_first:
            writer.forget_signatures()
        work.put(writer, reads)
        work.write(writer)
        yield work.committed(has_news=change.has_other_news or work.has_read or bool(change.gone))


def _reads(folder: Path, change: Change, progress: Progress | None) -> Iterator[ReadResult]:
    if change.reads is not None:
        return iter(change.reads)
    settings = change.site.settings
    return filereader.read(change.jobs, folder, settings, waits_for_saves=change.waits_for_saves, progress=progress)


class _Work:
    """What a commit has written so far, and what it has left for the next scan."""

    def __init__(self, folder: Path, change: Change) -> None:
        self.touched: set[str] = set()  # claims by which entries may stand or fall now
        self.has_read = False  # any file that says something else than before
        self._folder = folder
        self._change = change
        self._scanned = {job.path: job.signature for job in change.jobs}
        self._again = set(change.again)
        self._outdated: set[str] = set()

    def put(self, writer: IndexWriter, reads: Iterable[ReadResult]) -> None:
        """Writes what reading files gave.

        A file that has changed since the scan is left alone: another process may have written its newer version.
        """
        for read in reads:
            if read.is_passing:
                self._again.add(read.path)
            if not read.is_news:
                if not read.is_passing:
                    writer.set_signature(read.path, read.signature)
            elif self._has_changed(read.path, self._scanned[read.path]):
                self._leave(read.path)
            else:
                self.has_read = True
                self.touched |= writer.put(read)

    def write(self, writer: IndexWriter) -> None:
        """Writes all but the entry files, and settles which entries stand."""
        change = self._change
        for path in change.gone:
            if self._is_back(path):
                self._leave(path)
            else:
                self.touched |= writer.drop(path)
        for path, file in change.media.items():
            writer.put_medium(path, file.kind, file.signature, **asdict(file.facts))
        for path in change.gone_media:
            writer.drop_medium(path)
        for path, faults in change.walk_faults.items():
            writer.set_walk_faults(path, faults)
        writer.set_faults(FILE, "site", change.site.faults)
        if change.is_first:
            writer.settle_all()
        else:
            writer.settle(self.touched)
        writer.forget_future_addresses(int(time.time()))
        writer.set_meta(FILE, change.site.text)
        writer.set_meta(SEAL, content_hash(change.site.text))
        writer.set_meta(THEME, change.theme.written)
        writer.set_meta(THEME_SEAL, content_hash(change.theme.written))
        writer.set_meta(BEING_READ_WITH, change.read_with)
        writer.set_meta(READ_WITH, change.read_with)
        writer.begin_journal()

    def committed(self, *, has_news: bool) -> Committed:
        links, count = self._change.state.links, self._change.count
        return Committed(has_news, frozenset(self._again), frozenset(self._outdated), links, count)

    def _leave(self, path: str) -> None:
        self._outdated.add(path)
        self._again.add(path)

    def _has_changed(self, path: str, known: Signature) -> bool:
        try:
            return signature(opening.status(self._folder, path)) != known
        except FileNotFoundError:
            return True
        except OSError:
            return False

    def _is_back(self, path: str) -> bool:
        try:
            found = opening.status(self._folder, path)
        except OSError:
            return False
        return stat.S_ISREG(found.st_mode) and 0 <= time.time_ns() - found.st_ctime_ns < _BACK
