"""A site's folder and its index: `scan` finds how the folder differs from the index, `commit` writes that to it.

A file that breaks keeps its last good version: an editor's slip never takes an article offline.
"""

import stat
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from pathlib import Path

from ..index.edition import Edition
from ..index.index import Index
from ..index.readresult import ReadResult, Signature, content_hash
from ..index.unusable import Unusable, strange
from ..index.writer import IndexWriter
from ..settings import FILE, Settings
from . import filereader, opening
from .filereader import Progress
from .mediafiles import Media
from .opening import ROOTS, signature
from .scan import BEING_READ_WITH, READ_WITH, Change, ScanState, scan
from .siteyaml import SiteYaml, SiteYamlReader
from .walk import Place

_SEAL = f"hash of {FILE}"  # in the index
_LONGEST_WAIT = 3  # seconds that `read` waits for files which are being saved
_PAUSE = 0.05  # seconds between two scans of them
_AT_ONCE = 500  # files of a first scan that are committed together


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


@dataclass(frozen=True, slots=True)
class Contents:
    """What a Site is made of: the articles that are public at one moment, the settings, the pictures and recordings."""

    edition: Edition
    settings: Settings
    media: Media


class Library:
    """One site's folder, and the index that is kept in step with it."""

    def __init__(self, folder: Path, environment: Mapping[str, str], index: Index | None = None) -> None:
        """Without an index, one in memory is used."""
        self.folder = folder
        self.index = index or Index()
        self._site_yaml = SiteYamlReader(folder, environment)
        self._state = ScanState()

    @property
    def is_empty(self) -> bool:
        """Whether no scan of the folder was committed yet, by any process."""
        return self.index.meta(READ_WITH) is None

    def contents(self, now: datetime) -> Contents:
        """What was committed last, by any process. Raises Unusable where nothing was."""
        with self.index.reading():
            if (text := self._site_yaml_in_index()) is None:
                raise Unusable("nothing was taken in", is_damaged=True)
            settings = self._site_yaml.parsed(text).settings
        return Contents(Edition(self.index, now), settings, Media(self.folder, self.index))

    def of_this_process(self) -> "Library":
        """The same library after a fork, with its own connection to the index; one in memory was copied by the fork.

        All that it reads is of one moment, whatever other processes commit from now on.
        """
        if (path := self.index.database.path) is None:
            return self
        own = copy(self)
        own.index = Index(path)
        own.index.database.freeze_view()
        return own

    def site_yaml(self, *, waits_for_saves: bool = False) -> SiteYaml:
        """The site.yaml that is in force now. Raises Faults where the file has some and never had none."""
        return self._site_yaml.read(self._site_yaml_in_index(), waits_for_saves=waits_for_saves)

    def use_site_yaml_of(self, other: "Library") -> None:
        """Uses the last sound site.yaml that another library of the same folder has read, should the file be faulty."""
        self._site_yaml = other._site_yaml  # noqa: SLF001  # of its own class

    def read(self, progress: Progress | None = None, *, waits_for_saves: bool = False) -> Committed:
        """Scans the whole folder and commits the change. Raises Faults where site.yaml has some and never had none.

        With `waits_for_saves` it goes on for some seconds while files are being saved.
        """
        done = self.update(progress=progress, waits_for_saves=waits_for_saves)
        count, until = done.count, time.monotonic() + _LONGEST_WAIT
        while (done.again if waits_for_saves else done.outdated) and time.monotonic() < until:
            time.sleep(_PAUSE)
            done = self.update(done.again, waits_for_saves=waits_for_saves)
        return replace(done, count=count)

    def update(
        self, paths: Iterable[str] = ROOTS, *, waits_for_saves: bool = False, progress: Progress | None = None
    ) -> Committed:
        """Scans these paths, and all below them, and commits the change."""
        change = self.scan(paths, waits_for_saves=waits_for_saves, progress=progress)
        with self.commit(change, progress=progress) as done:
            return done

    def scan(
        self, paths: Iterable[str] = ROOTS, *, waits_for_saves: bool = False, progress: Progress | None = None
    ) -> Change:
        """Compares these paths, and all below them, with the index. See scan.scan."""
        site = self.site_yaml(waits_for_saves=waits_for_saves)
        change = scan(
            self.folder, self.index, site, self._state, paths, waits_for_saves=waits_for_saves, progress=progress
        )
        self._state = change.state
        return change

    @contextmanager
    def commit(self, change: Change, *, progress: Progress | None = None) -> Iterator[Committed]:
        """Writes a change to the index in one transaction, together with what the caller writes within the `with`.

        The files of a first scan are written in several, so that other processes can write between them; they become
        true with the last one.
        """
        reads = self._reads(change, progress)
        kept = _Kept(change)
        if change.is_first:
            with self.index.writing() as writer:
                writer.set_meta(BEING_READ_WITH, change.read_with)
            while batch := list(islice(reads, _AT_ONCE)):
                with self.index.writing() as writer:
                    self._keep(writer, batch, kept)
                self.index.database.checkpoint()  # while others read on; at the end, all would wait for it
        if change.is_empty:
            yield kept.as_committed(has_news=False)
            return
        with self.index.writing() as writer:
            self._write(writer, change, reads, kept)
            yield kept.as_committed(has_news=change.has_other_news or kept.has_read or bool(change.gone))

    def _reads(self, change: Change, progress: Progress | None) -> Iterator[ReadResult]:
        if change.reads is not None:
            return iter(change.reads)
        settings = change.site.settings
        return filereader.read(
            change.jobs, self.folder, settings, waits_for_saves=change.waits_for_saves, progress=progress
        )

    def _write(self, writer: IndexWriter, change: Change, reads: Iterable[ReadResult], kept: "_Kept") -> None:
        if change.is_anew and not change.is_first:
            writer.forget_signatures()
        self._keep(writer, reads, kept)
        for path in change.gone:
            if self._is_back(path):
                kept.put_off(path)
            else:
                kept.touched |= writer.drop(path)
        for path, file in change.media.items():
            writer.put_medium(path, file.kind, file.signature, file.digest)
        for path in change.gone_media:
            writer.drop_medium(path)
        for path, faults in change.walk_faults.items():
            writer.set_walk_faults(path, faults)
        writer.set_faults(FILE, "site", change.site.faults)
        if change.is_first:
            writer.settle_all()
        else:
            writer.settle(kept.touched)
        writer.set_meta(FILE, change.site.text)
        writer.set_meta(_SEAL, content_hash(change.site.text))
        writer.set_meta(BEING_READ_WITH, change.read_with)
        writer.set_meta(READ_WITH, change.read_with)

    def _keep(self, writer: IndexWriter, reads: Iterable[ReadResult], kept: "_Kept") -> None:
        """Writes what reading files gave.

        A file that has changed since the scan is left alone: another process may have written its newer version.
        """
        for read in reads:
            if read.is_passing:
                kept.again.add(read.path)
            if not read.is_news:
                if not read.is_passing:
                    writer.set_signature(read.path, read.signature)
            elif self._has_changed(read.path, kept.scanned[read.path]):
                kept.put_off(read.path)
            else:
                kept.has_read = True
                kept.touched |= writer.put(read)

    def _has_changed(self, path: str, known: Signature) -> bool:
        try:
            return signature(opening.status(self.folder, path)) != known
        except FileNotFoundError:
            return True
        except OSError:
            return False

    def _is_back(self, path: str) -> bool:
        """Whether a file that was gone has come back within the last seconds."""
        try:
            found = opening.status(self.folder, path)
        except OSError:
            return False
        return stat.S_ISREG(found.st_mode) and 0 <= time.time_ns() - found.st_ctime_ns < _LONGEST_WAIT * 10**9

    def _site_yaml_in_index(self) -> bytes | None:
        """The site.yaml that was committed last, by any process."""
        text = self.index.meta(FILE)
        if text is not None and (not isinstance(text, bytes) or content_hash(text) != self.index.meta(_SEAL)):
            raise strange()
        return text


class _Kept:
    """What a commit has written so far, and has put off to a later scan."""

    def __init__(self, change: Change) -> None:
        self.scanned = {job.path: job.signature for job in change.jobs}
        self.touched: set[str] = set()  # claims by which entries may stand or fall now
        self.has_read = False  # any file that says something else than before
        self.again = set(change.again)
        self._outdated: set[str] = set()
        self._change = change

    def put_off(self, path: str) -> None:
        self._outdated.add(path)
        self.again.add(path)

    def as_committed(self, *, has_news: bool) -> Committed:
        return Committed(
            has_news, frozenset(self.again), frozenset(self._outdated), self._change.state.links, self._change.count
        )
